/** Graphs of layers. */
import { describe, expect, it } from "vitest";
import { ConfigError, type RecurraError, ShapeError } from "../../src/errors";
import { input, layers, type Model, model, sequential, Tensor } from "../../src/index";
import { expectClose, randomTensor } from "../support";

const x = randomTensor([3, 4, 2], 1);
const same = (got: Tensor, wanted: Tensor) => expectClose(got, wanted, 0, 0);

describe("a graph", () => {
  it("is what its layers are one after another", () => {
    const [lstm, dense] = [
      layers.lstm({ units: 5, returnSequences: true }),
      layers.dense({ units: 3, activation: "relu" }),
    ];
    const from = input({ shape: [null, 2] });
    const m = model({ inputs: from, outputs: dense.apply(lstm.apply(from)) });
    same(m.predict(x), dense.apply(lstm.apply(x)));
  });

  it("hands states from layer to layer, all in one call", () => {
    const [encoder, decoder] = [
      layers.lstm({ units: 5, returnState: true }),
      layers.lstm({ units: 5, returnSequences: true }),
    ];
    const [source, target] = [input({ shape: [null, 2] }), input({ shape: [null, 3] })];
    const [, h, c] = encoder.apply(source);
    const m = model({ inputs: [source, target], outputs: decoder.apply(target, { initialState: [h, c] }) });
    const y = randomTensor([3, 6, 3], 2);
    const [, eagerH, eagerC] = encoder.apply(x);
    same(m.predict([x, y]), decoder.apply(y, { initialState: [eagerH, eagerC] }));
    expect(() => decoder.apply(target, { initialState: [h] })).toThrow(ShapeError);
  });

  it("takes a computed mask, and forgets an implied one where there is an initial state, as Keras 3 does", () => {
    const gru = layers.gru({ units: 4, returnSequences: true });
    const [from, keep, state] = [input({ shape: [4, 2] }), input({ shape: [4], dtype: "bool" }), input({ shape: [4] })];
    const mask = new Tensor([3, 4], "bool", Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0));
    const explicit = model({ inputs: [from, keep], outputs: gru.apply(from, { mask: keep }) });
    same(explicit.predict([x, mask]), gru.apply(x, { mask }));
    const masked = layers.masking({ maskValue: 9 }).apply(from);
    const implied = model({ inputs: [from, state], outputs: gru.apply(masked, { initialState: state }) });
    const nines = new Tensor(x.shape, "float32", x.data.slice().fill(9, 0, 4));
    const h = randomTensor([3, 4], 3);
    const zeroed = new Tensor(x.shape, "float32", x.data.slice().fill(0, 0, 4));
    same(implied.predict([nines, h]), gru.apply(zeroed, { initialState: h }));
  });

  it("shares a layer's weights among all its calls and models", () => {
    const dense = layers.dense({ units: 2 });
    const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
    const twice = model({ inputs: a, outputs: dense.apply(dense.apply(a)) });
    const once = model({ inputs: b, outputs: dense.apply(b) });
    expect(twice.countParams()).toBe(6);
    expect(twice.getWeights()).toHaveLength(2);
    once.setWeights([
      new Tensor([2, 2], "float32", Float32Array.of(2, 0, 0, 3)),
      new Tensor([2], "float32", Float32Array.of(1, 0)),
    ]);
    expect(twice.predict([[1, 1]]).toArray()).toEqual([[7, 9]]);
  });

  it("holds models as layers, called with symbols and with numbers", () => {
    const inner = sequential({
      layers: [layers.gru({ units: 3, returnSequences: true, inputShape: [null, 2] }), layers.dense({ units: 2 })],
    });
    const from = input({ shape: [4, 2] });
    const m = model({ inputs: from, outputs: inner.apply(inner.apply(from)) });
    same(m.predict(x), inner.apply(inner.apply(x)));
    expect(m.getWeights()).toHaveLength(inner.getWeights().length);
    expect(m.layers).toHaveLength(2);
  });

  it("may be cut at any tensor", () => {
    const [lstm, dense] = [
      layers.lstm({ units: 5, returnSequences: true, returnState: true }),
      layers.dense({ units: 3 }),
    ];
    const from = input({ shape: [4, 2] });
    const [sequence, h] = lstm.apply(from);
    const end = dense.apply(sequence);
    const head = model({ inputs: from, outputs: [sequence, h] });
    const tail = model({ inputs: sequence, outputs: end });
    const whole = model({ inputs: from, outputs: end });
    same(tail.predict(head.predict(x)[0] as Tensor), whole.predict(x));
    expect(tail.layers.map(({ className }) => className)).toEqual(["InputLayer", "Dense"]);
  });

  it("may be a thousand layers deep", () => {
    const from = input({ shape: [1] });
    let last = from;
    for (let k = 0; k < 1000; k++) last = layers.rescaling({ scale: 1, offset: 1 }).apply(last);
    expect(
      model({ inputs: from, outputs: last })
        .predict([[0]])
        .toArray(),
    ).toEqual([[1000]]);
  });
});

describe("what a graph refuses", () => {
  const a = input({ shape: [2], name: "first" });
  const b = input({ shape: [2], name: "second" });

  it.each<[string, () => unknown, string]>([
    [
      "an output whose input is not given",
      () => model({ inputs: a, outputs: layers.add({}).apply([a, b]) }),
      "expected second among them, since an output needs it",
    ],
    [
      "inputs that are no tensors",
      () => model({ inputs: {} as never, outputs: a }),
      "inputs: expected symbolic tensors, got Object",
    ],
    ["no outputs", () => model({ inputs: a, outputs: [] }), "outputs: expected symbolic tensors"],
    [
      "an input twice",
      () => model({ inputs: [a, a], outputs: a }),
      "expected different tensors, got one of them twice",
    ],
    [
      "two layers of one name",
      () => model({ inputs: a, outputs: named(named(a)) }),
      "expected a name of its own for each layer, got two called same",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(ConfigError as unknown as typeof RecurraError);
    expect(run).toThrow(message);
  });

  const named = (t: ReturnType<typeof input>) => layers.dense({ units: 2, name: "same" }).apply(t);

  it("unknown layer names, telling those that are there", () => {
    const m = model({ inputs: a, outputs: layers.dense({ units: 1, name: "last" }).apply(a) }) as Model;
    expect(m.getLayer("last").className).toBe("Dense");
    expect(() => m.getLayer("lost")).toThrow('expected one of first, last, got "lost"');
  });
});
