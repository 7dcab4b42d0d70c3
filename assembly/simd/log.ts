/**
 * Logarithms of one vector.
 *
 *   x = 2ᵏ·m,  √½ ≤ m < √2,  f = m − 1,  s = f / (2 + f)
 *   ln x = k·ln 2 + f − (f²/2 − s·(f²/2 + R(s²)))
 *
 * The form of fdlibm (Sun Microsystems 1993); R is a minimax fit of our own, relative error of ln m 8.1e-10.
 */
import { constant } from "./constants";
import { madd } from "./lanes";

/** R / s² from the highest power down, then ln 2 in two parts, the smallest normal number, 2²⁵. */
const LOG: usize = memory.data<f32>([
  0.29871729016304016, 0.3997754156589508, 0.6666677594184875, 0.693359375, -0.00021219444, 1.1754943508222875e-38,
  33554432,
]);
const INFINITE = 0x7f800000;
const SQRT_HALF = 0x3f3504f3;
const ONE = 0x3f800000;

/** ln x: relative error below 1.5e-7; −∞ for ±0, NaN below 0, ∞ for ∞; denormal numbers too; NaN is kept. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const tiny = f32x4.lt(x, constant(LOG, 5));
  const normal = v128.bitselect(f32x4.mul(x, constant(LOG, 6)), x, tiny);
  const bits = i32x4.add(normal, i32x4.splat(ONE - SQRT_HALF));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), v128.bitselect(i32x4.splat(127 + 25), i32x4.splat(127), tiny));
  const k = f32x4.convert_i32x4_s(exponent);
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(SQRT_HALF));
  const f = f32x4.sub(m, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let p = madd(constant(LOG, 0), z, constant(LOG, 1));
  p = madd(p, z, constant(LOG, 2));
  const half = f32x4.mul(f32x4.mul(f, f), f32x4.splat(0.5));
  const low = madd(s, madd(p, z, half), f32x4.mul(k, constant(LOG, 4)));
  const y = madd(k, constant(LOG, 3), f32x4.add(f32x4.sub(low, half), f));
  const finite = v128.bitselect(y, x, f32x4.lt(x, i32x4.splat(INFINITE)));
  const pole = v128.bitselect(i32x4.splat(INFINITE | 0x80000000), finite, f32x4.eq(x, i32x4.splat(0)));
  return v128.or(pole, f32x4.lt(x, i32x4.splat(0)));
}

/**
 * ln(1 + x): relative error below 3e-7, ±0 exact, −∞ for −1, NaN below; NaN is kept.
 * What 1 + x rounds away is put back to first order (HP-15C Advanced Functions Handbook, 1982).
 */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const u = f32x4.add(x, f32x4.splat(1));
  const lost = f32x4.div(f32x4.sub(x, f32x4.sub(u, f32x4.splat(1))), u);
  const y = f32x4.add(log(u), v128.and(lost, f32x4.eq(lost, lost)));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}
