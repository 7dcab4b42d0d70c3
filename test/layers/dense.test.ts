import { expect, it } from "vitest";
import { ConfigError, ShapeError, StateError, UnsupportedError, WeightError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("core", "Dense");

it("sees new weights, and keeps its own when some do not fit", () => {
  const layer = layers.dense({ units: 1 }).build([null, 2]);
  layer.setWeights([[[1], [2]], [3]]);
  expect(layer.apply([[1, 1]]).toArray()).toEqual([[6]]);
  expect(() =>
    layer.setWeights([
      [[1], [2]],
      [3, 4],
    ]),
  ).toThrow(WeightError);
  expect(layer.apply([[1, 1]]).toArray()).toEqual([[6]]);
});

it("refuses what does not fit", () => {
  expect(() => layers.dense({ units: 0, name: "it" })).toThrow("it.units: expected a positive integer, got 0");
  expect(() => layers.dense({ units: 1, activation: "typo" })).toThrow(ConfigError);
  expect(() => layers.dense({ units: 1, quantizationConfig: {} as never })).toThrow(UnsupportedError);
  expect(() => layers.dense({ units: 1 }).getWeights()).toThrow(StateError);
  const layer = layers.dense({ units: 1, name: "it" });
  expect(() => layer.build([null, null])).toThrow(ShapeError);
  layer.build([null, 3]);
  expect(() => layer.apply(tensor([[1, 2]]))).toThrow("it: expected 3 features, as it was built with, got [1, 2]");
  expect(() => layer.apply([1, 2, 3])).toThrow("it: expected [batch, …, features], got [3]");
});
