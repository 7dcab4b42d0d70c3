/** Every activation of Keras 3 on tensors. */

import { ShapeError, showShape } from "../../errors";
import { checkOptions } from "../../options";
import type { Tensor, TensorLike } from "../../tensor";
import type { ActivationName } from "../../wasm/activation_codes";
import { type Activation, emitActivation, resolveActivation } from "../activation";
import { axisOf } from "../axes";
import { emitFloat, emitTranspose } from "../copy";
import { eagerOne } from "../eager";
import { emitFunction } from "../function";
import type { Slab } from "../slab";

// @__NO_SIDE_EFFECTS__
function named(name: string) {
  return (x: TensorLike): Tensor => activated(x, resolveActivation(`ops.${name}`, name));
}

function activated(x: TensorLike, activation: Activation): Tensor {
  return eagerOne(activation.name, [x], (plan, [slab]) =>
    emitActivation(plan, activation, emitFloat(plan, slab as Slab)),
  );
}

function parametric(name: ActivationName, x: TensorLike, ...parameters: readonly number[]): Tensor {
  const [alpha, beta, gamma] = parameters;
  return eagerOne(`${name} ${parameters.join()}`, [x], (plan, [slab]) =>
    emitFunction(plan, name, emitFloat(plan, slab as Slab), alpha, beta, gamma),
  );
}

// @__NO_SIDE_EFFECTS__
function overAxis(name: string) {
  return (x: TensorLike, axis = -1): Tensor =>
    eagerOne(`${name} ${axis}`, [x], (plan, [slab]) => {
      const activation = resolveActivation("ops", name);
      const rows = emitFloat(plan, slab as Slab);
      const rank = rows.shape.length;
      const at = axisOf(`ops.${name}`, axis, rank);
      if (name === "glu" && rows.dim(at) % 2) {
        throw new ShapeError("ops.glu", `an even axis ${axis}`, showShape(rows.shape));
      }
      if (at === rank - 1) return emitActivation(plan, activation, rows);
      const order = rows.shape.map((_, k) => (k === at ? rank - 1 : k === rank - 1 ? at : k));
      return emitTranspose(plan, emitActivation(plan, activation, emitTranspose(plan, rows, order)), order);
    });
}

/** x, as float32. */
export const linear = named("linear");
export const tanh = named("tanh");
export const sigmoid = named("sigmoid");
export const relu6 = named("relu6");
export const selu = named("selu");
export const silu = named("silu");
export const swish = silu;
export const hardSilu = named("hard_silu");
export const hardSwish = hardSilu;
/** relu6(x + 3) / 6 */
export const hardSigmoid = named("hard_sigmoid");
export const logSigmoid = named("log_sigmoid");
export const hardTanh = named("hard_tanh");
export const tanhShrink = named("tanh_shrink");
export const softplus = named("softplus");
export const softsign = named("softsign");
export const exponential = named("exponential");
export const mish = named("mish");
export const sparsePlus = named("sparse_plus");
export const sparseSigmoid = named("sparse_sigmoid");

/** Over one axis, the last by default. */
export const softmax = overAxis("softmax");
export const logSoftmax = overAxis("log_softmax");
export const sparsemax = overAxis("sparsemax");
/** The first half of an axis times the sigmoid of the second. */
export const glu = overAxis("glu");

/** What {@link relu} takes besides its input; the defaults are those of Keras. */
export interface ReluParameters {
  /** The slope below the threshold. Default 0. */
  negativeSlope?: number;
  /** Results are at most this. Default: no bound. */
  maxValue?: number | null;
  /** Below it the slope counts. Default 0. */
  threshold?: number;
}

/** max(x, 0) */
export function relu(x: TensorLike, parameters: ReluParameters = {}): Tensor {
  checkOptions(parameters, "ops.relu");
  const { negativeSlope = 0, maxValue, threshold = 0 } = parameters;
  return parametric("clipped_relu", x, negativeSlope, maxValue ?? Number.POSITIVE_INFINITY, threshold);
}

/** x, or slope · x below 0. */
export function leakyRelu(x: TensorLike, negativeSlope = 0.2): Tensor {
  return parametric("leaky_relu", x, negativeSlope);
}

/** x, or alpha · (eˣ − 1) below 0. */
export function elu(x: TensorLike, alpha = 1): Tensor {
  return parametric("elu", x, alpha);
}

/** max(x, 0) + alpha · (e^(min(x, 0)/alpha) − 1) */
export function celu(x: TensorLike, alpha = 1): Tensor {
  return parametric("celu", x, alpha);
}

/** x · Φ(x), or its approximation by tanh. */
export function gelu(x: TensorLike, approximate = false): Tensor {
  return parametric(approximate ? "gelu_tanh" : "gelu", x);
}

/** x moved towards 0 by the threshold, 0 between. */
export function softShrink(x: TensorLike, threshold = 0.5): Tensor {
  return parametric("soft_shrink", x, threshold);
}

/** x where it is beyond the threshold, else 0. */
export function hardShrink(x: TensorLike, threshold = 0.5): Tensor {
  return parametric("hard_shrink", x, threshold);
}

/** (x + √(x² + b)) / 2 */
export function squareplus(x: TensorLike, b = 4): Tensor {
  return parametric("squareplus", x, b);
}

/** x above the threshold, else another value. */
export function threshold(x: TensorLike, limit: number, value: number): Tensor {
  return parametric("threshold", x, limit, value);
}

/**
 * An activation by its Keras name; null means linear.
 * @throws {ConfigError} for a name that Keras does not know.
 */
export function activation(x: TensorLike, name: string | null): Tensor {
  return activated(x, resolveActivation("ops.activation", name));
}
