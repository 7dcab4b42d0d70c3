/** The two activations inside gates, for four floats at once. */
import { constant } from "./constants";
import { madd } from "./lanes";

/** Clamp high and low; numerator of x⁹, x⁷, x⁵, x³; denominator of x⁸, x⁶, x⁴, x², 1. */
const TANH: usize = memory.data<f32>([
  8.032620429992676, -8.032620429992676, 1.394553628e-8, 2.10273356e-5, 3.520756727e-3, 0.13402161, 8.015776984e-7,
  3.326951409e-4, 2.597254514e-2, 0.467354834, 1,
]);

/**
 * Hyperbolic tangent. Error at most 3.5e-7 absolute, 6 ULP; odd to the bit, never above 1, ±1 from the clamp on,
 * ±0 and NaN kept.
 * Rational approximation of degree 9/8 found with rminimax, as in Eigen's `ptanh_float` (2024). The clamp is the
 * first float at which the quotient is exactly 1 with and without fused multiply-add.
 */
// @ts-ignore: decorator
@inline
export function tanh(v: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(v, constant(TANH, 0)), constant(TANH, 1));
  const x2 = f32x4.mul(x, x);
  let p = madd(constant(TANH, 2), x2, constant(TANH, 3));
  let q = madd(constant(TANH, 6), x2, constant(TANH, 7));
  p = madd(p, x2, constant(TANH, 4));
  q = madd(q, x2, constant(TANH, 8));
  p = madd(p, x2, constant(TANH, 5));
  q = madd(q, x2, constant(TANH, 9));
  p = madd(f32x4.mul(x2, x), p, x);
  q = madd(q, x2, constant(TANH, 10));
  return f32x4.div(p, q);
}

/** Clamp high and low, -log₂e, 1.5·2²³ + 127, ln 2 in two parts, coefficients of e⁻ʷ from w⁵ down to 1. */
const SIGMOID: usize = memory.data<f32>([
  80, -88.9, -1.44269504, 12583039, 0.693359375, -2.1219444e-4, -0.008312822319567204, 0.041889436542987823,
  -0.1666688770055771, 0.4999926686286926, -1.0000001192092896, 1,
]);

/**
 * Logistic function 1 / (1 + e⁻ˣ). Error at most 1.1e-7 absolute, 3.1e-7 relative above -87; 0 below -88.4
 * (2¹²⁸ overflows to infinity there), so ±∞ give 1 and 0; NaN kept.
 * e⁻ˣ = 2ⁿ·e⁻ʷ with n = round(-x / ln 2) taken from the low bits of a sum with 1.5·2²³ (Cody & Waite 1980);
 * coefficients: minimax for the relative error on |w| ≤ ln 2 / 2, rounded to floats one after another.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(v: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(v, constant(SIGMOID, 0)), constant(SIGMOID, 1));
  const shifted = madd(x, constant(SIGMOID, 2), constant(SIGMOID, 3));
  const n = f32x4.sub(shifted, constant(SIGMOID, 3));
  const w = madd(n, constant(SIGMOID, 5), madd(n, constant(SIGMOID, 4), x));
  let p = madd(constant(SIGMOID, 6), w, constant(SIGMOID, 7));
  p = madd(p, w, constant(SIGMOID, 8));
  p = madd(p, w, constant(SIGMOID, 9));
  p = madd(p, w, constant(SIGMOID, 10));
  p = madd(p, w, constant(SIGMOID, 11));
  const one = constant(SIGMOID, 11);
  return f32x4.div(one, madd(p, i32x4.shl(shifted, 23), one));
}
