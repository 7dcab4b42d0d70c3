/** Axes by number. */

import { ShapeError } from "../errors";

/** An axis counted from the front. */
export function axisOf(where: string, axis: number, rank: number): number {
  if (axis >= -rank && axis < rank && Number.isInteger(axis)) return axis < 0 ? axis + rank : axis;
  throw new ShapeError(where, `an input with axis ${axis}`, `one of ${rank} axes`);
}

/** Axes counted from the front, in ascending order, each once; all of them by default. */
export function axesOf(where: string, axes: number | readonly number[] | null | undefined, rank: number): number[] {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = typeof axes === "number" ? [axes] : axes;
  return [...new Set(list.map((axis) => axisOf(where, axis, rank)))].sort((a, b) => a - b);
}
