/**
 * The error function of one vector, by its complement.
 *
 *   erfc z = e^(−z²)·P(z) / Q(z),  0 ≤ z ≤ 10
 *
 * P and Q are a minimax fit of our own: erfc is within 2.1e-8 absolute and 2.1e-6 relative.
 */
import { constant } from "./constants";
import { exp } from "./exp";
import { madd } from "./lanes";

/** P, then Q, both from the highest power down to the first, then the end of the range. */
const ERFC: usize = memory.data<f32>([
  0.07922898232936859, 0.4264472723007202, 0.9601243734359741,
  0.1404755860567093, 0.7547414302825928, 1.7831090688705444, 2.088501214981079, 10,
]);

/** erfc |x|: absolute error below 1.5e-7, relative below 3e-6 up to 6; 0 for ±∞; NaN is kept. */
// @ts-ignore: decorator
@inline
export function erfcOfAbs(x: v128): v128 {
  const one = f32x4.splat(1);
  const z = f32x4.pmin(f32x4.abs(x), constant(ERFC, 7));
  let p = madd(constant(ERFC, 0), z, constant(ERFC, 1));
  p = madd(p, z, constant(ERFC, 2));
  p = madd(p, z, one);
  let q = madd(constant(ERFC, 3), z, constant(ERFC, 4));
  q = madd(q, z, constant(ERFC, 5));
  q = madd(q, z, constant(ERFC, 6));
  q = madd(q, z, one);
  return f32x4.mul(exp(f32x4.neg(f32x4.mul(z, z))), f32x4.div(p, q));
}
