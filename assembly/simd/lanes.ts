/** Words on one vector of four floats that every kernel shares. */

/** Smallest magnitude a state may keep: denormal operands slow a product down 170 times, and Wasm cannot flush them. */
// @ts-ignore: decorator
@inline const TINY: f32 = 1e-20;

/** a·b + c; one rounding where the relaxed build runs on hardware with fused multiply-add, two elsewhere. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Values below 1e-20 become 0; NaN and infinities stay. */
// @ts-ignore: decorator
@inline
export function flush(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(TINY)));
}

/** The first `count` floats (1 to 4) at `from`, the rest 0; reads nothing behind them. */
export function loadPartial(from: usize, count: i32): v128 {
  if (count > 3) return v128.load(from);
  if (count == 3) return v128.load32_lane(from + 8, v128.load64_zero(from), 2);
  return count == 2 ? v128.load64_zero(from) : v128.load32_zero(from);
}

/** Stores the first `width` of eight floats; all from 8 on, none below 1. */
export function storeRow(to: usize, low: v128, high: v128, width: i32): void {
  if (width > 7) {
    v128.store(to, low);
    v128.store(to, high, 16);
  } else if (width > 0) {
    if (width & 4) {
      v128.store(to, low);
      low = high;
      to += 16;
    }
    if (width & 2) {
      v128.store64_lane(to, low, 0);
      low = v128.shuffle<i64>(low, low, 1, 1);
      to += 8;
    }
    if (width & 1) v128.store32_lane(to, low, 0);
  }
}
