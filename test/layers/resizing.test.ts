import { expect, it } from "vitest";
import { ConfigError, ShapeError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("shaping", "ZeroPadding1D", "Cropping1D", "UpSampling1D");

it("knows shapes as far as they are known", () => {
  const shape = (layer: layers.Layer, timesteps: number | null) => layer.outputShapes([[null, timesteps, 2]])[0]?.[1];
  expect(shape(layers.zeroPadding1d({ padding: [1, 2] }), 4)).toBe(7);
  expect(shape(layers.zeroPadding1d(), null)).toBe(null);
  expect(shape(layers.cropping1d({ cropping: [1, 2] }), 4)).toBe(1);
  expect(shape(layers.upSampling1d(), 4)).toBe(8);
});

it("refuses what does not fit", () => {
  const two = [[[1], [2]]];
  expect(() => layers.zeroPadding1d({ padding: -1 })).toThrow(ConfigError);
  expect(() => layers.zeroPadding1d({ padding: [1, 2, 3] as never })).toThrow("whole numbers of at least 0, 2 or one");
  expect(() => layers.zeroPadding1d({ dataFormat: "channels_first" as never })).toThrow(UnsupportedError);
  expect(() => layers.cropping1d({ name: "it" }).apply(two)).toThrow("it: expected more timesteps, got [1, 2, 1]");
  expect(() => layers.upSampling1d({ size: 1.5 })).toThrow(ConfigError);
  expect(() => layers.upSampling1d().apply([[1]])).toThrow(ShapeError);
});
