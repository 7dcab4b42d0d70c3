/** Operations that look at a whole axis and keep its length: softmax and its like. */

import { UnsupportedError } from "../errors";
import { emitActivation, resolveActivation } from "../ops/activation";
import { emitFloat, emitTranspose } from "../ops/copy";
import { type OperationKind, type OperationTable, refuseBatchAxis } from "./operation";
import { axisOf, type Given, type Typed } from "./operation_given";

function axisOfRows(given: Given<Typed>): number {
  const axis = axisOf(given, given.integer("axis", -1), given.tensor("x").shape.length);
  return axis === 0 ? refuseBatchAxis(given, "joining elements") : axis;
}

/** An activation over rows, along any axis. */
function overRows(name: string): OperationKind {
  const activation = resolveActivation(name, name);
  const halves = name === "glu" ? 2 : 1;
  return {
    takes: ["x"],
    result: (given) => {
      const { shape } = given.tensor("x");
      const axis = axisOfRows(given);
      const length = shape[axis] ?? null;
      if (length !== null && length % halves !== 0)
        throw new UnsupportedError(given.where, "an even axis", String(length));
      return [{ shape: shape.map((d, k) => (k === axis && d !== null ? d / halves : d)), dtype: "float32" }];
    },
    plan: (plan, given) => {
      const x = emitFloat(plan, given.tensor("x"));
      const axis = axisOfRows(given);
      const last = x.shape.length - 1;
      if (axis === last) return [emitActivation(plan, activation, x)];
      const swapped = x.shape.map((_, k) => (k === axis ? last : k === last ? axis : k));
      return [emitTranspose(plan, emitActivation(plan, activation, emitTranspose(plan, x, swapped)), swapped)];
    },
    pointwise: (given) => given.tensor("x").timed && axisOfRows(given) > 1,
  };
}

/** Keras' class → kind. */
export const rowOperations = (): OperationTable => ({
  Softmax: overRows("softmax"),
  LogSoftmax: overRows("log_softmax"),
  Sparsemax: overRows("sparsemax"),
  Glu: overRows("glu"),
});
