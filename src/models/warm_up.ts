/** Calls that bring a model's code to its full speed. */

import { ArgumentError, show } from "../errors";
import { sizeOf, Tensor } from "../tensor";

/** One shape, batch axis included, or a list of shapes for several inputs. */
export type Shapes = readonly number[] | readonly (readonly number[])[];

/** After which the engine's compiler has reached its fastest code. */
const MS = 100;

/**
 * Predicts zeros until the engine's compiler has done its work.
 * @throws {ArgumentError} for lengths that are none: what a model leaves open has to be said. What `predict` throws.
 */
export function warmUp(where: string, shapes: Shapes, predict: (x: Tensor | Tensor[]) => unknown): void {
  const list = Array.isArray(shapes) && Array.isArray(shapes[0]) ? shapes : [shapes];
  const zeros = list.map((shape: readonly number[]) => {
    if (!Array.isArray(shape) || !shape.every((d) => Number.isSafeInteger(d) && d >= 0)) {
      throw new ArgumentError(`${where}.warmup`, "a shape of whole numbers, or one an input", show(shapes));
    }
    return new Tensor(shape, "float32", new Float32Array(sizeOf(shape)));
  });
  const until = Date.now() + MS;
  do predict(zeros.length === 1 ? (zeros[0] as Tensor) : zeros);
  while (Date.now() < until);
}
