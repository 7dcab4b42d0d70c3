import { describe, expect, it } from "vitest";
import { ConfigError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("normalization", "LayerNormalization");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("leaves rows of mean 0 and variance 1, wherever they began", () => {
    const x = randomTensor([4, 33], 1, 3);
    const far = tensor(
      x.data.map((v) => v + 10),
      x.shape,
    );
    const y = layers.layerNormalization({ epsilon: 0 }).apply(far);
    for (let row = 0; row < 4; row++) {
      const values = [...y.data.subarray(33 * row, 33 * row + 33)];
      const mean = values.reduce((sum, v) => sum + v, 0) / 33;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 33;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 4);
    }
    expectClose(y, layers.layerNormalization({ epsilon: 0 }).apply(x), 1e-5, 1e-5);
  });
});

it("has weights as long as its axes, in the order in which Keras sorts them", () => {
  const shapes = (axis: number | number[]) =>
    layers
      .layerNormalization({ axis })
      .build([null, 2, 3, 4])
      .weights.map((w) => w.shape);
  expect(shapes(-1)).toEqual([[4], [4]]);
  expect(shapes([2, 1])).toEqual([
    [2, 3],
    [2, 3],
  ]);
  expect(shapes([1, -1])).toEqual([
    [4, 2],
    [4, 2],
  ]);
  const rms = layers.layerNormalization({ rmsScaling: true, scale: false }).build([null, 3]);
  expect(rms.weights.map((w) => w.name)).toEqual(["gamma"]);
});

it("refuses what does not fit", () => {
  expect(() => layers.layerNormalization({ axis: "last" as never })).toThrow(ConfigError);
  expect(() => layers.layerNormalization({ axis: 0 }).apply([[1]])).toThrow(UnsupportedError);
  expect(() => layers.layerNormalization({ name: "it" }).build([null, null])).toThrow("it: expected a known axis -1");
  const layer = layers.layerNormalization({ name: "it" }).build([null, 3]);
  expect(() => layer.apply([[1]])).toThrow("it: expected 3 elements on axis -1, as it was built with, got [1, 1]");
});
