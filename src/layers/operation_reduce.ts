/** Operations that join the elements along axes. */

import { emitFloat, emitInt } from "../ops/copy";
import { emitBroadcast, stepsOf } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import { emitReduce } from "../ops/reduce";
import type { Slab } from "../ops/slab";
import { type DType, sizeOf } from "../tensor";
import type { REDUCTION } from "../wasm/op_codes";
import { type OperationKind, type OperationTable, refuseBatchAxis } from "./operation";
import { axisOf, type Given, type Typed } from "./operation_given";

/** Appends the kernel calls; x holds floats. The result is x without the axes. */
type Emit = (plan: Plan, x: Slab, axes: readonly number[]) => Slab;

/** The axes to join, ascending. */
function axesOf(given: Given<Typed>): readonly number[] {
  const rank = given.tensor("x").shape.length;
  const axes =
    given.integers("axis")?.map((axis) => axisOf(given, axis, rank)) ?? Array.from({ length: rank }, (_, k) => k);
  if (axes.includes(0)) refuseBatchAxis(given, "joining elements");
  return [...new Set(axes)].sort((a, b) => a - b);
}

function reducing(emit: Emit, type: (x: DType) => DType): OperationKind {
  const result = (given: Given<Typed>): [Typed] => {
    const { shape, dtype } = given.tensor("x");
    const axes = axesOf(given);
    const kept = given.flag("keepdims");
    const left = shape.flatMap((d, axis) => (axes.includes(axis) ? (kept ? [1] : []) : [d]));
    return [{ shape: left, dtype: type(dtype) }];
  };
  return {
    takes: ["x"],
    result,
    plan: (plan, given) => {
      const y = emit(plan, emitFloat(plan, given.tensor("x")).as("float32"), axesOf(given));
      const [{ shape, dtype }] = result(given);
      const typed = dtype === "int32" ? emitInt(plan, y) : y.as(dtype);
      return [typed.view(shape as number[])];
    },
    pointwise: (given) => given.tensor("x").timed && !axesOf(given).includes(1),
  };
}

const joining = (op: keyof typeof REDUCTION): Emit => {
  return (plan, x, axes) => emitReduce(plan, op, x, axes);
};

/** The same slab with axes of one element where some were joined. */
function spread(joined: Slab, x: Slab, axes: readonly number[]): Slab {
  return joined.view(x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)));
}

/** The mean of the squared distance from the mean. */
const variance: Emit = (plan, x, axes) => {
  const mean = spread(emitReduce(plan, "mean", x, axes), x, axes);
  const squares = emitFunction(plan, "square", emitBroadcast(plan, "subtract", [x, mean]));
  return emitReduce(plan, "mean", squares, axes);
};

const deviation: Emit = (plan, x, axes) => emitFunction(plan, "sqrt", variance(plan, x, axes));

/** max + log Σ exp(x − max) */
const logSumExp: Emit = (plan, x, axes) => {
  const greatest = emitReduce(plan, "maximum", x, axes);
  const below = emitBroadcast(plan, "subtract", [x, spread(greatest, x, axes)]);
  const sum = emitReduce(plan, "sum", emitFunction(plan, "exponential", below), axes);
  return emitBroadcast(plan, "add", [emitFunction(plan, "log", sum), greatest]);
};

const countNonZero: Emit = (plan, x, axes) => {
  const nonZero = emitFunction(plan, "logical_not", emitFunction(plan, "logical_not", x));
  return emitReduce(plan, "sum", nonZero, axes);
};

/** The place of the first greatest (sign 1) or least (sign −1) element along one axis. */
const placeOf = (sign: 1 | -1): Emit => {
  return (plan, x, axes) => {
    const [axis] = axes as [number];
    const [length, step] = [x.dim(axis), stepsOf(x.shape)[axis] as number];
    const y = plan.slab(x.shape.filter((_, k) => k !== axis));
    const outer = sizeOf(x.shape.slice(0, axis));
    plan.step([x, y], () => {
      const { f32 } = plan.engine.arena;
      let to = y.ptr >> 2;
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < step; i++) {
          const from = (x.ptr >> 2) + o * length * step + i;
          let best = 0;
          for (let k = 1; k < length; k++) {
            if (sign * (f32[from + k * step] as number) > sign * (f32[from + best * step] as number)) best = k;
          }
          f32[to++] = best;
        }
      }
    });
    return y;
  };
};

const floats = (): DType => "float32";
const truth = (): DType => "bool";
const whole = (): DType => "int32";
const sameType = (x: DType): DType => x;
const counted = (x: DType): DType => (x === "bool" ? "int32" : x);

/** Keras' class → kind. */
export const reduceOperations = (): OperationTable => ({
  Sum: reducing(joining("sum"), counted),
  Mean: reducing(joining("mean"), floats),
  Max: reducing(joining("maximum"), sameType),
  Amax: reducing(joining("maximum"), sameType),
  Min: reducing(joining("minimum"), sameType),
  Amin: reducing(joining("minimum"), sameType),
  Prod: reducing(joining("product"), counted),
  Any: reducing(joining("any"), truth),
  All: reducing(joining("all"), truth),
  Var: reducing(variance, floats),
  Std: reducing(deviation, floats),
  Logsumexp: reducing(logSumExp, floats),
  CountNonzero: reducing(countNonZero, whole),
  Argmax: reducing(placeOf(1), whole),
  Argmin: reducing(placeOf(-1), whole),
});
