/** Seeded numbers. */

import { sizeOf, Tensor } from "../src/tensor";

/** Numbers in [-scale, scale). */
export function seeded(shape: readonly number[], seed: number, scale: number): Tensor {
  let state = seed >>> 0;
  const values = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
  return new Tensor(shape, "float32", values);
}

/** Token ids below `vocabulary`. */
export function seededIds(shape: readonly number[], seed: number, vocabulary: number): Tensor {
  const ids = seeded(shape, seed, 1).data.map((x) => Math.floor(((x + 1) / 2) * vocabulary));
  return new Tensor(shape, "int32", Int32Array.from(ids));
}
