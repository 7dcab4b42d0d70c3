/**
 * Exponentials of one vector.
 *
 *   eˣ = 2ⁿ·(1 + q),  n = round(x / ln 2),  r = x − n·ln 2,  q = eʳ − 1 = r + r²·P(r)
 *
 * Range reduction after Cody & Waite 1980, ln 2 in two parts. P is a minimax fit of our own on |r| ≤ ln 2 / 2,
 * relative error of q 1.4e-8.
 */
import { constant } from "./constants";
import { madd } from "./lanes";

/** P from the highest power down, then log2 e, 1.5·2²³ + 126, −ln 2 in two parts, the ends of the range. */
const EXP: usize = memory.data<f32>([
  0.0013882509665563703, 0.008366580121219158, 0.04166720062494278, 0.1666654348373413, 0.4999999701976776,
  1.4426950408889634, 12583038, -0.693359375, 0.00021219444, 89, -87.5,
]);

/**
 * (2ⁿ⁻¹·(1 + q) − half)·2: eˣ for half = 0, eˣ − 1 for half = ½.
 * Adding 1.5·2²³ rounds to a whole number in the low bits; with 126 more they are the exponent of 2ⁿ⁻¹. At the lower
 * end of the range that exponent is 0 and 2ⁿ⁻¹ becomes 0, at the upper end doubling overflows to ∞.
 */
// @ts-ignore: decorator
@inline
function scaledExp(x: v128, half: v128): v128 {
  const v = f32x4.pmax(f32x4.pmin(x, constant(EXP, 9)), constant(EXP, 10));
  const biased = madd(v, constant(EXP, 5), constant(EXP, 6));
  const n = f32x4.sub(biased, constant(EXP, 6));
  const r = madd(n, constant(EXP, 8), madd(n, constant(EXP, 7), v));
  let p = madd(constant(EXP, 0), r, constant(EXP, 1));
  p = madd(p, r, constant(EXP, 2));
  p = madd(p, r, constant(EXP, 3));
  p = madd(p, r, constant(EXP, 4));
  const q = madd(p, f32x4.mul(r, r), r);
  const scale = i32x4.shl(biased, 23);
  const y = madd(q, scale, f32x4.sub(scale, half));
  return f32x4.add(y, y);
}

/** eˣ: relative error below 1.5e-7; ∞ above 88.7228, 0 below −86.98 (results under 1.7e-38); NaN is kept. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  return scaledExp(x, i32x4.splat(0));
}

/** eˣ − 1: relative error below 2e-7, ±0 exact; NaN is kept. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(scaledExp(x, f32x4.splat(0.5)), sign);
}
