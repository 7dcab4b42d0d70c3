/** Operators on elements of one value: activations and functions. */

import { emitActivation } from "../../ops/activation";
import { stepsOf } from "../../ops/elementwise";
import type { Slab } from "../../ops/slab";
import { sizeOf } from "../../tensor";
import { ACTIVATION, type ActivationName } from "../../wasm/activation_codes";
import type { NodeCall, Operators } from "../node_call";
import { floatSlab, Known, Live, newNumbers, type Value } from "../value";
import { scaled } from "./arithmetic";

/** A function of the kernels, with the attributes that are its parameters, and how it is done on known numbers. */
interface ElementFunction {
  readonly code: ActivationName;
  readonly alpha?: number;
  readonly beta?: number;
  readonly fold?: (x: number) => number;
  /** Gives booleans. */
  readonly truth?: boolean;
}

const FUNCTIONS: Readonly<Record<string, ElementFunction>> = {
  Relu: { code: "relu", fold: (x) => Math.max(0, x) },
  Sigmoid: { code: "sigmoid" },
  Tanh: { code: "tanh" },
  LeakyRelu: { code: "leaky_relu", alpha: 0.01 },
  ThresholdedRelu: { code: "threshold", alpha: 1 },
  HardSigmoid: { code: "clipped_affine", alpha: 0.2, beta: 0.5 },
  HardSwish: { code: "hard_silu" },
  Elu: { code: "elu", alpha: 1 },
  Celu: { code: "celu", alpha: 1 },
  Softplus: { code: "softplus" },
  Softsign: { code: "softsign" },
  Mish: { code: "mish" },
  Exp: { code: "exponential", fold: Math.exp },
  Log: { code: "log", fold: Math.log },
  Sqrt: { code: "sqrt", fold: Math.sqrt },
  Reciprocal: { code: "reciprocal", fold: (x) => 1 / x },
  Neg: { code: "negative", fold: (x) => -x },
  Abs: { code: "abs", fold: Math.abs },
  Sign: { code: "sign", fold: Math.sign },
  Floor: { code: "floor", fold: Math.floor },
  Erf: { code: "erf" },
  Not: { code: "logical_not", fold: (x) => (x === 0 ? 1 : 0), truth: true },
  IsNaN: { code: "isnan", fold: (x) => (Number.isNaN(x) ? 1 : 0), truth: true },
};

/** Scale and slope that `Selu` has by default, and that the kernel knows. */
const [SELU_ALPHA, SELU_GAMMA] = [1.6732631921768188, 1.0507010221481323];

export const UNARY_OPERATORS: Operators = {
  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, given]) => [
      name,
      (call: NodeCall) => {
        const alpha = call.number("alpha", given.alpha ?? 0);
        const beta = call.number("beta", given.beta ?? 0);
        return applied(call, { ...given, alpha, beta }, call.input(0));
      },
    ]),
  ),
  Selu(call) {
    const [alpha, gamma] = [call.number("alpha", SELU_ALPHA), call.number("gamma", SELU_GAMMA)];
    const same = Math.abs(alpha - SELU_ALPHA) < 1e-6 && Math.abs(gamma - SELU_GAMMA) < 1e-6;
    if (same) return applied(call, { code: "selu" }, call.input(0));
    return scaled(call, applied(call, { code: "elu", alpha }, call.input(0)), gamma);
  },
  Gelu(call) {
    const code = call.text("approximate", "none") === "tanh" ? "gelu_tanh" : "gelu";
    return applied(call, { code }, call.input(0));
  },
  Swish(call) {
    const alpha = call.number("alpha", 1);
    return alpha === 1 ? applied(call, { code: "silu" }, call.input(0)) : call.refuse("alpha 1", String(alpha));
  },
  Ceil(call) {
    const down = applied(call, { code: "floor", fold: Math.floor }, scaled(call, call.input(0), -1));
    return scaled(call, down, -1);
  },
};

/** f(x), with x's type where it is a number. */
export function applied(call: NodeCall, given: ElementFunction, x: Value): Value {
  const { plan, where } = call;
  const { code: name, alpha = 0, beta = 0, fold, truth } = given;
  if (x instanceof Known && fold) {
    const data = newNumbers(where, truth ? "bool" : x.dtype, x.shape);
    for (let k = 0; k < data.length; k++) data[k] = fold(x.data[k] as number);
    return new Known(x.shape, truth ? "bool" : x.dtype, data);
  }
  if (x.kind === "int32" && x instanceof Live && !truth) call.refuse("floats", "computed whole numbers");
  const activation = { name, over: "elements", code: ACTIVATION[name], alpha, beta } as const;
  const memory = x instanceof Live && x.kind !== "int32" ? packedMemory(x) : undefined;
  if (!memory) return typed(emitActivation(plan, activation, floatSlab(plan, x)), truth);
  const { shape, steps } = x as Live;
  return typed(emitActivation(plan, activation, memory), truth, shape, steps);
}

function typed(
  slab: Slab,
  truth = false,
  shape: readonly number[] = slab.shape,
  steps: readonly number[] = stepsOf(shape),
): Live {
  return new Live(truth ? slab.as("bool") : slab, shape, 0, steps);
}

/** The memory of a value whose axes were only reordered: functions of elements need no order. */
function packedMemory({ slab, shape, start, steps }: Live) {
  const order = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  order.sort((a, b) => (steps[b] as number) - (steps[a] as number));
  const ordered = order.map((axis) => shape[axis] as number);
  const dense = stepsOf(ordered);
  if (!order.every((axis, k) => steps[axis] === dense[k])) return undefined;
  return slab.view([sizeOf(shape)], start);
}
