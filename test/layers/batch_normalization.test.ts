import { expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("normalization", "BatchNormalization");

const names = (layer: layers.Layer) => layer.weights.map((w) => w.name);

it("has the weights that its options name, in Keras' order", () => {
  const built = (options: layers.BatchNormalizationOptions) => layers.batchNormalization(options).build([null, 3]);
  expect(names(built({}))).toEqual(["gamma", "beta", "moving_mean", "moving_variance"]);
  expect(names(built({ center: false, scale: false }))).toEqual(["moving_mean", "moving_variance"]);
  expect(names(built({ renorm: true }))).toEqual([
    ..."gamma beta moving_mean moving_variance moving_stddev renorm_mean renorm_stddev".split(" "),
  ]);
  expect(built({}).weights.map((w) => w.trainable)).toEqual([true, true, false, false]);
});

it("begins as the identity, but for epsilon, and sees new weights", () => {
  const layer = layers.batchNormalization({ epsilon: 0 });
  expect(layer.apply([[1, -2]]).toArray()).toEqual([[1, -2]]);
  layer.setWeights([
    [2, 2],
    [1, 0],
    [1, 1],
    [4, 4],
  ]);
  expect(layer.apply([[3, 1]]).toArray()).toEqual([[3, 0]]);
});

it("refuses what does not fit", () => {
  expect(() => layers.batchNormalization({ axis: 0.5 })).toThrow(ConfigError);
  expect(() => layers.batchNormalization({ epsilon: -1 })).toThrow("epsilon: expected a number of at least 0, got -1");
  expect(() => layers.batchNormalization({ axis: 2, name: "it" }).apply([[1]])).toThrow(
    "it: expected an input with axis 2",
  );
  expect(() => layers.batchNormalization({ name: "it" }).build([null, null])).toThrow("it: expected a known axis 1");
  const layer = layers.batchNormalization({ name: "it" }).build([null, 3]);
  const wide = tensor(new Float32Array(4), [1, 4]);
  expect(() => layer.apply(wide)).toThrow("it: expected 3 elements on axis 1, as it was built with, got [1, 4]");
});
