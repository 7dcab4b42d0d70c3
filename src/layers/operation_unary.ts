/** Operations of one operand, element by element. */

import { emitFloat, emitInt } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import type { ActivationName } from "../wasm/activation_codes";
import type { OperationKind, OperationTable } from "./operation";
import { emitAngle } from "./operation_angle";
import type { Given, Typed } from "./operation_given";

/** Appends the kernel calls; x holds floats. */
type Emit = (plan: Plan, x: Slab, given: Given<Slab>) => Slab;

function unary(emit: Emit, type: (x: DType) => DType = () => "float32"): OperationKind {
  const result = (given: Given<Typed>): [Typed] => {
    const { shape, dtype } = given.tensor("x");
    return [{ shape, dtype: type(dtype) }];
  };
  return {
    takes: ["x"],
    result,
    plan: (plan, given) => {
      const y = emit(plan, emitFloat(plan, given.tensor("x")), given);
      const [{ dtype }] = result(given);
      return [dtype === "int32" ? emitInt(plan, y) : y.as(dtype)];
    },
    pointwise: (given) => given.tensor("x").timed,
  };
}

/** A function that the kernels know, with up to three parameters from the configuration. */
function known(name: ActivationName, ...parameters: readonly (readonly [key: string, fallback: number])[]): Emit {
  return (plan, x, given) => {
    const [alpha, beta, gamma] = parameters.map(([key, fallback]) => given.number(key, fallback));
    return emitFunction(plan, name, x, alpha, beta, gamma);
  };
}

const negative: Emit = (plan, x) => emitFunction(plan, "negative", x);
const scaled = (plan: Plan, x: Slab, by: number, more = 0) => emitFunction(plan, "affine", x, by, more);

/** f(x), times a number. */
const timesNumber = (name: ActivationName, by: number): Emit => {
  return (plan, x) => scaled(plan, emitFunction(plan, name, x), by);
};

/** (eˣ ± e⁻ˣ) / 2 */
const hyperbolic = (op: "add" | "subtract"): Emit => {
  const half = (plan: Plan, x: Slab) => scaled(plan, emitFunction(plan, "exponential", x), 0.5);
  return (plan, x, given) => emitBroadcast(plan, op, [half(plan, x), half(plan, negative(plan, x, given))]);
};

/** Adding and subtracting 1.5·2²³ rounds to even what is below 2²²; larger numbers are taken as they are. */
const SHIFT = 1.5 * 2 ** 23;
const round: Emit = (plan, x, given) => {
  const factor = 10 ** given.integer("decimals", 0);
  const moved = factor === 1 ? x : scaled(plan, x, factor);
  const rounded = scaled(plan, scaled(plan, moved, 1, SHIFT), 1, -SHIFT);
  const below = scaled(plan, emitFunction(plan, "abs", moved), -1, 2 ** 22);
  const isSmall = emitFunction(plan, "relu", below);
  const y = emitBroadcast(plan, "select", [isSmall, rounded, moved]);
  return factor === 1 ? y : scaled(plan, y, 1 / factor);
};

const ceil: Emit = (plan, x, given) => {
  return negative(plan, emitFunction(plan, "floor", negative(plan, x, given)), given);
};

const clip: Emit = (plan, x, given) => {
  const least = emitBroadcast(plan, "maximum", [x, emitFloat(plan, given.tensor("x_min"))]);
  return emitBroadcast(plan, "minimum", [least, emitFloat(plan, given.tensor("x_max"))]);
};

const sameType = (x: DType): DType => x;
const truth = (): DType => "bool";

/** Keras' class → kind. */
export const unaryOperations = (): OperationTable => ({
  Abs: unary(known("abs"), sameType),
  Absolute: unary(known("abs"), sameType),
  Fabs: unary(known("abs")),
  Negative: unary(negative, sameType),
  Square: unary(known("square"), sameType),
  Sign: unary(known("sign"), sameType),
  Clip: unary(clip, sameType),
  Ceil: unary(ceil),
  Floor: unary(known("floor")),
  Round: unary(round),
  Exp: unary(known("exponential")),
  Exp2: unary((plan, x) => emitFunction(plan, "exponential", scaled(plan, x, Math.LN2))),
  Expm1: unary(known("expm1")),
  Log: unary(known("log")),
  Log1p: unary(known("log1p")),
  Log2: unary(timesNumber("log", 1 / Math.LN2)),
  Log10: unary(timesNumber("log", 1 / Math.LN10)),
  Sqrt: unary(known("sqrt")),
  Rsqrt: unary(known("rsqrt")),
  Reciprocal: unary(known("reciprocal")),
  Erf: unary(known("erf")),
  Sin: unary((plan, x) => emitAngle(plan, x, "sin")),
  Cos: unary((plan, x) => emitAngle(plan, x, "cos")),
  Tan: unary((plan, x) => emitBroadcast(plan, "divide", [emitAngle(plan, x, "sin"), emitAngle(plan, x, "cos")])),
  Sinh: unary(hyperbolic("subtract")),
  Cosh: unary(hyperbolic("add")),
  Tanh: unary(known("tanh")),
  Isnan: unary(known("isnan"), truth),
  LogicalNot: unary(known("logical_not"), truth),
  Sigmoid: unary(known("sigmoid")),
  LogSigmoid: unary(known("log_sigmoid")),
  HardSigmoid: unary(known("hard_sigmoid")),
  SparseSigmoid: unary(known("sparse_sigmoid")),
  Relu: unary(known("relu")),
  Relu6: unary(known("relu6")),
  LeakyRelu: unary(known("leaky_relu", ["negative_slope", 0.2])),
  Elu: unary(known("elu", ["alpha", 1])),
  Selu: unary(known("selu")),
  Celu: unary(known("celu", ["alpha", 1])),
  Gelu: unary((plan, x, given) => emitFunction(plan, given.flag("approximate", true) ? "gelu_tanh" : "gelu", x)),
  Silu: unary(known("silu")),
  HardSilu: unary(known("hard_silu")),
  HardTanh: unary(known("hard_tanh")),
  TanhShrink: unary(known("tanh_shrink")),
  SoftShrink: unary(known("soft_shrink", ["threshold", 0.5])),
  HardShrink: unary(known("hard_shrink", ["threshold", 0.5])),
  Softplus: unary(known("softplus")),
  Softsign: unary(known("softsign")),
  Squareplus: unary(known("squareplus", ["b", 4])),
  SparsePlus: unary(known("sparse_plus")),
  Threshold: unary(known("threshold", ["threshold", 0], ["default_value", 0])),
});
