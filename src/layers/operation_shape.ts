/** Operations that give the elements another shape or another order of axes. */

import { ConfigError, showShape } from "../errors";
import { emitTranspose } from "../ops/copy";
import { sizeOf } from "../tensor";
import { type OperationKind, type OperationTable, refuseBatchAxis } from "./operation";
import { axisOf, type Given, type Typed } from "./operation_given";
import type { SymbolicShape } from "./symbolic";

/** The elements as they lie, under another shape. */
function viewing(shapeOf: (given: Given<Typed>, shape: SymbolicShape) => SymbolicShape): OperationKind {
  return {
    takes: ["x"],
    result: (given) => {
      const { shape, dtype } = given.tensor("x");
      return [{ shape: shapeOf(given, shape), dtype }];
    },
    plan: (_, given) => {
      const x = given.tensor("x");
      return [x.view(shapeOf(given, x.shape) as number[])];
    },
    pointwise: (given) => {
      const x = given.tensor("x");
      const shape = shapeOf(given, x.shape);
      return x.timed && shape.length > 1 && shape[0] === x.dim(0) && shape[1] === 1;
    },
  };
}

function expanded(given: Given<Typed>, shape: SymbolicShape): SymbolicShape {
  const added = given.integers("axis") ?? [-1];
  const rank = shape.length + added.length;
  const places = added.map((axis) => axisOf(given, axis, rank));
  const rest = [...shape];
  return Array.from({ length: rank }, (_, axis) => (places.includes(axis) ? 1 : (rest.shift() ?? null)));
}

function squeezed(given: Given<Typed>, shape: SymbolicShape): SymbolicShape {
  const ones = shape.flatMap((d, axis) => (d === 1 && axis > 0 ? [axis] : []));
  const dropped = given.integers("axis")?.map((axis) => axisOf(given, axis, shape.length)) ?? ones;
  const odd = dropped.find((axis) => shape[axis] !== 1 && shape[axis] !== null);
  if (odd !== undefined) throw new ConfigError(`${given.where}.axis`, "an axis of one element", showShape(shape));
  return shape.filter((_, axis) => !dropped.includes(axis));
}

/** One length of the new shape may be −1: what is left. */
function reshaped(given: Given<Typed>, shape: SymbolicShape): SymbolicShape {
  const wanted = given.integers("newshape") ?? [-1];
  const free = wanted.indexOf(-1);
  const known = sizeOf(wanted.filter((d) => d !== -1));
  const size = shape.includes(null) ? null : sizeOf(shape as number[]);
  if (free < 0 && (size === null || size === known)) return wanted;
  if (free >= 0 && wanted.indexOf(-1, free + 1) < 0) {
    if (size === null) return wanted.map((d) => (d === -1 ? null : d));
    if (known > 0 && size % known === 0) return wanted.map((d) => (d === -1 ? size / known : d));
  }
  throw new ConfigError(`${given.where}.newshape`, `a shape for ${showShape(shape)}`, showShape(wanted));
}

/** The axes in another order: axis k of the result is axis `orderOf[k]` of x. The axis of samples stays first. */
function transposing(orderOf: (given: Given<Typed>, rank: number) => readonly number[]): OperationKind {
  const order = (given: Given<Typed>) => {
    const found = orderOf(given, given.tensor("x").shape.length);
    return found[0] === 0 ? found : refuseBatchAxis(given, "another order");
  };
  return {
    takes: ["x"],
    result: (given) => {
      const { shape, dtype } = given.tensor("x");
      return [{ shape: order(given).map((axis) => shape[axis] ?? null), dtype }];
    },
    plan: (plan, given) => [emitTranspose(plan, given.tensor("x"), order(given))],
    pointwise: (given) => given.tensor("x").timed && order(given)[1] === 1,
  };
}

const inOrder = (rank: number) => Array.from({ length: rank }, (_, axis) => axis);

function transposed(given: Given<Typed>, rank: number): readonly number[] {
  return given.integers("axes")?.map((axis) => axisOf(given, axis, rank)) ?? inOrder(rank).reverse();
}

function swapped(given: Given<Typed>, rank: number): readonly number[] {
  const [a, b] = ["axis1", "axis2"].map((key) => axisOf(given, given.integer(key, 0), rank)) as [number, number];
  return inOrder(rank).map((axis) => (axis === a ? b : axis === b ? a : axis));
}

function moved(given: Given<Typed>, rank: number): readonly number[] {
  const axes = (key: string) => (given.integers(key) ?? []).map((axis) => axisOf(given, axis, rank));
  const [from, to] = [axes("source"), axes("destination")];
  const rest = inOrder(rank).filter((axis) => !from.includes(axis));
  return inOrder(rank).map((axis) =>
    to.includes(axis) ? (from[to.indexOf(axis)] as number) : (rest.shift() as number),
  );
}

/** Keras' class → kind. */
export const shapeOperations = (): OperationTable => ({
  ExpandDims: viewing(expanded),
  Squeeze: viewing(squeezed),
  Reshape: viewing(reshaped),
  Transpose: transposing(transposed),
  Swapaxes: transposing(swapped),
  Moveaxis: transposing(moved),
});
