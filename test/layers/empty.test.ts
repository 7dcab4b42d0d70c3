/** Batches of nothing, and sequences of nothing. */

import { expect, it } from "vitest";
import * as layers from "../../src/layers/index";
import { type Tensor, tensor } from "../../src/tensor";

const LAYERS: [name: string, make: () => layers.Layer<layers.Result>, inputs: number][] = [
  ["activation", () => layers.relu(), 1],
  ["attention", () => layers.attention(), 2],
  ["concatenate", () => layers.concatenate(), 2],
  ["convolution", () => layers.conv1d({ filters: 2, kernelSize: 2, padding: "same" }), 1],
  ["dense", () => layers.dense({ units: 2 }), 1],
  ["dot", () => layers.dot({ axes: 2 }), 2],
  ["flatten", () => layers.flatten(), 1],
  ["global pooling", () => layers.globalMaxPooling1d(), 1],
  ["merging", () => layers.add(), 2],
  ["normalization", () => layers.layerNormalization(), 1],
  ["padding", () => layers.zeroPadding1d(), 1],
  ["softmax", () => layers.softmax({ axis: 1 }), 1],
];

const given = (count: number, shape: number[]) => {
  const x = tensor(new Float32Array(0), shape);
  return count === 1 ? x : [x, x];
};

it.each(LAYERS)("%s gives nothing for a batch of nothing", (_, make, count) => {
  const y = make().apply(given(count, [0, 4, 3])) as Tensor;
  expect(y.shape[0]).toBe(0);
  expect(y.data.length).toBe(0);
});

it("refuses a sample of nothing", () => {
  const x = tensor(new Float32Array(0), [2, 0]);
  expect(() => layers.dense({ units: 1 }).apply(x)).toThrow(
    "expected at least one element along each axis, got [2, 0]",
  );
});

it.each(LAYERS)("%s refuses a sequence of nothing", (_, make, count) => {
  expect(() => make().apply(given(count, [2, 0, 3]))).toThrow("expected at least one timestep, got [2, 0, 3]");
});
