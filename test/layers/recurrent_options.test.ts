import { describe, expect, it } from "vitest";
import { deserialize } from "../../src/layers/deserialize";
import { input } from "../../src/layers/input_layer";
import { gru, gruCell } from "../../src/layers/recurrent/gru";
import { lstm, lstmCell } from "../../src/layers/recurrent/lstm";
import { rnn } from "../../src/layers/recurrent/rnn";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { sequential } from "../../src/models/sequential";
import { randomTensor } from "../support";

const SHARED = {
  return_sequences: false,
  return_state: false,
  go_backwards: false,
  stateful: false,
  unroll: false,
  zero_output_for_mask: false,
};
const TRAINING = { dropout: 0, recurrent_dropout: 0, kernel_regularizer: null, activity_regularizer: null };

describe("defaults are those of Keras 3", () => {
  it.each([
    ["simpleRNN", simpleRNN({ units: 3 }), { activation: "tanh", use_bias: true }],
    [
      "lstm",
      lstm({ units: 3 }),
      { activation: "tanh", recurrent_activation: "sigmoid", unit_forget_bias: true, seed: null },
    ],
    ["gru", gru({ units: 3 }), { activation: "tanh", recurrent_activation: "sigmoid", reset_after: true, seed: null }],
  ])("%s", (_, layer, own) => {
    expect(layer.getConfig()).toMatchObject({ ...SHARED, units: 3, use_bias: true, ...own, ...TRAINING });
  });

  it("keeps the order of Keras", () => {
    const keys = Object.keys(lstm({ units: 3 }).getConfig());
    expect(keys.slice(0, 13).join(" ")).toBe(
      "name trainable dtype return_sequences return_state go_backwards stateful unroll zero_output_for_mask units " +
        "activation recurrent_activation use_bias",
    );
    expect(Object.keys(simpleRNN({ units: 1 }).getConfig())).not.toContain("seed");
  });

  it("makes the same layer again of its configuration", () => {
    const layer = gru({ units: 3, returnSequences: true, resetAfter: false, dropout: 0.5, seed: 7, name: "again" });
    expect(deserialize({ class_name: "GRU", config: layer.getConfig() }).getConfig()).toEqual(layer.getConfig());
    const stack = rnn({ cell: [lstmCell({ units: 2, name: "a" }), gruCell({ units: 3, name: "b" })], name: "stack" });
    expect(deserialize({ class_name: "RNN", config: stack.getConfig() }).getConfig()).toEqual(stack.getConfig());
  });
});

describe("options of Keras 2", () => {
  it.each([
    { inputShape: [2, 10] },
    { inputLength: 2, inputDim: 10 },
    { batchInputShape: [null, 2, 10] },
    { inputDim: 10 },
  ])("%j tells the input shape", (options) => {
    const m = sequential({ layers: [simpleRNN({ units: 3, ...options })] });
    expect(m.countParams()).toBe(42);
    expect(m.outputs[0]?.shape).toEqual([null, 3]);
  });

  it("takes what does nothing, and refuses what is not done", () => {
    lstm({ units: 2, implementation: 1, useCudnn: "auto", timeMajor: false });
    const made = (options: object) => lstm({ units: 2, ...options });
    expect(() => made({ timeMajor: true })).toThrow("lstm.timeMajor: expected false, got true");
    expect(() => made({ typo: 1 })).toThrow(/^lstm\.typo: expected one of returnSequences/);
  });
});

describe("refuses, saying what it wanted", () => {
  it.each([0, -1, 2.5, "3", null, Number.NaN])("units %s", (units) => {
    expect(() => gru({ units: units as number, name: "g" })).toThrow(/^g\.units: expected a positive integer, got /);
  });

  it("flags that are neither true nor false, and unknown activations", () => {
    expect(() => lstm({ units: 2, name: "l", returnState: 1 as unknown as boolean })).toThrow(
      "l.returnState: expected true or false, got 1",
    );
    expect(() => lstm({ units: 2, activation: "typo" })).toThrow(/activation: expected one of linear, tanh/);
    expect(() => lstm({ units: 2, activation: "glu" })).toThrow(/expected an activation that keeps the width, got glu/);
  });

  it("inputs of another rank, width or length", () => {
    const layer = lstm({ units: 2, name: "l" });
    expect(() => layer.apply([[1, 2]])).toThrow("l: expected [batch, timesteps, features], got [1, 2]");
    layer.apply(randomTensor([1, 4, 3], 1));
    expect(() => layer.apply(randomTensor([1, 4, 5], 1))).toThrow(
      "l: expected 3 features, as it was built with, got [1, 4, 5]",
    );
    expect(() => layer.apply(randomTensor([1, 0, 3], 1))).toThrow("l: expected at least one timestep, got [1, 0, 3]");
    expect(layer.apply(randomTensor([0, 4, 3], 1)).shape).toEqual([0, 2]);
    expect(layer.apply(randomTensor([2, 1, 3], 1)).shape).toEqual([2, 2]);
  });

  it("states that do not fit, numbers and symbols alike", () => {
    const layer = lstm({ units: 2, name: "l" });
    const [h, wide] = [randomTensor([1, 2], 1), randomTensor([1, 3], 1)];
    const x = randomTensor([1, 4, 3], 1);
    const wanted = "l, initialState: expected 2 states [1, 2], [1, 2], got ";
    expect(() => layer.apply(x, { initialState: h })).toThrow(`${wanted}[1, 2]`);
    expect(() => layer.apply(x, { initialState: [h, wide] })).toThrow(`${wanted}[1, 2], [1, 3]`);
    expect(() => layer.apply(input({ shape: [4, 3] }), { initialState: [input({ shape: [2] })] })).toThrow(
      "l, initialState: expected 2 states [null, 2], [null, 2], got [null, 2]",
    );
  });

  it("masks that do not fit", () => {
    const layer = lstm({ units: 2, name: "l" });
    const x = randomTensor([2, 4, 3], 1);
    expect(() => layer.apply(x, { mask: randomTensor([2, 5], 1) })).toThrow("l, mask: expected [2, 4], got [2, 5]");
    expect(() => layer.apply(x, { mask: randomTensor([2, 4, 3], 1) })).toThrow(
      "l, mask: expected [2, 4], got [2, 4, 3]",
    );
    expect(layer.apply(x, { mask: randomTensor([2, 4, 1], 1) }).shape).toEqual([2, 2]);
  });

  it("to unroll what has no length", () => {
    const layer = simpleRNN({ units: 2, unroll: true, name: "s" });
    expect(() => layer.apply(input({ shape: [null, 3] }))).toThrow(
      "s: expected a known number of timesteps to unroll, got [null, null, 3]",
    );
  });

  it("training", () => {
    const layer = simpleRNN({ units: 2 });
    expect(() => layer.apply([[[1]]], { training: true as unknown as false })).toThrow(
      /training: expected false, got true/,
    );
  });
});
