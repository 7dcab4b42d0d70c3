/** What layers ask of the shapes of their inputs. */

import { ConfigError, ShapeError, show, showShape } from "../errors";
import type { SymbolicShape } from "./symbolic";

export { axisOf } from "../ops/axes";

/**
 * The shape of the one input of a layer.
 *
 * @param axes What the axes are, for messages: `[batch, timesteps, features]`.
 * @param rank How many axes there must be; any number when absent.
 * @throws {ShapeError} for several inputs and for another rank.
 */
export function onlyShape(where: string, shapes: readonly SymbolicShape[], axes: string, rank?: number): SymbolicShape {
  const [shape] = shapes;
  if (!shape || shapes.length > 1) throw new ShapeError(where, "one input", `${shapes.length}`);
  const fits = rank === undefined ? shape.length > 0 : shape.length === rank;
  if (!fits) throw new ShapeError(where, axes, showShape(shape));
  return shape;
}

/**
 * The length of an axis that weights depend on.
 * @throws {ShapeError} when it is not known, or not `built`, the length that the weights were made for.
 */
export function knownLength(where: string, shape: SymbolicShape, axis: number, built?: number): number | null {
  const length = shape.at(axis) ?? null;
  if (built !== undefined && length !== null && length !== built) {
    throw new ShapeError(where, `${built} elements on axis ${axis}, as it was built with`, showShape(shape));
  }
  if (built === undefined && length === null) throw new ShapeError(where, `a known axis ${axis}`, showShape(shape));
  return length;
}

/** A list of axes: a whole number, or several. */
export function axesOption(where: string, value: unknown): readonly number[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((axis) => Number.isSafeInteger(axis))) return list;
  throw new ConfigError(where, "a whole number or a list of them", show(value));
}
