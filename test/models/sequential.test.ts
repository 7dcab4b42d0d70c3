/** Lists of layers: where their input shape comes from, and what may be added when. */
import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError, StateError } from "../../src/errors";
import { input, layers, sequential, tensor } from "../../src/index";
import { randomTensor } from "../support";

describe("the documents' forms of an input shape", () => {
  const params = (m: ReturnType<typeof sequential>) => m.countParams();

  it("inputShape, batchInputShape, input() and inputLayer() are one", () => {
    const rnn = (options: object = {}) => layers.simpleRNN({ units: 3, ...options });
    expect(params(sequential({ layers: [rnn({ inputShape: [2, 10] })] }))).toBe(42);
    expect(params(sequential({ layers: [rnn({ batchInputShape: [8, 2, 10] })] }))).toBe(42);
    expect(params(sequential({ layers: [input({ shape: [2, 10] }), rnn()] }))).toBe(42);
    expect(params(sequential({ layers: [layers.inputLayer({ shape: [2, 10] }), rnn()] }))).toBe(42);
    expect(params(sequential({ layers: [layers.inputLayer({ batchShape: [8, 2, 10] }), rnn()] }))).toBe(42);
    expect(sequential({ layers: [rnn({ batchInputShape: [8, 2, 10] })] }).outputs[0]?.shape).toEqual([8, 3]);
  });

  it("a model that begins with a model takes its input shape", () => {
    const inner = sequential({ layers: [layers.gru({ units: 2, inputShape: [4, 3] })] });
    const outer = sequential({ layers: [inner, layers.dense({ units: 1 })] });
    expect(outer.countParams()).toBe(42 + 3);
    expect(outer.predict(randomTensor([2, 4, 3], 1)).shape).toEqual([2, 1]);
  });
});

describe("add", () => {
  it("appends, before and after the model has run, and weights stay", () => {
    const m = sequential();
    m.add(layers.lstm({ units: 3, inputShape: [null, 2] })).add(layers.dense({ units: 4 }));
    const x = randomTensor([2, 5, 2], 1);
    const before = m.predict(x);
    const kernel = m.getWeights()[0];
    m.add(layers.softmax({}));
    expect(m.getWeights()[0]).toEqual(kernel);
    const after = m.predict(x);
    expect(after.shape).toEqual([2, 4]);
    expect(after.data).not.toEqual(before.data);
    expect(m.layers.map(({ className }) => className)).toEqual(["LSTM", "Dense", "Softmax"]);
  });

  it.each<[string, () => unknown, string]>([
    ["what is no layer", () => sequential().add({} as never), "expected a layer, got Object"],
    ["two layers of one name", () => twice("a"), 'expected a name of its own for each layer, got a second "a"'],
    [
      "an input layer behind another layer",
      () => sequential({ layers: [layers.dense({ units: 1 })] }).add(layers.inputLayer({ shape: [1] })),
      "an input layer only at first",
    ],
    [
      "a layer with several outputs",
      () => sequential({ layers: [layers.lstm({ units: 2, returnState: true, inputShape: [2, 2] })] }).countParams(),
      "one output in a sequential model",
    ],
  ])("refuses %s", (_, run, message) => {
    expect(run).toThrow(ConfigError);
    expect(run).toThrow(message);
  });

  const twice = (name: string) =>
    sequential({ layers: [layers.dense({ units: 1, name }), layers.dense({ units: 1, name })] });
});

describe("a model without an input shape", () => {
  it("is built by the first data", () => {
    const m = sequential({ layers: [layers.gru({ units: 2 }), layers.dense({ units: 3 })] });
    expect(() => m.countParams()).toThrow(StateError);
    expect(() => m.inputs).toThrow("expected an input shape");
    expect(m.predict(randomTensor([4, 6, 5], 1)).shape).toEqual([4, 3]);
    expect(m.countParams()).toBe(3 * 2 * (5 + 2 + 2) + 9);
  });

  it("takes other lengths and batches afterwards, and refuses what a layer refuses", () => {
    const m = sequential({ layers: [layers.gru({ units: 2, returnSequences: true }), layers.dense({ units: 3 })] });
    m.predict(randomTensor([4, 6, 5], 1));
    expect(m.predict(randomTensor([1, 9, 5], 1)).shape).toEqual([1, 9, 3]);
    expect(() => m.predict(randomTensor([4, 6, 4], 1))).toThrow(ShapeError);
    expect(() => m.predict(randomTensor([4, 6], 1))).toThrow(ShapeError);
    expect(m.predict(randomTensor([2, 1, 5], 1)).shape).toEqual([2, 1, 3]);
  });

  it("may begin with an embedding, whose lengths change", () => {
    const m = sequential({
      layers: [layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true }), layers.lstm({ units: 2 })],
    });
    expect(m.predict(tensor([[1, 2, 3]], [1, 3], "int32")).shape).toEqual([1, 2]);
    expect(m.predict(tensor([[1, 2, 3, 4, 5]], [1, 5], "int32")).shape).toEqual([1, 2]);
  });

  it("may flatten, which fixes the length", () => {
    const m = sequential({ layers: [layers.flatten({}), layers.dense({ units: 2 })] });
    expect(m.predict(randomTensor([3, 4, 5], 1)).shape).toEqual([3, 2]);
    expect(() => m.predict(randomTensor([3, 5, 5], 1))).toThrow(ShapeError);
  });

  it("is built by build", () => {
    const m = sequential({ layers: [layers.gru({ units: 2 })] });
    m.build([null, null, 5]);
    expect(m.countParams()).toBe(54);
  });

  it("is not built by data that it refuses, and works on", () => {
    const m = sequential({ layers: [layers.gru({ units: 2 })] });
    expect(() => m.predict([[1, 2]])).toThrow(ShapeError);
    expect(m.predict(randomTensor([1, 2, 3], 1)).shape).toEqual([1, 2]);
  });

  it("needs a layer", () => {
    expect(() => sequential().predict([[1]])).toThrow("expected at least one layer, got none");
  });
});
