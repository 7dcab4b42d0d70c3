/** One weight of a layer: its name, its shape and its numbers. */

import { showShape, WeightError } from "../errors";
import type { Initializer } from "../initializers";
import { sizeOf } from "../tensor";

export class Weight {
  private values: Float32Array | undefined;

  constructor(
    /** The Keras name: `kernel`, `recurrent_kernel`, `bias`, … */
    readonly name: string,
    readonly shape: readonly number[],
    private readonly initializer: Initializer,
    readonly trainable: boolean,
  ) {}

  get size(): number {
    return sizeOf(this.shape);
  }

  /** The numbers in C order; made by the initializer when nobody has set them. Not to be written to. */
  get data(): Float32Array {
    this.values ??= this.initializer(this.shape);
    return this.values;
  }

  /** Refuses numbers of another shape. `where` is the layer's name. */
  check(where: string, shape: readonly number[]): void {
    if (shape.length === this.shape.length && shape.every((d, k) => d === this.shape[k])) return;
    throw new WeightError(`${where}/${this.name}`, showShape(this.shape), showShape(shape));
  }

  /** Copies the numbers, into the array that {@link Weight.data} has given out if it has. */
  set(values: ArrayLike<number>): void {
    if (this.values) this.values.set(values);
    else this.values = Float32Array.from(values);
  }

  /** Takes the numbers as they are, in memory that nobody writes to any more. */
  share(values: Float32Array): void {
    this.values = values;
  }
}
