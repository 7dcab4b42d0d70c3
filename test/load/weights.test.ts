/** Weights find their places by path, by order or by name; what does not fit is named. */
import { describe, expect, it } from "vitest";
import { WeightError } from "../../src/errors";
import {
  input,
  layers,
  loadModel,
  type Model,
  model,
  modelFromJSON,
  saveModel,
  sequential,
  Tensor,
} from "../../src/index";
import { assignWeights } from "../../src/models/assign_weights";
import type { LayerWeights, WeightStore, WeightTensor } from "../../src/spec";
import { random } from "../support";

const make = () =>
  sequential({
    name: "m",
    layers: [
      layers.embedding({ inputDim: 4, outputDim: 3, name: "words", inputShape: [5] }),
      layers.bidirectional({ layer: layers.gru({ units: 2, returnSequences: true, name: "g" }), name: "both" }),
      layers.batchNormalization({ name: "norm" }),
      layers.rnn({ cell: [layers.lstmCell({ units: 2 }), layers.simpleRNNCell({ units: 2 })], name: "stack" }),
      layers.dense({ units: 1, name: "last" }),
    ],
  });

const next = random(1);
const tensor = (...shape: number[]): WeightTensor => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next);
  return { shape, dtype: "float32", data };
};
const gru = () => [tensor(3, 6), tensor(2, 6), tensor(2, 6)];
const lstm = () => [tensor(4, 8), tensor(2, 8), tensor(8)];
const rnn = () => [tensor(2, 2), tensor(2, 2), tensor(2)];
const [words, forward, backward, norm, first, second, last] = [
  [tensor(4, 3)],
  gru(),
  gru(),
  [tensor(4), tensor(4), tensor(4), tensor(4)],
  lstm(),
  rnn(),
  [tensor(2, 1), tensor(1)],
];

const paths = new Map([
  ["layers/embedding", words],
  ["layers/bidirectional/forward_layer/cell", forward],
  ["layers/bidirectional/backward_layer/cell", backward],
  ["layers/batch_normalization", norm],
  ["layers/rnn/cell/cells/lstm_cell", first],
  ["layers/rnn/cell/cells/simple_rnn_cell", second],
  ["layers/dense", last],
]);
const tree = (changes: [string, WeightTensor[] | undefined][] = [], names: [string, string][] = []): WeightStore => {
  const groups = new Map<string, readonly WeightTensor[]>(paths);
  for (const [path, tensors] of changes) tensors ? groups.set(path, tensors) : groups.delete(path);
  return { kind: "tree", groups, names: new Map(names) };
};

const named = (name: string, ...tensors: WeightTensor[]): LayerWeights => ({
  name,
  weights: tensors.map((weight, k) => ({ name: `${name}/${k}:0`, tensor: weight })),
});
const list = () => [
  named("words", ...words),
  named("nothing"),
  named("both", ...forward, ...backward),
  named("norm", ...norm),
  named("stack", ...first, ...second),
  named("last", ...last),
];

/** TF.js: any order, cells numbered, numbers at the end or none. */
const byName = new Map<string, WeightTensor>([
  ["last/bias", last[1]!],
  ["norm/moving_variance", norm[3]!],
  ["norm/gamma", norm[0]!],
  ["both/backward_g/gru_cell_7/bias", backward[2]!],
  ["both/backward_g/gru_cell_7/kernel", backward[0]!],
  ["both/backward_g/gru_cell_7/recurrent_kernel", backward[1]!],
  ["words/embeddings", words[0]!],
  ["both/forward_g/gru_cell_6/kernel", forward[0]!],
  ["both/forward_g/gru_cell_6/recurrent_kernel", forward[1]!],
  ["both/forward_g/gru_cell_6/bias", forward[2]!],
  ["stack/kernel", first[0]!],
  ["stack/recurrent_kernel", first[1]!],
  ["stack/bias", first[2]!],
  ["stack/kernel_1", second[0]!],
  ["stack/recurrent_kernel_1", second[1]!],
  ["stack/bias_1", second[2]!],
  ["norm/beta", norm[1]!],
  ["norm/moving_mean", norm[2]!],
  ["last/kernel", last[0]!],
]);

const wanted = [words, forward, backward, norm, first, second, last].flat().map(({ data }) => data);
const weightsOf = (m: Model) => m.getWeights().map(({ data }) => data);

describe("weights are found", () => {
  it("by path", () => {
    const m = make();
    assignWeights(
      m,
      tree(
        [],
        [
          ["layers/dense", "last"],
          ["layers/rnn/cell", "another name"],
        ],
      ),
    );
    expect(weightsOf(m)).toEqual(wanted);
  });

  it("by order", () => {
    const m = make();
    assignWeights(m, { kind: "layers", layers: list() });
    expect(weightsOf(m)).toEqual(wanted);
  });

  it("by order, what can be trained first", () => {
    const inner = sequential({ layers: [layers.batchNormalization({ inputShape: [4] }), layers.dense({ units: 1 })] });
    const m = sequential({ layers: [inner] });
    const [kernel, bias] = [tensor(4, 1), tensor(1)];
    assignWeights(m, {
      kind: "layers",
      layers: [named("inner", norm[0]!, norm[1]!, kernel, bias, norm[2]!, norm[3]!)],
    });
    expect(weightsOf(m)).toEqual([...norm, kernel, bias].map(({ data }) => data));
  });

  it("by name", () => {
    const m = make();
    assignWeights(m, { kind: "names", weights: byName });
    expect(weightsOf(m)).toEqual(wanted);
  });

  it("by number behind the layer's name", () => {
    const m = sequential({ layers: [layers.lstm({ units: 2, name: "a/b", inputShape: [null, 4] })] });
    assignWeights(m, { kind: "names", weights: new Map([2, 1, 0].map((k) => [`a/b/${k}`, first[k]!])) });
    expect(weightsOf(m)).toEqual(first.map(({ data }) => data));
  });
  it("by name, where a layer stands in two places and Keras wrote its weights at the first", async () => {
    const lstm = layers.lstm({ units: 2, returnSequences: true, name: "both" });
    const inner = sequential({
      name: "inner",
      layers: [layers.inputLayer({ shape: [null, 2] }), lstm, layers.lstm({ units: 2 })],
    });
    const from = input({ shape: [null, 2] });
    const drawn = model({ inputs: from, outputs: [inner.apply(from), lstm.apply(from)] });
    const m = modelFromJSON(drawn.toJSON());
    const [shared, other] = [
      [tensor(2, 8), tensor(2, 8), tensor(8)],
      [tensor(2, 8), tensor(2, 8), tensor(8)],
    ];
    const inside = "layers/sequential/layers/lstm";
    const groups = new Map([
      [`${inside}/cell`, shared],
      [`${inside}_1/cell`, other],
    ]);
    assignWeights(m, { kind: "tree", groups, names: new Map() });
    expect(weightsOf(m)).toEqual([...shared, ...other, ...shared].map(({ data }) => data));
    const copy = await loadModel(await saveModel(drawn));
    expect(copy.getWeights()).toHaveLength(9);
    const x = new Tensor([1, 2, 2], "float32", Float32Array.of(1, 2, 3, 4));
    expect(copy.predict(x)).toEqual(drawn.predict(x));
  });

  it("by direction, where the layers inside are called otherwise", () => {
    const m = make();
    const renamed = [...byName].map(
      ([name, t]) => [name.replace("forward_g", "forward_x").replace("backward_g", "backward_x"), t] as const,
    );
    assignWeights(m, { kind: "names", weights: new Map(renamed) });
    expect(weightsOf(m)).toEqual(wanted);
  });
});

describe("what does not fit is named", () => {
  it.each<[string, WeightStore, string]>([
    [
      "a path that is missing",
      tree([["layers/rnn/cell/cells/simple_rnn_cell", undefined]]),
      "/kernel: expected [2, 2], got only none",
    ],
    ["a weight that is missing", tree([["layers/dense", [last[0]!]]]), "last/bias: expected [1], got only [2, 1]"],
    [
      "a weight of another shape",
      tree([["layers/dense", [tensor(1, 2), last[1]!]]]),
      "last/kernel: expected [2, 1], got [1, 2]",
    ],
    ["a weight too many", tree([["layers/dense", [...last, tensor(1)]]]), "last: expected 2 weights, got 3"],
    [
      "a path too many",
      tree([["layers/dense_1", last]]),
      "m: expected weights of its layers only, got weights at layers/dense_1",
    ],
    [
      "a path that another layer had",
      tree([], [["layers/dense", "other"]]),
      "last (layers/dense): expected the weights of last, got those of other",
    ],
    [
      "a layer that is missing",
      { kind: "layers", layers: list().slice(1) },
      "expected layers with weights: 5 (words, both, norm, stack, last), got 4",
    ],
    [
      "a listed weight of another shape",
      { kind: "layers", layers: [named("words", tensor(3, 4)), ...list().slice(1)] },
      "words/embeddings: expected [4, 3], got [3, 4]",
    ],
    [
      "a name that is missing",
      { kind: "names", weights: new Map([...byName].slice(1)) },
      "last/bias: expected [1], got no weight of that name",
    ],
    [
      "a name of no layer",
      { kind: "names", weights: new Map([...byName, ["lost/kernel", tensor(1)]]) },
      "expected weights of words, both, norm, stack, last, got lost/kernel",
    ],
    [
      "a name too many",
      { kind: "names", weights: new Map([...byName, ["last/more", tensor(1)]]) },
      "last: expected 2 weights, got another one, more",
    ],
  ])("%s", (_, store, message) => {
    expect(() => assignWeights(make(), store)).toThrow(WeightError);
    expect(() => assignWeights(make(), store)).toThrow(message);
  });
});
