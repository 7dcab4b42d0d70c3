/**
 * Any element-wise function of one vector, chosen by its code.
 *
 * Infinities and NaN come out as in Keras on TensorFlow: NaN stays NaN except where a comparison drops it (threshold,
 * hard_shrink, soft_shrink), and x·g(x) with g(−∞) = 0 is NaN at −∞ (gelu, silu, hard_silu, mish).
 * softsign and squareplus give their limits at ±∞, where TensorFlow gives NaN.
 * Errors against float64 are in assembly/README.md. Not inlined: one copy serves every kernel, a call costs about 2 ns.
 */
import { Activation } from "./activation_codes";
import { sigmoid, tanh } from "./activations";
import { erfcOfAbs } from "./erf";
import { exp, expm1 } from "./exp";
import { madd } from "./lanes";
import { log, log1p } from "./log";

const SIGN = 0x80000000;

/** What alpha, beta and gamma mean stands with each code; the others take none. */
export function activate(code: i32, x: v128, alpha: f32, beta: f32, gamma: f32 = 0): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (code) {
    case Activation.TANH: return boundedTanh(x);
    case Activation.SIGMOID: return logistic(x);
    case Activation.RELU: return f32x4.pmax(x, zero);
    case Activation.RELU6: return clamp(x, zero, f32x4.splat(6));
    case Activation.LEAKY_RELU: return v128.bitselect(x, f32x4.mul(x, f32x4.splat(alpha)), f32x4.gt(x, zero));
    case Activation.CLIPPED_RELU: return clippedRelu(x, alpha, beta, gamma);
    case Activation.ELU: return exponentialUnit(x, 1, alpha);
    case Activation.SELU: return exponentialUnit(x, 1.0507009873554805, 1.7580993408473766);
    case Activation.CELU: {
      const below = f32x4.div(f32x4.pmin(x, zero), f32x4.splat(alpha));
      return madd(f32x4.splat(alpha), exponentialMinusOne(below), f32x4.pmax(x, zero));
    }
    case Activation.GELU: {
      const tail = f32x4.mul(f32x4.splat(0.5), complement(f32x4.mul(x, f32x4.splat(0.7071067811865476))));
      return f32x4.mul(x, v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, zero)));
    }
    case Activation.GELU_TANH: {
      // ½x(1 + tanh u) = x·σ(2u), u = √(2/π)·(x + 0.044715·x³)
      const cubic = madd(f32x4.mul(f32x4.mul(x, x), x), f32x4.splat(0.044715), x);
      return f32x4.mul(x, logistic(f32x4.mul(cubic, f32x4.splat(1.5957691216057308))));
    }
    case Activation.SILU: return f32x4.mul(x, logistic(x));
    case Activation.HARD_SILU: return f32x4.mul(x, hardSigmoid(x));
    case Activation.HARD_SIGMOID: return hardSigmoid(x);
    case Activation.CLIPPED_AFFINE: return clamp(madd(x, f32x4.splat(alpha), f32x4.splat(beta)), zero, one);
    case Activation.LOG_SIGMOID: return f32x4.sub(f32x4.pmin(x, zero), logOnePlusExp(x));
    case Activation.HARD_TANH: return clamp(x, f32x4.neg(one), one);
    case Activation.TANH_SHRINK: return f32x4.sub(x, boundedTanh(x));
    case Activation.SOFT_SHRINK: {
      const shrunk = v128.or(f32x4.sub(f32x4.abs(x), f32x4.splat(alpha)), v128.and(x, i32x4.splat(SIGN)));
      return v128.and(shrunk, f32x4.gt(f32x4.abs(x), f32x4.splat(alpha)));
    }
    case Activation.HARD_SHRINK: return v128.and(x, f32x4.gt(f32x4.abs(x), f32x4.splat(alpha)));
    case Activation.SOFTPLUS: return f32x4.add(f32x4.pmax(x, zero), logOnePlusExp(x));
    case Activation.SOFTSIGN: {
      const v = clamp(x, f32x4.splat(-f32.MAX_VALUE), f32x4.splat(f32.MAX_VALUE));
      return f32x4.div(v, f32x4.add(f32x4.abs(v), one));
    }
    case Activation.EXPONENTIAL: return exponential(x);
    case Activation.MISH: {
      // tanh(ln(1 + e)) = n / (n + 2), n = e·(e + 2), e = eˣ; from 20 on that is 1
      const e = exponential(f32x4.pmin(x, f32x4.splat(20)));
      const n = f32x4.mul(e, f32x4.add(e, f32x4.splat(2)));
      return f32x4.mul(x, f32x4.div(n, f32x4.add(n, f32x4.splat(2))));
    }
    case Activation.SQUAREPLUS: {
      // below 0 the root and x cancel: (x + s) / 2 = (b / 2) / (s − x)
      const b = f32x4.splat(alpha);
      const sum = f32x4.add(f32x4.sqrt(madd(x, x, b)), f32x4.abs(x));
      const half = f32x4.splat(0.5);
      return v128.bitselect(f32x4.div(f32x4.mul(half, b), sum), f32x4.mul(half, sum), f32x4.lt(x, zero));
    }
    case Activation.SPARSE_PLUS: {
      const v = f32x4.add(x, one);
      const bent = v128.and(f32x4.mul(f32x4.splat(0.25), f32x4.mul(v, v)), f32x4.gt(v, zero));
      return v128.bitselect(bent, x, f32x4.lt(x, one));
    }
    case Activation.SPARSE_SIGMOID: return clamp(f32x4.mul(f32x4.add(x, one), f32x4.splat(0.5)), zero, one);
    case Activation.THRESHOLD: return v128.bitselect(x, f32x4.splat(beta), f32x4.gt(x, f32x4.splat(alpha)));
    case Activation.SCALED_TANH: return f32x4.mul(f32x4.splat(alpha), boundedTanh(f32x4.mul(x, f32x4.splat(beta))));
    case Activation.AFFINE: return madd(x, f32x4.splat(alpha), f32x4.splat(beta));
    case Activation.ABS: return f32x4.abs(x);
    case Activation.NEGATIVE: return f32x4.neg(x);
    case Activation.SQUARE: return f32x4.mul(x, x);
    case Activation.SQRT: return f32x4.sqrt(x);
    case Activation.RSQRT: return f32x4.div(one, f32x4.sqrt(x));
    case Activation.LOG: return log(x);
    case Activation.LOG1P: return logOnePlus(x);
    case Activation.RECIPROCAL: return f32x4.div(one, x);
    case Activation.SIGN: {
      const signed = v128.or(v128.and(x, i32x4.splat(SIGN)), one);
      return v128.bitselect(signed, x, v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
    }
    case Activation.FLOOR: return f32x4.floor(x);
    case Activation.LOGICAL_NOT: return v128.and(one, f32x4.eq(x, zero));
    case Activation.ISNAN: return v128.and(one, f32x4.ne(x, x));
    case Activation.ERF: return v128.or(f32x4.sub(one, complement(x)), v128.and(x, i32x4.splat(SIGN)));
    case Activation.EXPM1: return exponentialMinusOne(x);
    default: return x;
  }
}

// @ts-ignore: decorator
@inline
function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

// @ts-ignore: decorator
@inline
function hardSigmoid(x: v128): v128 {
  return f32x4.div(clamp(f32x4.add(x, f32x4.splat(3)), f32x4.splat(0), f32x4.splat(6)), f32x4.splat(6));
}

/** above·x, or below·(eˣ − 1) below 0. */
// @ts-ignore: decorator
@inline
function exponentialUnit(x: v128, above: f32, below: f32): v128 {
  const bent = f32x4.mul(f32x4.splat(below), exponentialMinusOne(x));
  return v128.bitselect(f32x4.mul(f32x4.splat(above), x), bent, f32x4.gt(x, f32x4.splat(0)));
}

/** What lies above the threshold, held in [0, limit], minus slope·(threshold − x) below it. */
function clippedRelu(x: v128, slope: f32, limit: f32, threshold: f32): v128 {
  const zero = f32x4.splat(0);
  const edge = f32x4.splat(threshold);
  let y = threshold == 0 ? f32x4.pmax(x, zero) : v128.and(x, f32x4.gt(x, edge));
  if (limit < Infinity) y = clamp(y, zero, f32x4.splat(limit));
  if (slope == 0) return y;
  return f32x4.sub(y, f32x4.mul(f32x4.splat(slope), f32x4.pmax(f32x4.sub(edge, x), zero)));
}

/** ln(1 + e^−|x|) */
function logOnePlusExp(x: v128): v128 {
  return logOnePlus(exponential(f32x4.neg(f32x4.abs(x))));
}

// One copy of each function that several codes use; the ones imported are inlined wherever they stand.

function boundedTanh(x: v128): v128 {
  return tanh(x);
}

function logistic(x: v128): v128 {
  return sigmoid(x);
}

function exponential(x: v128): v128 {
  return exp(x);
}

function exponentialMinusOne(x: v128): v128 {
  return expm1(x);
}

function logOnePlus(x: v128): v128 {
  return log1p(x);
}

function complement(x: v128): v128 {
  return erfcOfAbs(x);
}
