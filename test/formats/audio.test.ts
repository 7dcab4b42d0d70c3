import { describe, expect, it } from "vitest";
import { readGraph } from "../../src/config/graph";
import type { JsonObject, ModelSpec } from "../../src/spec";
import { random, readSpec, text } from "./support";

const next = random(5);
/** Nested lists of seeded numbers. */
const lists = (...shape: number[]): unknown =>
  shape.length === 0 ? next(1000) / 500 - 1 : Array.from({ length: shape[0]! }, () => lists(...shape.slice(1)));
const read = (json: object) => readSpec(text(JSON.stringify(json)), { name: "m.json" });
const layersOf = ({ architecture, weights }: ModelSpec) => {
  const { layers, outputs } = readGraph(architecture!.config as JsonObject, "m");
  const shapes =
    weights.kind === "layers" ? weights.layers.map((l) => l.weights.map(({ tensor }) => tensor.shape)) : [];
  const configs = layers.map(({ spec: { className, config } }) => [className, config] as const);
  return { configs, shapes, outputs };
};

describe("RTNeural", () => {
  const rtneural = (layers: object[]) => ({ in_shape: [null, null, 2], layers });
  const lstm = {
    type: "lstm",
    activation: "tanh",
    shape: [null, null, 3],
    weights: [lists(2, 12), lists(3, 12), lists(12)],
  };

  it("becomes a Keras model, its weights as they are", async () => {
    const layers = [
      lstm,
      { type: "gru", activation: "", shape: [null, 4], weights: [lists(3, 12), lists(4, 12), lists(2, 12)] },
      { type: "dense", activation: "relu", shape: [null, 5], weights: [lists(4, 5), lists(5)] },
      { type: "activation", activation: "softmax", shape: [null, 5], weights: [] },
    ];
    const { configs, shapes } = layersOf(await read(rtneural(layers)));
    expect(configs.map(([name]) => name)).toEqual(["InputLayer", "LSTM", "GRU", "Dense", "Activation"]);
    expect(configs[0]![1]).toMatchObject({ batch_shape: [null, null, 2] });
    expect(configs[1]![1]).toEqual({ name: "layer_0", units: 3, return_sequences: true, use_bias: true });
    expect(configs[2]![1]).toMatchObject({ units: 4, return_sequences: false, reset_after: true });
    expect(configs[3]![1]).toMatchObject({ units: 5, activation: "relu" });
    expect(configs[4]![1]).toMatchObject({ activation: "softmax" });
    expect(shapes[0]).toEqual([[2, 12], [3, 12], [12]]);
  });

  it("may convolve and normalize", async () => {
    const layers = [
      {
        type: "conv1d",
        activation: "tanh",
        shape: [null, null, 4],
        kernel_size: [3],
        dilation: [2],
        weights: [lists(3, 2, 4), lists(4)],
      },
      { type: "prelu", shape: [null, null, 4], weights: [lists(4)] },
      { type: "batchnorm", shape: [null, null, 4], epsilon: 0.01, weights: [lists(4), lists(4)] },
    ];
    const { configs, shapes } = layersOf(await read(rtneural(layers)));
    expect(configs[1]![1]).toMatchObject({
      filters: 4,
      padding: "causal",
      kernel_size: [3],
      dilation_rate: [2],
      groups: 1,
    });
    expect(configs[3]![1]).toMatchObject({ epsilon: 0.01, scale: false, center: false });
    expect(shapes[1]).toEqual([[1, 4]]);
  });

  it.each([
    ["an unknown layer", [{ type: "tcn" }], "m.json, layers[0]: expected a layer of lstm, gru"],
    [
      "ragged weights",
      [{ ...lstm, weights: [[[1, 2], [1]]] }],
      "m.json, layers[0], kernel: expected nested lists of numbers, [2, 2]",
    ],
    ["texts", [{ ...lstm, weights: [[["a"]]] }], 'nested lists of numbers, [1, 1], got "a"'],
    ["too many weights", [{ ...lstm, weights: [[], [], [], []] }], "expected kernel, recurrent_kernel, bias"],
    [
      "no units",
      [{ ...lstm, shape: [null, null, 0] }],
      "m.json, layers[0], shape: expected a positive whole number, got 0",
    ],
  ])("is refused for %s", async (_, layers, message) => {
    await expect(read(rtneural(layers))).rejects.toThrow(message);
  });
});

describe("GuitarML", () => {
  const state = {
    "rec.weight_ih_l0": lists(12, 1),
    "rec.weight_hh_l0": lists(12, 3),
    "rec.bias_ih_l0": lists(12),
    "rec.bias_hh_l0": lists(12),
    "lin.weight": lists(1, 3),
    "lin.bias": lists(1),
  };
  const data = { unit_type: "LSTM", input_size: 1, hidden_size: 3, output_size: 1, num_layers: 1, skip: 1 };

  it("adds its input to its output", async () => {
    const { configs, shapes, outputs } = layersOf(await read({ model_data: data, state_dict: state }));
    expect(configs.map(([name]) => name)).toEqual(["InputLayer", "LSTM", "Dense", "Add"]);
    expect(shapes).toEqual([
      [[1, 12], [3, 12], [12]],
      [[3, 1], [1]],
    ]);
    expect(outputs).toMatchObject({ items: [{ layer: "sum" }] });
  });

  it("may have more features than it adds, and may add none", async () => {
    const wide = { ...state, "rec.weight_ih_l0": lists(12, 2) };
    const two = await read({ model_data: { ...data, input_size: 2 }, state_dict: wide });
    expect(layersOf(two).configs.map(([name]) => name)).toEqual(["InputLayer", "LSTM", "Dense", "GetItem", "Add"]);
    const none = await read({ model_data: { ...data, skip: 0 }, state_dict: state });
    expect(layersOf(none).configs.map(([name]) => name)).toEqual(["InputLayer", "LSTM", "Dense"]);
  });

  it.each([
    ["an unknown unit", { ...data, unit_type: "TCN" }, "m.json, unit_type: expected one of LSTM, GRU, RNN"],
    [
      "a missing layer",
      { ...data, num_layers: 2 },
      "m.json, state_dict: expected rec.weight_ih_l1, got rec.weight_ih_l0",
    ],
    [
      "another unit than it says",
      { ...data, unit_type: "GRU" },
      "m.json, rec 0, input weights: expected [9, 1], got [12, 1]",
    ],
    ["more skipped features than there are", { ...data, skip: 2 }, "m.json, skip: expected at most 1 features, got 2"],
  ])("is refused for %s", async (_, model_data, message) => {
    await expect(read({ model_data, state_dict: state })).rejects.toThrow(message);
  });
});

describe("NAM", () => {
  const config = { input_size: 1, hidden_size: 2, num_layers: 2 };
  const [first, second] = [8 * 3 + 8 + 4, 8 * 4 + 8 + 4];
  const weights = Array.from({ length: first + second + 3 }, (_, i) => i);
  const nam = { version: "0.5.0", architecture: "LSTM", config, weights, metadata: {}, sample_rate: 48000 };

  it("is cut into layers, states and a head", async () => {
    const spec = await read(nam);
    const { configs, shapes } = layersOf(spec);
    expect(configs.map(([name]) => name)).toEqual(["InputLayer", "LSTM", "LSTM", "Dense"]);
    expect(shapes).toEqual([
      [[1, 8], [2, 8], [8]],
      [[2, 8], [2, 8], [8]],
      [[2, 1], [1]],
    ]);
    const layers = spec.weights.kind === "layers" ? spec.weights.layers : [];
    const numbers = layers.map((layer) => layer.weights.map(({ tensor }) => [...tensor.data]));
    // The matrix of the first layer has rows of one input and two units.
    expect(numbers[0]![0]).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
    expect(numbers[0]![1]!.slice(0, 3)).toEqual([1, 4, 7]);
    expect(numbers[0]![2]).toEqual([24, 25, 26, 27, 28, 29, 30, 31]);
    expect(spec.initialStates?.map((state) => [...state])).toEqual([
      [32, 33],
      [34, 35],
      [76, 77],
      [78, 79],
    ]);
    expect(numbers[2]).toEqual([[80, 81], [82]]);
    expect(spec.ignored).toEqual(["metadata"]);
  });

  it.each([
    [
      "another architecture",
      { ...nam, architecture: "WaveNet" },
      'm.json, architecture: expected "LSTM", got "WaveNet"',
    ],
    ["a weight too few", { ...nam, weights: weights.slice(1) }, "m.json, weights: expected a list of 83, got [82]"],
    ["no sizes", { ...nam, config: {} }, "m.json, config.input_size: expected a positive whole number, got undefined"],
  ])("is refused for %s", async (_, json, message) => {
    await expect(read(json)).rejects.toThrow(message);
  });
});

it("other JSON is refused by its keys", async () => {
  const wanted =
    "m.json: expected the JSON of a Keras, TF.js, RTNeural, GuitarML or NAM model, got an object with a, b";
  await expect(read({ a: 1, b: 2 })).rejects.toThrow(wanted);
});
