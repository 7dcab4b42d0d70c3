/** Float64 twins of the element-wise functions, written from the definitions of Keras 3 and ONNX. */

import type { ActivationName } from "../../src/wasm/activation_codes";

/** erfc x: the Taylor series of erf up to 2.5, the continued fraction of Laplace beyond; both to 1e-15. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return 2 - erfc(-x);
  if (x > 28) return 0;
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-18; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let tail = 0;
  for (let k = 120; k > 0; k--) tail = k / 2 / (x + tail);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
}

const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const hardSigmoid = (x: number) => clip(x + 3, 0, 6) / 6;
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

function clippedRelu(x: number, slope: number, limit: number, threshold: number): number {
  const above = threshold === 0 ? Math.max(x, 0) : x > threshold ? x : 0;
  const held = limit === Infinity ? above : clip(above, 0, limit);
  return slope === 0 ? held : held - slope * Math.max(threshold - x, 0);
}

/** Below 0 in the form that does not cancel. */
function squareplus(x: number, b: number): number {
  const root = Math.sqrt(x * x + b);
  return x < 0 ? b / 2 / (root - x) : (x + root) / 2;
}

/** f(x, alpha, beta, gamma), parameters as in assembly/simd/activation_codes.ts. */
export const activationReference: Record<
  ActivationName,
  (x: number, alpha: number, beta: number, gamma: number) => number
> = {
  linear: (x) => x,
  tanh: Math.tanh,
  sigmoid,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clip(x, 0, 6),
  leaky_relu: (x, alpha) => (x > 0 ? x : alpha * x),
  clipped_relu: clippedRelu,
  elu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  selu: (x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x)),
  celu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
  gelu: (x) => x * (0.5 * erfc(-x / Math.SQRT2)),
  gelu_tanh: (x) => x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)),
  silu: (x) => x * sigmoid(x),
  hard_silu: (x) => x * hardSigmoid(x),
  hard_sigmoid: hardSigmoid,
  clipped_affine: (x, alpha, beta) => clip(alpha * x + beta, 0, 1),
  log_sigmoid: (x) => -softplus(-x),
  hard_tanh: (x) => clip(x, -1, 1),
  tanh_shrink: (x) => x - Math.tanh(x),
  soft_shrink: (x, alpha) => (x > alpha ? x - alpha : x < -alpha ? x + alpha : 0),
  hard_shrink: (x, alpha) => (Math.abs(x) > alpha ? x : 0),
  softplus,
  softsign: (x) => (Math.abs(x) === Infinity ? Math.sign(x) : x / (1 + Math.abs(x))),
  exponential: Math.exp,
  mish: (x) => x * Math.tanh(softplus(x)),
  squareplus,
  sparse_plus: (x) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x),
  sparse_sigmoid: (x) => clip((x + 1) / 2, 0, 1),
  threshold: (x, alpha, beta) => (x > alpha ? x : beta),
  scaled_tanh: (x, alpha, beta) => alpha * Math.tanh(beta * x),
  affine: (x, alpha, beta) => alpha * x + beta,
  abs: Math.abs,
  negative: (x) => -x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  log: Math.log,
  log1p: Math.log1p,
  reciprocal: (x) => 1 / x,
  sign: Math.sign,
  floor: Math.floor,
  logical_not: (x) => (x === 0 ? 1 : 0),
  isnan: (x) => (Number.isNaN(x) ? 1 : 0),
  erf: (x) => 1 - erfc(x),
  expm1: Math.expm1,
};
