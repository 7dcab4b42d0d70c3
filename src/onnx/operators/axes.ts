/** Axes and shapes as nodes give them. */

import { ShapeError, show, showShape } from "../../errors";
import { axisOf } from "../../ops/axes";
import { sizeOf } from "../../tensor";
import type { NodeCall } from "../node_call";

/** The attribute `axis`, counted from the front. */
export function axisAttribute(call: NodeCall, fallback: number, rank: number): number {
  return axisOf(call.where, call.number("axis", fallback), rank);
}

/** Axes counted from the front, each once. @throws {ShapeError} */
export function frontAxes(call: NodeCall, axes: readonly number[], rank: number): number[] {
  const front = axes.map((axis) => axisOf(call.where, axis, rank));
  if (new Set(front).size === front.length) return front;
  throw new ShapeError(call.where, "axes named once", show(axes));
}

/** Lengths of axes. @throws {ShapeError} for negative or broken ones. */
export function checkedLengths(call: NodeCall, lengths: readonly number[]): readonly number[] {
  if (lengths.every((d) => Number.isSafeInteger(d) && d >= 0)) return lengths;
  throw new ShapeError(call.where, "whole numbers of at least 0", showShape(lengths));
}

/** A shape in which 0 takes the input's length (unless `literal`) and −1 what is left. @throws {ShapeError} */
export function resolvedShape(call: NodeCall, wanted: readonly number[], from: readonly number[], literal: boolean) {
  const shape = wanted.map((d, axis) => (d === 0 && !literal ? (from[axis] ?? 0) : d));
  const open = shape.indexOf(-1);
  if (open >= 0) {
    shape[open] = 1;
    shape[open] = sizeOf(from) / Math.max(1, sizeOf(shape));
  }
  return checkedLengths(call, shape);
}
