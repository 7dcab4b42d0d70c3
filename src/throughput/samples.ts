/** Samples without a batch axis: many as one batch, and the results one by one. */

import { sizeOf, Tensor, type TensorData } from "../tensor";

/** The tensors of one sample, one a model input, of its own numbers. */
export type Sample = readonly Tensor[];

/** What samples must have in common to share a batch: results then are those of each alone, without padding. */
export function shapeKey(sample: Sample): string {
  return sample.map(({ dtype, shape }) => `${dtype}:${shape.join("x")}`).join(" ");
}

/** Samples of one shape as a batch: [samples, …] an input. */
export function stacked(samples: readonly Sample[]): readonly Tensor[] {
  const [first = []] = samples;
  return first.map(({ shape, dtype, data }, k) => {
    const all = new (data.constructor as new (size: number) => TensorData)(samples.length * data.length);
    samples.forEach((sample, row) => {
      all.set((sample[k] as Tensor).data, row * data.length);
    });
    return new Tensor([samples.length, ...shape], dtype, all);
  });
}

/** One row of each result, without the batch axis. */
export function sampleOf(results: readonly Tensor[], row: number): Sample {
  return results.map(({ shape, dtype, data }) => {
    const rest = shape.slice(1);
    const size = sizeOf(rest);
    return new Tensor(rest, dtype, data.slice(row * size, (row + 1) * size));
  });
}
