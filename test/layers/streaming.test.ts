/** Layers that need no later timesteps step through a stream with the numbers of `predict`, bit for bit. */

import { describe, expect, it } from "vitest";
import * as layers from "../../src/layers/index";
import { sequential } from "../../src/models/sequential";
import { BUILDS, randomTensor, useBuild } from "../support";

const T = 7;
const C = 5;
const CAUSAL = { filters: 6, kernelSize: 3, padding: "causal" } as const;

const STEPPED: [name: string, make: () => layers.Layer][] = [
  ["activation", () => layers.activation({ activation: "softmax" })],
  ["batchNormalization", () => layers.batchNormalization({ gammaInitializer: "random_normal" })],
  ["causal conv1d", () => layers.conv1d(CAUSAL)],
  ["causal conv1d, dilated", () => layers.conv1d({ ...CAUSAL, dilationRate: 2, activation: "relu" })],
  ["causal conv1d, grouped", () => layers.conv1d({ ...CAUSAL, filters: 10, groups: 5 })],
  ["conv1d of one timestep", () => layers.conv1d({ filters: 4, kernelSize: 1 })],
  ["dropout", () => layers.dropout({ rate: 0.5 })],
  ["layerNormalization", () => layers.layerNormalization()],
  ["normalization", () => layers.normalization({ mean: 1, variance: 2 })],
  ["prelu", () => layers.prelu({ alphaInitializer: "random_normal", sharedAxes: 1 })],
  ["relu", () => layers.relu({ maxValue: 0.5 })],
  ["rescaling", () => layers.rescaling({ scale: 0.5, offset: 1 })],
  ["softmax", () => layers.softmax()],
];

const REFUSED: [name: string, make: () => layers.Layer][] = [
  ["conv1d, valid", () => layers.conv1d({ filters: 2, kernelSize: 2 })],
  ["conv1d, causal with strides", () => layers.conv1d({ ...CAUSAL, strides: 2 })],
  ["cropping1d", () => layers.cropping1d()],
  ["globalAveragePooling1d", () => layers.globalAveragePooling1d()],
  ["groupNormalization", () => layers.groupNormalization({ groups: 1 })],
  ["layerNormalization over time", () => layers.layerNormalization({ axis: [1, 2] })],
  ["maxPooling1d", () => layers.maxPooling1d()],
  ["normalization over time", () => layers.normalization({ axis: 1 })],
  ["prelu over time", () => layers.prelu()],
  ["softmax over time", () => layers.softmax({ axis: 1 })],
];

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each(STEPPED)("%s", (_, make) => {
    const model = sequential({ layers: [layers.inputLayer({ shape: [T, C] }), make()] });
    const x = randomTensor([2, T, C], 1);
    const whole = model.predict(x);
    const stream = model.createStream({ batch: 2 });
    const width = whole.shape[2] as number;
    for (let turn = 0; turn < 2; turn++) {
      for (let t = 0; t < T; t++) {
        for (let b = 0; b < 2; b++) {
          const from = (b * T + t) * C;
          stream.input.set(x.data.subarray(from, from + C), b * C);
        }
        stream.step();
        for (let b = 0; b < 2; b++) {
          const from = (b * T + t) * width;
          const wanted = whole.data.slice(from, from + width);
          expect(stream.output.slice(b * width, (b + 1) * width)).toEqual(wanted);
        }
      }
      stream.reset();
    }
  });

  it.each(REFUSED)("%s is refused by name", (_, make) => {
    const layer = make();
    const model = sequential({ layers: [layers.inputLayer({ shape: [T, C] }), layer] });
    expect(() => model.createStream()).toThrow(`stream, ${layer.name} (${layer.className}): expected a layer that`);
  });
});
