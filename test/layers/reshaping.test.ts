import { expect, it } from "vitest";
import { ConfigError, ShapeError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("shaping", "Flatten", "Reshape", "Permute", "RepeatVector");

it("knows shapes as far as they are known", () => {
  const shape = (layer: layers.Layer, of: (number | null)[]) => layer.outputShapes([of])[0];
  expect(shape(layers.flatten(), [null, 2, 3])).toEqual([null, 6]);
  expect(shape(layers.flatten(), [null, null, 3])).toEqual([null, null]);
  expect(shape(layers.reshape({ targetShape: [-1, 2] }), [null, null, 2])).toEqual([null, null, 2]);
  expect(shape(layers.reshape({ targetShape: [-1, 2] }), [null, 3, 2])).toEqual([null, 3, 2]);
  expect(shape(layers.permute({ dims: [2, 1] }), [null, null, 2])).toEqual([null, 2, null]);
  expect(shape(layers.repeatVector({ n: 4 }), [null, 2])).toEqual([null, 4, 2]);
});

it("gives the caller numbers of his own", () => {
  const x = tensor([[1, 2]]);
  expect(layers.flatten().apply(x).data).not.toBe(x.data);
});

it("refuses what does not fit", () => {
  expect(() => layers.flatten({ dataFormat: "channels_first" as never })).toThrow(UnsupportedError);
  expect(() => layers.flatten({ dataFormat: "nhwc" as never })).toThrow(ConfigError);
  expect(() => layers.reshape({ targetShape: [-1, -1] })).toThrow(
    "positive lengths, one of which may be -1, got [-1, -1]",
  );
  expect(() => layers.reshape({ targetShape: 4 as never })).toThrow(ConfigError);
  const reshape = layers.reshape({ targetShape: [2, 2], name: "it" });
  expect(() => reshape.apply([[1, 2, 3]])).toThrow("it: expected samples that fill [2, 2], got [1, 3]");
  expect(() => layers.reshape({ targetShape: [-1, 2] }).apply([[1, 2, 3]])).toThrow(ShapeError);
  expect(() => layers.permute({ dims: [0, 1] })).toThrow("dims: expected the axes 1, 2, … in some order, got [0, 1]");
  expect(() => layers.permute({ dims: [2, 1] }).apply([[1]])).toThrow("expected an input of 3 axes, got [1, 1]");
  expect(() => layers.repeatVector({ n: 0 })).toThrow("n: expected a positive integer, got 0");
  expect(() => layers.repeatVector({ n: 2 }).apply([[[1]]])).toThrow("expected [batch, features], got [1, 1, 1]");
});
