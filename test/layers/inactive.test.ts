import { expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras(
  "core",
  ..."Dropout SpatialDropout1D GaussianNoise GaussianDropout AlphaDropout ActivityRegularization Identity".split(" "),
);

it("gives the caller numbers of his own, of the type that came", () => {
  const x = tensor(new Int32Array([1, 2, 3]), [1, 3]);
  const y = layers.dropout({ rate: 0.5 }).apply(x);
  expect(y).toEqual(x);
  expect(y.data).not.toBe(x.data);
  expect(layers.identity().apply(layers.input({ shape: [2], dtype: "int32" })).dtype).toBe("int32");
});

it.each([
  ["dropout.rate", () => layers.dropout({ rate: -0.1, name: "dropout" })],
  ["alpha.rate", () => layers.alphaDropout({ rate: 2, name: "alpha" })],
  ["spatial.rate", () => layers.spatialDropout1d({ rate: Number.NaN, name: "spatial" })],
  ["gaussian.rate", () => layers.gaussianDropout({ rate: 1.5, name: "gaussian" })],
  ["noise.stddev", () => layers.gaussianNoise({ stddev: -1, name: "noise" })],
])("%s must be a share", (where, make) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(`${where}: expected a number between 0 and 1`);
});

it("refuses what does not fit", () => {
  expect(() => layers.dropout({} as { rate: number })).toThrow("dropout.rate: expected a value, got none");
  expect(() => layers.activityRegularization({ l1: "1" as unknown as number })).toThrow("l1: expected a number");
  expect(() => layers.spatialDropout1d({ rate: 0.5 }).apply([[1, 2]])).toThrow(ShapeError);
  expect(() => layers.identity().apply([tensor([[1]]), tensor([[1]])])).toThrow("expected one input, got 2");
  expect(() => layers.identity().apply([[1]], { training: true as false })).toThrow("training: expected false");
});
