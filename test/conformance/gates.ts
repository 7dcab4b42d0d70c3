/** Weights of other libraries in the order of Keras. */

import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";

/** [blocks · units, inputs] → [inputs, blocks · units], the blocks in another order. */
export function transposed(weight: Tensor, order: readonly number[]): Tensor {
  const blocks = ops.split(weight, order.length, 0);
  return ops.transpose(
    ops.concat(
      order.map((k) => blocks[k] as Tensor),
      0,
    ),
  );
}

/** The blocks of a bias in another order. */
export function reordered(bias: Tensor, order: readonly number[]): Tensor {
  const blocks = ops.split(bias, order.length, 0);
  return ops.concat(order.map((k) => blocks[k] as Tensor));
}

/** True for the first `lengths[row]` timesteps of each row. */
export function maskOf(lengths: readonly number[], timesteps: number): boolean[][] {
  return lengths.map((length) => Array.from({ length: timesteps }, (_, t) => t < length));
}
