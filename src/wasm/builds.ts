/** The names of the builds, in the order in which they stand beside each other in binary.ts. */
export const BUILD_NAMES = ["baseline", "relaxed"] as const;

/**
 * `baseline`: simd128, multiply and add, the same bits on every engine. `relaxed`: fused multiply-add. `wide`: the same
 * to the same bits, for an engine that joins vectors; Node alone carries it.
 */
export type BuildName = (typeof BUILD_NAMES)[number] | "wide";
