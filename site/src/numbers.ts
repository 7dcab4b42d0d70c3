/** Numbers as people read them, and seeded ones. */

/** `1,234,567` */
export const count = (n: number): string => n.toLocaleString("en-US");

/** Seconds in the unit that fits: `8.21 µs`, `1.05 ms`, `2.1 s`. */
export function duration(seconds: number): string {
  const [value, unit] = seconds < 1e-3 ? [seconds * 1e6, "µs"] : seconds < 1 ? [seconds * 1e3, "ms"] : [seconds, "s"];
  return `${value.toPrecision(3)} ${unit}`;
}

/** `(None, 8, 8)` as a page writes it: `batch × 8 × 8`. */
export function shapeText(shape: readonly (number | string | null)[] | null): string {
  if (!shape) return "?";
  return shape.map((d, axis) => d ?? (axis === 0 ? "batch" : "any")).join(" × ") || "scalar";
}

/** Seeded numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
