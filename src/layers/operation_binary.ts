/** Operations of two and three operands, element by element, with NumPy's broadcasting. */

import { emitFloat, emitInt } from "../ops/copy";
import { broadcastShape, emitBroadcast } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import type { ELEMENTWISE } from "../wasm/op_codes";
import type { OperationKind, OperationTable } from "./operation";
import { type Given, joinedType, type Typed } from "./operation_given";

/** Appends the kernel calls; both operands hold floats. */
type Emit = (plan: Plan, a: Slab, b: Slab) => Slab;

/** The type of the result, of the types of the operands. */
type ResultType = (a: DType, b: DType) => DType;

const arithmetic: ResultType = (a, b) => {
  const joined = joinedType([a, b]);
  return joined === "bool" ? "int32" : joined;
};
const fraction: ResultType = () => "float32";
const truth: ResultType = () => "bool";

function binary(op: keyof typeof ELEMENTWISE | Emit, type: ResultType): OperationKind {
  const emit: Emit = typeof op === "function" ? op : (plan, a, b) => emitBroadcast(plan, op, [a, b]);
  const result = (given: Given<Typed>): [Typed] => {
    const [a, b] = [given.tensor("x1"), given.tensor("x2")];
    return [{ shape: broadcastShape(given.where, [a.shape, b.shape]), dtype: type(a.dtype, b.dtype) }];
  };
  return {
    takes: ["x1", "x2"],
    result,
    plan: (plan, given) => {
      const y = emit(plan, emitFloat(plan, given.tensor("x1")), emitFloat(plan, given.tensor("x2")));
      const [{ dtype }] = result(given);
      return [dtype === "int32" ? emitInt(plan, y) : y.as(dtype)];
    },
    pointwise: (given) => togetherInTime([given.tensor("x1"), given.tensor("x2")]),
  };
}

/** Each operand is a timestep of as many axes as the others, or a single number. */
function togetherInTime(operands: readonly Slab[]): boolean {
  const timed = operands.filter((slab) => slab.timed);
  const rank = timed[0]?.shape.length;
  return operands.every((slab) => (slab.timed ? slab.shape.length === rank : slab.size === 1));
}

const floorDivide: Emit = (plan, a, b) => emitFunction(plan, "floor", emitBroadcast(plan, "divide", [a, b]));

/** a − b·⌊a/b⌋: the sign of b, as Python has it. */
const remainder: Emit = (plan, a, b) => {
  return emitBroadcast(plan, "subtract", [a, emitBroadcast(plan, "multiply", [b, floorDivide(plan, a, b)])]);
};

/** 0 where b is 0. */
const divideNoNan: Emit = (plan, a, b) => {
  return emitBroadcast(plan, "select", [
    b,
    emitBroadcast(plan, "divide", [a, b]),
    emitFunction(plan, "affine", b, 0, 0),
  ]);
};

/** One is true and the other is not. */
const exclusiveOr: Emit = (plan, a, b) => {
  return emitBroadcast(plan, "notEqual", [emitFunction(plan, "logical_not", a), emitFunction(plan, "logical_not", b)]);
};

/** `where(condition, x1, x2)` */
const where: OperationKind = {
  takes: ["condition", "x1", "x2"],
  result: (given) => {
    const [test, a, b] = [given.tensor("condition"), given.tensor("x1"), given.tensor("x2")];
    const shape = broadcastShape(given.where, [test.shape, a.shape, b.shape]);
    return [{ shape, dtype: joinedType([a.dtype, b.dtype]) }];
  },
  plan: (plan, given) => {
    const [a, b] = [given.tensor("x1"), given.tensor("x2")];
    const dtype = joinedType([a.dtype, b.dtype]);
    const choices = [a, b].map((x) => (dtype === "int32" ? emitInt(plan, x) : emitFloat(plan, x)));
    return [emitBroadcast(plan, "select", [emitFloat(plan, given.tensor("condition")), ...choices], dtype)];
  },
  pointwise: (given) => togetherInTime([given.tensor("condition"), given.tensor("x1"), given.tensor("x2")]),
};

/** Keras' class → kind. */
export const binaryOperations = (): OperationTable => ({
  Add: binary("add", arithmetic),
  Subtract: binary("subtract", arithmetic),
  Multiply: binary("multiply", arithmetic),
  Divide: binary("divide", fraction),
  TrueDivide: binary("divide", fraction),
  DivideNoNan: binary(divideNoNan, fraction),
  FloorDivide: binary(floorDivide, arithmetic),
  Mod: binary(remainder, arithmetic),
  Power: binary("power", arithmetic),
  Maximum: binary("maximum", arithmetic),
  Minimum: binary("minimum", arithmetic),
  Equal: binary("equal", truth),
  NotEqual: binary("notEqual", truth),
  Less: binary("less", truth),
  LessEqual: binary("lessEqual", truth),
  Greater: binary("greater", truth),
  GreaterEqual: binary("greaterEqual", truth),
  LogicalAnd: binary("logicalAnd", truth),
  LogicalOr: binary("logicalOr", truth),
  LogicalXor: binary(exclusiveOr, truth),
  Where: where,
});
