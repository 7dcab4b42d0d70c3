/** Normalization by the numbers themselves, or by those of the training. */

import { axisOf } from "../../ops/axes";
import { emitNormalizeRows } from "../../ops/norm";
import { sizeOf } from "../../tensor";
import { broadcast, reshaped } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { floatSlab, Known, Live, type Value } from "../value";
import { product, sum } from "./arithmetic";

export const NORMALIZING_OPERATORS: Operators = {
  LayerNormalization: (call) => layerNorm(call, false),
  RMSNormalization: (call) => layerNorm(call, true),
  BatchNormalization: batchNorm,
  InstanceNormalization(call) {
    const x = call.input(0);
    const columns = sizeOf(x.shape.slice(2));
    const norm = { epsilon: call.number("epsilon", 1e-5) };
    const y = new Live(emitNormalizeRows(call.plan, floatSlab(call.plan, x), columns, norm).view(x.shape));
    return sum(call, product(call, y, channels(call, x, call.input(1))), channels(call, x, call.input(2)));
  },
};

/** Over all axes from `axis` on. */
function layerNorm(call: NodeCall, uncentred: boolean): Value {
  if (call.wanted(1) || call.wanted(2)) return call.refuse("the normalized values alone", "mean or deviation");
  const x = call.input(0);
  const shape = x.shape.slice(axisOf(call.where, call.number("axis", -1), x.shape.length));
  const columns = sizeOf(shape);
  const row = (value: Value | undefined) =>
    value && floatSlab(call.plan, broadcast(call, value, shape)).view([columns]);
  const [gamma, beta] = [row(call.inputs[1]), row(call.inputs[2])];
  const norm = { epsilon: call.number("epsilon", 1e-5), gamma, beta, uncentred };
  const y = emitNormalizeRows(call.plan, floatSlab(call.plan, x), columns, norm);
  return new Live(y.view(x.shape));
}

/** A number a channel (axis 1), seen so that it broadcasts. */
function channels(call: NodeCall, x: Value, value: Value): Value {
  return reshaped(call, value, [sizeOf(value.shape), ...x.shape.slice(2).map(() => 1)]);
}

/** x · γ/√(σ² + ε) + (β − μ γ/√(σ² + ε)), channel by channel. */
function batchNorm(call: NodeCall): Value {
  const x = call.input(0);
  if (call.number("training_mode", 0) !== 0) return call.refuse("inference", "training mode");
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((k) => call.known(k, "statistics").data);
  const epsilon = call.number("epsilon", 1e-5);
  const at = (list: typeof gamma, k: number) => list?.[k] as number;
  const size = gamma?.length ?? 0;
  const exact = Float64Array.from({ length: size }, (_, k) => at(gamma, k) / Math.sqrt(at(variance, k) + epsilon));
  const constant = (values: (k: number) => number) => {
    return channels(
      call,
      x,
      new Known(
        [size],
        "float32",
        Float32Array.from(exact, (_, k) => values(k)),
      ),
    );
  };
  const scale = constant((k) => exact[k] as number);
  const shift = constant((k) => at(beta, k) - at(mean, k) * (exact[k] as number));
  return sum(call, product(call, x, scale), shift);
}
