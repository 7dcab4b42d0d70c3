/** The compiled kernels, which the JavaScript carries as text. */

import { PIECES } from "./binary";
import { fromPrintable } from "./printable";

/** The names of the builds, in the order in which they stand beside each other. */
export const BUILD_NAMES = ["baseline", "relaxed"] as const;

/** `baseline`: simd128, multiply and add, the same bits on every engine. `relaxed`: fused multiply-add. */
export type BuildName = (typeof BUILD_NAMES)[number];

/** The WebAssembly module of a build. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  const k = BUILD_NAMES.indexOf(build);
  return fromPrintable(PIECES.map((piece) => piece[k]).join(""));
}
