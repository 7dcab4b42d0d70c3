/** Arithmetic, comparison and logic, element by element, with NumPy's broadcasting. Numbers become float32. */

import type { Tensor, TensorLike } from "../../tensor";
import type { ActivationName } from "../../wasm/activation_codes";
import type { ELEMENTWISE } from "../../wasm/op_codes";
import { emitFloat } from "../copy";
import { eagerOne } from "../eager";
import { broadcastShape, emitBroadcast } from "../elementwise";
import { emitFunction } from "../function";
import type { Slab } from "../slab";

// @__NO_SIDE_EFFECTS__
function binary(name: string, op: keyof typeof ELEMENTWISE, dtype: "float32" | "bool" = "float32") {
  return (a: TensorLike, b: TensorLike): Tensor =>
    eagerOne(name, [a, b], (plan, slabs) => {
      checkBroadcast(name, slabs);
      const operands = slabs.map((slab) => emitFloat(plan, slab));
      return emitBroadcast(plan, op, operands, dtype);
    });
}

/** Refuses shapes that do not broadcast, naming the operation as users know it. */
function checkBroadcast(name: string, operands: readonly Slab[]): void {
  broadcastShape(
    `ops.${name}`,
    operands.map((operand) => operand.shape),
  );
}

// @__NO_SIDE_EFFECTS__
function unary(name: string, op: ActivationName) {
  return (x: TensorLike): Tensor =>
    eagerOne(name, [x], (plan, [slab]) => emitFunction(plan, op, emitFloat(plan, slab as Slab)));
}

/** a + b */
export const add = binary("add", "add");
/** a − b */
export const sub = binary("sub", "subtract");
/** a · b */
export const mul = binary("mul", "multiply");
/** a / b */
export const div = binary("div", "divide");
/** aᵇ */
export const pow = binary("pow", "power");
/** The larger of both; NaN when either is. */
export const maximum = binary("maximum", "maximum");
/** The smaller of both; NaN when either is. */
export const minimum = binary("minimum", "minimum");
export const equal = binary("equal", "equal", "bool");
export const notEqual = binary("notEqual", "notEqual", "bool");
export const less = binary("less", "less", "bool");
export const lessEqual = binary("lessEqual", "lessEqual", "bool");
export const greater = binary("greater", "greater", "bool");
export const greaterEqual = binary("greaterEqual", "greaterEqual", "bool");
/** True where both are not 0. */
export const logicalAnd = binary("logicalAnd", "logicalAnd", "bool");
/** True where either is not 0. */
export const logicalOr = binary("logicalOr", "logicalOr", "bool");

export const neg = unary("neg", "negative");
export const abs = unary("abs", "abs");
export const exp = unary("exp", "exponential");
export const expm1 = unary("expm1", "expm1");
/** The natural logarithm. */
export const log = unary("log", "log");
export const log1p = unary("log1p", "log1p");
export const sqrt = unary("sqrt", "sqrt");
export const rsqrt = unary("rsqrt", "rsqrt");
export const square = unary("square", "square");
export const reciprocal = unary("reciprocal", "reciprocal");
export const sign = unary("sign", "sign");
export const floor = unary("floor", "floor");
export const erf = unary("erf", "erf");

/** True where x is 0. */
export function logicalNot(x: TensorLike): Tensor {
  return eagerOne("logicalNot", [x], (plan, [slab]) =>
    emitFunction(plan, "logical_not", emitFloat(plan, slab as Slab)).as("bool"),
  );
}

/** `a` where the condition is not 0, else `b`. */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  return eagerOne("where", [condition, a, b], (plan, slabs) => {
    checkBroadcast("where", slabs);
    const [test, yes, no] = slabs as [Slab, Slab, Slab];
    const same = yes.dtype === no.dtype;
    const operands = same ? [yes, no] : [emitFloat(plan, yes), emitFloat(plan, no)];
    return emitBroadcast(plan, "select", [emitFloat(plan, test), ...operands], same ? yes.dtype : "float32");
  });
}

/** x held between `low` and `high`. */
export function clip(x: TensorLike, low: TensorLike, high: TensorLike): Tensor {
  return minimum(maximum(x, low), high);
}
