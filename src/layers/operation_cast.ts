/** Operations that change the type of a tensor, or make one of its shape. */

import { emitFill, emitFloat, emitInt } from "../ops/copy";
import { broadcastSteps, emitElementwise, stepsOf } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import type { OperationKind, OperationTable } from "./operation";
import { axisOf, type Given, type Typed } from "./operation_given";

/** float32, int32 or bool, for Keras' name of any type. */
function typeNamed(name: string): DType {
  if (name === "bool") return "bool";
  return /^u?int/.test(name) ? "int32" : "float32";
}

/** The type that the configuration asks for, or else the operand's. */
function wantedType(given: Given<Typed>): DType {
  return given.has("dtype") ? typeNamed(given.text("dtype", "float32")) : given.tensor("x").dtype;
}

/** The same numbers in another type: to whole numbers without the fraction, to bool by comparing with 0. */
export function emitCast(plan: Plan, x: Slab, dtype: DType): Slab {
  if (x.dtype === dtype) return x;
  const floats = emitFloat(plan, x);
  if (dtype === "int32") return emitInt(plan, floats);
  if (dtype === "float32") return floats.as("float32");
  return emitFunction(plan, "logical_not", emitFunction(plan, "logical_not", floats)).as("bool");
}

/** A tensor of one operand's shape. */
function shaped(operand: string, emit: (plan: Plan, x: Slab, given: Given<Slab>) => Slab): OperationKind {
  const type = (given: Given<Typed>) => (given.has("dtype") ? wantedType(given) : given.tensor(operand).dtype);
  return {
    takes: [operand, "fill_value"],
    result: (given) => [{ shape: given.tensor(operand).shape, dtype: type(given) }],
    plan: (plan, given) => [emitCast(plan, emit(plan, given.tensor(operand), given), type(given))],
    pointwise: (given) => given.tensor(operand).timed,
  };
}

const cast = () => shaped("x", (_, x) => x);

function filled(value: number): OperationKind {
  return shaped("x", (plan, x) => {
    const y = plan.slab(x.shape);
    emitFill(plan, y, value);
    return y;
  });
}

/** One number, or an array that broadcasts. */
const fullLike = () =>
  shaped("x", (plan, x, given) => {
    const y = plan.slab(x.shape);
    const value = emitFloat(plan, given.tensor("fill_value"));
    const walk = { slab: value, steps: broadcastSteps(value.shape, x.shape) };
    emitElementwise(plan, "copy", x.shape, { slab: y, steps: stepsOf(x.shape) }, [walk]);
    return y;
  });

/** A shape with one axis more. */
function withAxis<D>(shape: readonly D[], at: number, size: D): D[] {
  return [...shape.slice(0, at), size, ...shape.slice(at)];
}

/** 1 at the place that an id tells, on a new axis. */
const oneHot: OperationKind = {
  takes: ["x"],
  result: (given) => {
    const { shape } = given.tensor("x");
    const at = axisOf(given, given.integer("axis", -1), shape.length + 1);
    const dtype = typeNamed(given.text("dtype", "float32"));
    return [{ shape: withAxis(shape, at, given.integer("num_classes", 1)), dtype }];
  },
  plan: (plan, given) => {
    const x = emitFloat(plan, given.tensor("x"));
    const [{ shape, dtype }] = oneHot.result(given) as readonly [Typed];
    const to = shape as readonly number[];
    const at = axisOf(given, given.integer("axis", -1), to.length);
    const count = to[at] as number;
    const numbers = given.constants(
      [count],
      Array.from({ length: count }, (_, k) => k),
      "classes",
    );
    const ids = x.view(withAxis(x.shape, at, 1));
    const y = plan.slab(to, "bool");
    const steps = to.map((_, axis) => (axis === at ? 1 : 0));
    const walks = [
      { slab: ids, steps: broadcastSteps(ids.shape, to) },
      { slab: numbers, steps },
    ];
    emitElementwise(plan, "equal", to, { slab: y, steps: stepsOf(to) }, walks);
    return [emitCast(plan, y, dtype)];
  },
};

/** Keras' class → kind. */
export const castOperations = (): OperationTable => ({
  Cast: cast(),
  SaturateCast: cast(),
  ConvertToTensor: cast(),
  Array: cast(),
  Copy: cast(),
  StopGradient: shaped("variable", (_, x) => x),
  ZerosLike: filled(0),
  OnesLike: filled(1),
  FullLike: fullLike(),
  OneHot: oneHot,
});
