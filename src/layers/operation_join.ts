/** Operations that join tensors, and cut them. */

import { ConfigError, showShape, UnsupportedError } from "../errors";
import { emitConcat, emitSlice } from "../ops/copy";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { OperationKind, OperationTable } from "./operation";
import { sampleAxis } from "./operation_arrange";
import { emitCast } from "./operation_cast";
import { type Given, joinedType, type Typed } from "./operation_given";
import type { SymbolicShape } from "./symbolic";

/** The lengths of some tensors along an axis, together; null when one is not known. */
function total(shapes: readonly SymbolicShape[], axis: number): number | null {
  return shapes.reduce<number | null>(
    (sum, shape) => (sum === null || shape[axis] == null ? null : sum + shape[axis]),
    0,
  );
}

function joined(given: Given<Typed>, list: readonly Typed[], axis: number): Typed {
  const [first] = list as readonly [Typed, ...Typed[]];
  const shapes = list.map(({ shape }) => shape);
  const fits = (shape: SymbolicShape) =>
    shape.length === first.shape.length &&
    shape.every((d, k) => k === axis || d === null || first.shape[k] === null || d === first.shape[k]);
  if (!shapes.every(fits)) throw new ConfigError(given.where, "shapes that fit", shapes.map(showShape).join(" and "));
  const shape = first.shape.map((d, k) => (k === axis ? total(shapes, k) : d));
  return { shape, dtype: joinedType(list.map(({ dtype }) => dtype)) };
}

function emitJoined(plan: Plan, list: readonly Slab[], axis: number): Slab {
  const dtype = joinedType(list.map((slab) => slab.dtype));
  const typed = list.map((slab) => emitCast(plan, slab, dtype));
  return emitConcat(plan, typed, axis);
}

const concatenate: OperationKind = {
  takes: ["xs"],
  result: (given) => {
    const list = given.tensors("xs");
    return [joined(given, list, sampleAxis(given, "axis", 0, list[0]?.shape.length ?? 0))];
  },
  plan: (plan, given) => {
    const list = given.tensors("xs");
    return [emitJoined(plan, list, sampleAxis(given, "axis", 0, list[0]?.shape.length ?? 0))];
  },
  pointwise: (given) => {
    const list = given.tensors("xs");
    return list.every((x) => x.timed) && sampleAxis(given, "axis", 0, list[0]?.shape.length ?? 0) > 1;
  },
};

/** Concatenate on a new axis of one element each. */
const stack: OperationKind = {
  takes: ["x"],
  result: (given) => {
    const list = given.tensors("x");
    const axis = sampleAxis(given, "axis", 0, (list[0]?.shape.length ?? 0) + 1);
    const wide = list.map(({ shape, dtype }) => ({ shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)], dtype }));
    return [joined(given, wide, axis)];
  },
  plan: (plan, given) => {
    const list = given.tensors("x");
    const axis = sampleAxis(given, "axis", 0, (list[0]?.shape.length ?? 0) + 1);
    const wide = list.map((x) => x.view([...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]));
    return [emitJoined(plan, wide, axis)];
  },
};

/** Where the pieces of a split begin and end. */
function pieces(given: Given<Typed>, axis: number): readonly (readonly [from: number, to: number])[] {
  const length = given.tensor("x").shape[axis];
  if (typeof length !== "number") throw new UnsupportedError(given.where, "a known axis to split", "null");
  const wanted = given.raw("indices_or_sections");
  const isList = wanted.kind === "value" && Array.isArray(wanted.value);
  const numbers = given.integers("indices_or_sections") ?? [1];
  const parts = numbers[0] as number;
  if (!isList && length % parts !== 0) throw new ConfigError(given.where, `a divisor of ${length}`, String(parts));
  const even = Array.from({ length: parts - 1 }, (_, k) => ((k + 1) * length) / parts);
  const cuts = (isList ? numbers : even).map((at) => Math.min(length, Math.max(0, at < 0 ? at + length : at)));
  return [0, ...cuts].map((from, k) => [from, Math.max(from, cuts[k] ?? length)] as const);
}

const split: OperationKind = {
  takes: ["x"],
  result: (given) => {
    const { shape, dtype } = given.tensor("x");
    const axis = sampleAxis(given, "axis", 0, shape.length);
    return pieces(given, axis).map(([from, to]) => ({
      shape: shape.map((d, k) => (k === axis ? to - from : d)),
      dtype,
    }));
  },
  plan: (plan, given) => {
    const x = given.tensor("x");
    const axis = sampleAxis(given, "axis", 0, x.shape.length);
    return pieces(given, axis).map(([from, to]) => {
      const start = x.shape.map((_, k) => (k === axis ? from : 0));
      return emitSlice(
        plan,
        x,
        start,
        x.shape.map((d, k) => (k === axis ? to - from : d)),
      );
    });
  },
};

/** Keras' class → kind. */
export const joinOperations = (): OperationTable => ({ Concatenate: concatenate, Stack: stack, Split: split });
