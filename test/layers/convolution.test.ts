import { describe, expect, it } from "vitest";
import { ConfigError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("convolution", "Conv1D", "Conv2D");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  /** More windows than are copied at a time: 40 · 41 rows of 7 · 7 · 8 floats. */
  it("takes images piece by piece", () => {
    const layer = layers.conv2d({ filters: 3, kernelSize: 7, padding: "same", useBias: false });
    const x = randomTensor([1, 40, 41, 8], 5);
    layer.build([null, null, null, 8]).setWeights([randomTensor([7, 7, 8, 3], 6)]);
    const kernel = layer.getWeights()[0]?.data as Float32Array;
    const wanted = Array.from({ length: 40 * 41 * 3 }, (_, k) => {
      const [row, col, filter] = [Math.floor(k / 123), Math.floor(k / 3) % 41, k % 3];
      let sum = 0;
      for (let p = 0; p < 7; p++) {
        for (let q = 0; q < 7; q++) {
          const [i, j] = [row + p - 3, col + q - 3];
          if (i < 0 || j < 0 || i > 39 || j > 40) continue;
          for (let c = 0; c < 8; c++) {
            sum += (x.data[(i * 41 + j) * 8 + c] as number) * (kernel[((p * 7 + q) * 8 + c) * 3 + filter] as number);
          }
        }
      }
      return sum;
    });
    expectClose(layer.apply(x), { shape: [1, 40, 41, 3], data: wanted }, 2e-5, 1e-5);
  });

  it("a sample's result does not depend on the batch", () => {
    const x = randomTensor([5, 9, 3], 1);
    for (const dilationRate of [1, 2]) {
      const layer = layers.conv1d({ filters: 4, kernelSize: 3, padding: "same", dilationRate });
      const second = layer.apply(x).data.slice(36, 72);
      expect(layer.apply(tensor(x.data.slice(27, 54), [1, 9, 3])).data).toEqual(second);
    }
  });
});

it("knows shapes as far as they are known", () => {
  const options = { filters: 2, kernelSize: 3 };
  const shape = (layer: layers.Layer, of: (number | null)[]) => layer.outputShapes([of])[0];
  expect(shape(layers.conv1d(options), [null, null, 4])).toEqual([null, null, 2]);
  expect(shape(layers.conv1d({ ...options, strides: 2 }), [null, 8, 4])).toEqual([null, 3, 2]);
  expect(shape(layers.conv1d({ ...options, padding: "same", strides: 3 }), [null, 8, 4])).toEqual([null, 3, 2]);
  expect(shape(layers.conv1d({ ...options, padding: "causal" }), [null, 2, 4])).toEqual([null, 2, 2]);
  expect(shape(layers.conv2d({ ...options, dilationRate: [1, 2] }), [null, 8, 8, 4])).toEqual([null, 6, 4, 2]);
});

it("refuses what does not fit", () => {
  const options = { filters: 4, kernelSize: 2 };
  expect(() => layers.conv1d({ ...options, filters: 0 })).toThrow("filters: expected a positive integer, got 0");
  expect(() => layers.conv1d({ ...options, groups: 3 })).toThrow("filters: expected a multiple of groups (3), got 4");
  expect(() => layers.conv1d({ ...options, kernelSize: [1, 2] })).toThrow(ConfigError);
  expect(() => layers.conv2d({ ...options, padding: "causal" })).toThrow('one of "valid", "same", got "causal"');
  expect(() => layers.conv1d({ ...options, strides: 2, dilationRate: 2 })).toThrow(UnsupportedError);
  expect(() => layers.conv1d({ ...options, dataFormat: "channels_first" as never })).toThrow("got channels_first");
  expect(() => layers.conv1d({ ...options, loraRank: 2 as never })).toThrow("conv1d.loraRank: expected null, got 2");
  expect(() => layers.conv1d({ ...options, activation: "typo" })).toThrow("activation: expected one of linear");
  const layer = layers.conv1d({ ...options, groups: 2, name: "it" });
  expect(() => layer.apply([[[1], [2]]])).toThrow("it: expected channels that make 2 groups, got [1, 2, 1]");
  layer.build([null, null, 2]);
  expect(() => layer.apply([[[1, 2]]])).toThrow("it: expected at least 2 along axis 1, got [1, 1, 2]");
  expect(() =>
    layer.apply([
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
    ]),
  ).toThrow("it: expected 2 elements on axis -1");
  expect(() => layers.conv1d(options).build([null, null, null])).toThrow("expected a known axis -1");
});
