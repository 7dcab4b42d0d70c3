import { expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("normalization", "Normalization");

it("has weights only when mean and variance are not given", () => {
  const adapted = layers.normalization({ axis: [1, -1] }).build([null, 4, 3]);
  expect(adapted.weights.map((w) => [w.name, w.shape, w.trainable])).toEqual([
    ["mean", [4, 3], false],
    ["variance", [4, 3], false],
    ["count", [], false],
  ]);
  expect(layers.normalization({ mean: 0, variance: 1 }).build([null, 3]).weights).toEqual([]);
});

it("begins as the identity, keeps far means exact and never divides by 0", () => {
  expect(
    layers
      .normalization()
      .apply([[1, -2]])
      .toArray(),
  ).toEqual([[1, -2]]);
  const far = layers.normalization({ mean: [1e6], variance: [0.25] });
  expect(far.apply([[1e6 + 0.5]]).toArray()).toEqual([[1]]);
  const still = layers.normalization({ mean: 1, variance: 0 });
  expect(still.apply([[1]]).toArray()).toEqual([[0]]);
});

it("sees new statistics", () => {
  const layer = layers.normalization({ axis: null }).build([null, 2]);
  layer.setWeights([1, 4, 9]);
  expect(layer.apply([[3, 1]]).toArray()).toEqual([[1, 0]]);
});

it("reads arrays as NumPy wrote them", () => {
  const written = { class_name: "__numpy__", config: { value: [1, 2], dtype: "float32" } } as const;
  expect(
    layers
      .normalization({ mean: written, variance: [1, 1] })
      .apply([[1, 2]])
      .toArray(),
  ).toEqual([[0, 0]]);
});

it("refuses what does not fit", () => {
  expect(() => layers.normalization({ mean: 1, name: "it" })).toThrow("it.mean: expected mean and variance together");
  expect(() => layers.normalization({ mean: [1, 2], variance: [1] })).toThrow("two arrays of one shape");
  expect(() => layers.normalization({ mean: [[1]], variance: [[1]] })).toThrow(
    "of at most 1 axes, got [1, 1] and [1, 1]",
  );
  expect(() => layers.normalization({ mean: "x" as never, variance: 1 })).toThrow(ConfigError);
  expect(() => layers.normalization({ mean: Number.NaN, variance: 1 })).toThrow("expected finite numbers");
  expect(() => layers.normalization({ name: "it" }).build([null, null])).toThrow("it: expected a known axis 1");
  const layer = layers.normalization({ name: "it" }).build([null, 3]);
  expect(() => layer.apply([[1]])).toThrow("it: expected 3 elements on axis 1, as it was built with, got [1, 1]");
});
