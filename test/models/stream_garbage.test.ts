import { PerformanceObserver } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import * as layers from "../../src/layers/index";
import { input } from "../../src/layers/input_layer";
import { model } from "../../src/models/functional";
import type { Model } from "../../src/models/model";
import { sequential } from "../../src/models/sequential";

const STEPS = 1_000_000;
/** Bytes a step that would show an allocation: the smallest object has 12. */
const LEAST_OBJECT = 12;

it("steps a million times without garbage: no collection, no growth", async () => {
  const collect = globalThis.gc as () => void;
  const stack = [layers.lstm({ units: 8, inputShape: [null, 4] }), layers.dense({ units: 1 })];
  const stream = sequential({ layers: stack }).createStream();
  const frame = Float32Array.of(0.1, 0.2, 0.3, 0.4);
  const run = (steps: number) => {
    for (let k = 0; k < steps; k++) stream.step(frame);
  };
  run(100_000); // until the compiler has finished
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  collect();
  observer.observe({ entryTypes: ["gc"] });
  const before = process.memoryUsage().heapUsed;
  run(STEPS);
  const grown = process.memoryUsage().heapUsed - before;
  await new Promise((resolve) => setTimeout(resolve, 20)); // entries are delivered later
  observer.disconnect();
  expect(collections).toBe(0);
  expect(grown).toBeLessThan((STEPS * LEAST_OBJECT) / 10);
});

describe("a step makes no garbage in", () => {
  const WIDTH = 4;
  const ROUND = 30_000;
  /** At most, until there is one in which the compiler has nothing left to do. */
  const ROUNDS = 20;
  const CAUSAL = { filters: 4, kernelSize: 3, padding: "causal" } as const;
  const stack = (...all: layers.Layer[]) =>
    sequential({ layers: [layers.inputLayer({ shape: [null, WIDTH] }), ...all] });
  const ids = (...all: layers.Layer[]) => sequential({ layers: [layers.inputLayer({ shape: [null] }), ...all] });
  const frames = (layer: layers.Layer) => {
    const timed = layers.timeDistributed({ layer });
    return sequential({ layers: [layers.inputLayer({ shape: [null, 6, WIDTH] }), timed] });
  };
  const branches = () => {
    const [x, z] = [input({ shape: [null, WIDTH] }), input({ shape: [null, 2] })];
    const h = layers.gru({ units: WIDTH, returnSequences: true }).apply(layers.concatenate().apply([x, z]));
    return model({ inputs: [x, z], outputs: [h, layers.dense({ units: 2 }).apply(layers.add().apply([x, h]))] });
  };
  const cell = () =>
    layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 4, resetAfter: false })] });
  const kinds: Record<string, () => Model> = {
    "causal conv1d": () => stack(layers.conv1d(CAUSAL)),
    "dilated conv1d": () => stack(layers.conv1d({ ...CAUSAL, dilationRate: 2, activation: "relu" })),
    "grouped conv1d": () => stack(layers.conv1d({ ...CAUSAL, groups: 2 })),
    "conv1d of one timestep": () => stack(layers.conv1d({ filters: 3, kernelSize: 1 })),
    batchNormalization: () => stack(layers.batchNormalization()),
    layerNormalization: () => stack(layers.layerNormalization()),
    normalization: () => stack(layers.normalization({ mean: 1, variance: 2 })),
    rescaling: () => stack(layers.rescaling({ scale: 0.5 })),
    prelu: () => stack(layers.prelu({ sharedAxes: 1 })),
    softmax: () => stack(layers.softmax(), layers.dense({ units: 3, activation: "softmax" })),
    "masking and lstm": () => stack(layers.masking(), layers.lstm({ units: 3 })),
    "masked embedding and gru": () =>
      ids(layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }), layers.gru({ units: 3 })),
    "embedding and dense": () => ids(layers.embedding({ inputDim: 5, outputDim: 3 }), layers.dense({ units: 3 })),
    "simpleRNN, activation by name": () => stack(layers.simpleRNN({ units: 3, activation: "softsign" })),
    "stacked cells": () => stack(layers.rnn({ cell: cell() })),
    "timeDistributed conv1d": () => frames(layers.conv1d({ filters: 2, kernelSize: 2 })),
    "timeDistributed lstm": () => frames(layers.lstm({ units: 2 })),
    "nested models": () => stack(stack(layers.lstm({ units: 4, returnSequences: true })), layers.gru({ units: 2 })),
    "several inputs and outputs": branches,
    "layers behind the last timestep": () =>
      stack(
        layers.lstm({ units: 2 }),
        layers.repeatVector({ n: 3 }),
        layers.bidirectional({ layer: layers.lstm({ units: 2 }) }),
      ),
  };

  it.each(Object.keys(kinds))("%s", (name) => {
    const stream = (kinds[name] as () => Model)().createStream();
    const growth = () => {
      (globalThis.gc as () => void)();
      const before = process.memoryUsage().heapUsed;
      for (let k = 0; k < ROUND; k++) stream.step();
      return process.memoryUsage().heapUsed - before;
    };
    let least = growth();
    for (let round = 1; round < ROUNDS && least > 0; round++) least = Math.min(least, growth());
    expect(least).toBeLessThan((ROUND * LEAST_OBJECT) / 10);
  });
});
