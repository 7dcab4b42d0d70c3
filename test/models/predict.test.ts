/** How models predict: in batches that leave no trace, in turns with other work, and not at all once disposed of. */
import { describe, expect, it } from "vitest";
import { ArgumentError, RecurraError, ShapeError, StateError } from "../../src/errors";
import { input, layers, type Model, model, sequential, Tensor } from "../../src/index";
import { BUILDS, randomTensor, useBuild } from "../support";

const deep = () =>
  sequential({
    layers: [
      layers.bidirectional({
        layer: layers.lstm({
          units: 9,
          returnSequences: true,
          kernelInitializer: { class_name: "GlorotUniform", config: { seed: 1 } },
        }),
        inputShape: [null, 5],
      }),
      layers.gru({ units: 7, returnSequences: true }),
      layers.layerNormalization({}),
      layers.simpleRNN({ units: 3 }),
      layers.dense({ units: 4, activation: "softmax" }),
    ],
  });

const twoInTwoOut = () => {
  const [a, b] = [input({ shape: [4, 3], name: "a" }), input({ shape: [2], name: "b" })];
  const h = layers.gru({ units: 2 }).apply(a);
  return model({ inputs: [a, b], outputs: [layers.add({}).apply([h, b]), layers.dense({ units: 3 }).apply(h)] });
};

const bits = ({ data }: Tensor) => Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length));

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("gives the same bits in batches of any size", () => {
    const m = deep();
    const x = randomTensor([23, 11, 5], 1);
    const whole = bits(m.predict(x));
    for (const batchSize of [1, 2, 3, 4, 5, 7, 16, 22, 23, 100])
      expect(bits(m.predict(x, { batchSize }))).toEqual(whole);
    const alone = Array.from({ length: 23 }, (_, k) => {
      return bits(m.predict(new Tensor([1, 11, 5], "float32", x.data.slice(55 * k, 55 * k + 55))));
    });
    expect(alone.flat()).toEqual(whole);
  });

  it("cuts by itself what would take much memory, and gives the same bits", () => {
    const m = sequential({
      layers: [layers.lstm({ units: 64, returnSequences: true, inputShape: [null, 32] }), layers.lstm({ units: 2 })],
    });
    const x = randomTensor([300, 256, 32], 2, 0.5);
    expect(bits(m.predict(x))).toEqual(bits(m.predict(x, { batchSize: 64 })));
  });

  it("predicts in turns with other work, telling how far it is", async () => {
    const m = deep();
    const x = randomTensor([7, 4, 5], 3);
    const seen: [number, number][] = [];
    let others = 0;
    const timer = setInterval(() => others++, 0);
    const result = await m.predictAsync(x, { batchSize: 2, onProgress: (done, samples) => seen.push([done, samples]) });
    clearInterval(timer);
    expect(bits(result)).toEqual(bits(m.predict(x)));
    expect(seen).toEqual([2, 4, 6, 7].map((done) => [done, 7]));
    expect(others).toBeGreaterThan(0);
  });
});

describe("predictAsync", () => {
  const x = randomTensor([6, 4, 5], 4);

  it("rejects with the signal's reason, before and between batches", async () => {
    const m = deep();
    const reason = new Error("enough");
    await expect(m.predictAsync(x, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const done: number[] = [];
    const onProgress = (samples: number) => {
      done.push(samples);
      if (samples === 4) controller.abort(reason);
    };
    await expect(m.predictAsync(x, { batchSize: 2, signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(done).toEqual([2, 4]);
    expect(m.predict(x).shape).toEqual([6, 4]);
  });

  it("rejects, and does not throw, what predict refuses", async () => {
    await expect(deep().predictAsync([[1, 2]])).rejects.toThrow(ShapeError);
  });

  it("notices that the model is disposed of meanwhile", async () => {
    const m = deep();
    const onProgress = () => m.dispose();
    await expect(m.predictAsync(x, { batchSize: 2, onProgress })).rejects.toThrow(
      "predictAsync: expected a model in use",
    );
  });
});

describe("a batch of nothing", () => {
  it("gives results of nothing, of the right shape", async () => {
    const empty = new Tensor([0, 4, 5], "float32", new Float32Array(0));
    expect(deep().predict(empty).shape).toEqual([0, 4]);
    expect((await deep().predictAsync(empty)).shape).toEqual([0, 4]);
    const two = twoInTwoOut().predict([
      new Tensor([0, 4, 3], "float32", new Float32Array(0)),
      new Tensor([0, 2], "float32", new Float32Array(0)),
    ]);
    expect(two.map(({ shape }) => shape)).toEqual([
      [0, 2],
      [0, 3],
    ]);
  });
});

describe("inputs", () => {
  const a = randomTensor([3, 4, 3], 5);
  const b = randomTensor([3, 2], 6);

  it("are taken as a list, by name, and as nested arrays", () => {
    const m = twoInTwoOut();
    const wanted = m.predict([a, b]).map(bits);
    expect(m.predict({ b, a }).map(bits)).toEqual(wanted);
    expect(m.predict({ b: b.toArray(), a: a.toArray() }).map(bits)).toEqual(wanted);
    expect(m.predict([a.toArray(), b.toArray()]).map(bits)).toEqual(wanted);
  });

  it("may lack a last axis of one element, or have one more, as in Keras", () => {
    const m = sequential({ layers: [layers.gru({ units: 2, inputShape: [4, 1] })] });
    const wanted = bits(m.predict([[[1], [2], [3], [4]]]));
    expect(bits(m.predict([[1, 2, 3, 4]]))).toEqual(wanted);
    const ids = sequential({
      layers: [layers.embedding({ inputDim: 5, outputDim: 2, inputShape: [2] }), layers.flatten({})],
    });
    expect(bits(ids.predict([[[1], [4]]]))).toEqual(bits(ids.predict([[1, 4]])));
  });

  it.each<[string, (m: ReturnType<typeof twoInTwoOut>) => unknown, typeof RecurraError.prototype.constructor, string]>([
    ["too few", (m) => m.predict([a] as never), ShapeError, "expected 2 inputs, got 1"],
    [
      "different numbers of samples",
      (m) => m.predict([a, randomTensor([2, 2], 1)]),
      ShapeError,
      "same number of samples",
    ],
    [
      "another width",
      (m) => m.predict([randomTensor([3, 4, 4], 1), b]),
      ShapeError,
      "input a: expected [null, 4, 3], got [3, 4, 4]",
    ],
    [
      "another rank",
      (m) => m.predict([randomTensor([3, 4], 1), b]),
      ShapeError,
      "input a: expected [null, 4, 3], got [3, 4]",
    ],
    ["unknown names", (m) => m.predict({ a, c: b }), ArgumentError, "expected inputs named a, b, got c"],
    ["a missing name", (m) => m.predict({ a }), ArgumentError, "input b: expected a tensor, got nothing"],
    ["text", (m) => m.predict(["x", b] as never), ArgumentError, "numbers in nested arrays"],
    ["nothing", (m) => m.predict(undefined as never), ArgumentError, "numbers in nested arrays"],
    [
      "half a sample at a time",
      (m) => m.predict([a, b], { batchSize: 0.5 }),
      ArgumentError,
      "batchSize: expected a positive integer",
    ],
  ])("refuses %s, and works on", (_, run, type, message) => {
    const m = twoInTwoOut();
    const before = m.predict([a, b]).map(bits);
    expect(() => run(m)).toThrow(type as never);
    expect(() => run(m)).toThrow(message);
    expect(m.predict([a, b]).map(bits)).toEqual(before);
  });

  it("takes any batch size where a static one was declared, unless states are kept", () => {
    const m = sequential({ layers: [layers.simpleRNN({ units: 3, batchInputShape: [8, 2, 10] })] });
    expect(m.predict(randomTensor([5, 2, 10], 1)).shape).toEqual([5, 3]);
    const kept = sequential({ layers: [layers.simpleRNN({ units: 3, stateful: true, batchInputShape: [8, 2, 10] })] });
    expect(() => kept.predict(randomTensor([5, 2, 10], 1))).toThrow("expected [8, 2, 10], got [5, 2, 10]");
  });
});

describe("stateful models", () => {
  const make = () =>
    sequential({
      layers: [
        layers.gru({ units: 3, stateful: true, returnSequences: true, batchInputShape: [2, null, 2] }),
        layers.lstm({ units: 2, stateful: true }),
      ],
    });

  it("carry their states from call to call, and forget them", () => {
    const m = make();
    const x = randomTensor([2, 6, 2], 7);
    const first = bits(m.predict(x));
    expect(bits(m.predict(x))).not.toEqual(first);
    m.resetStates();
    expect(bits(m.predict(x))).toEqual(first);
  });

  it("run a number of samples that is a multiple of the batch size one batch after another", () => {
    const [m, other] = [make(), make()];
    other.predict(randomTensor([2, 1, 2], 1));
    m.predict(randomTensor([2, 1, 2], 1));
    other.setWeights(m.getWeights());
    m.resetStates();
    other.resetStates();
    const x = randomTensor([6, 3, 2], 8);
    const parts = [0, 1, 2].map((k) =>
      bits(other.predict(new Tensor([2, 3, 2], "float32", x.data.slice(12 * k, 12 * k + 12)))),
    );
    expect(bits(m.predict(x, { batchSize: 2 }))).toEqual(parts.flat());
    expect(() => m.predict(randomTensor([5, 3, 2], 1), { batchSize: 2 })).toThrow("full batches of 2");
  });

  it("are as they were after a warm-up, and after a call that failed", () => {
    const m = make();
    const x = randomTensor([2, 3, 2], 9);
    m.predict(x);
    const states = () => m.layers.map((layer) => (layer as ReturnType<typeof layers.gru>).states?.map(bits));
    const before = states();
    m.warmup([2, 3, 2]);
    expect(() => m.predict(randomTensor([3, 3, 2], 1))).toThrow(RecurraError as never);
    expect(states()).toEqual(before);
  });

  it("are not warmed up by shapes that leave a length open, or are none", () => {
    for (const shape of [[null, 3, 2], [2, 3.5, 2], undefined, "2", [[2, 3, 2], 1]]) {
      expect(() => make().warmup(shape as number[])).toThrow("warmup: expected a shape of whole numbers");
    }
  });
});

describe("a model that is disposed of", () => {
  const methods: Record<string, (m: Model) => unknown> = {
    apply: (m) => m.apply([[[1, 2, 3, 4, 5]]]),
    predict: (m) => m.predict([[[1, 2, 3, 4, 5]]]),
    createStream: (m) => m.createStream(),
    summary: (m) => m.summary({ print: false }),
    getWeights: (m) => m.getWeights(),
    setWeights: (m) => m.setWeights([]),
    countParams: (m) => m.countParams(),
    getConfig: (m) => m.getConfig(),
    toJSON: (m) => m.toJSON(),
    toParts: (m) => m.toParts(),
    resetStates: (m) => m.resetStates(),
    getLayer: (m) => m.getLayer("x"),
    warmup: (m) => m.warmup([1, 1, 5]),
    computeMask: (m) => m.computeMask([[[1, 2, 3, 4, 5]]]),
    build: (m) => m.build([null, null, 5]),
    add: (m) => (m as ReturnType<typeof sequential>).add(layers.dense({ units: 1 })),
  };

  it.each(Object.entries(methods))("refuses %s", (_, run) => {
    const m = deep();
    m.predict(randomTensor([1, 2, 5], 1));
    m.dispose();
    m.dispose();
    expect(() => run(m)).toThrow(StateError);
    expect(() => run(m)).toThrow("expected a model in use, got one that was disposed of");
  });

  it("leaves its layers to other models", () => {
    const shared = layers.lstm({ units: 3 });
    const [one, two] = [0, 1].map(() => {
      const x = input({ shape: [2, 2] });
      return model({ inputs: x, outputs: shared.apply(x) });
    }) as unknown as [Model, Model];
    const x = randomTensor([1, 2, 2], 1);
    const before = bits(two.predict(x) as Tensor);
    one.predict(x);
    one.dispose();
    expect(bits(two.predict(x) as Tensor)).toEqual(before);
  });

  it("is what `using` leaves behind", () => {
    const dispose = (Symbol as { dispose?: symbol }).dispose;
    if (dispose === undefined) return;
    const m = deep();
    (m as unknown as Record<symbol, () => void>)[dispose]?.();
    expect(() => m.predict([[[1, 2, 3, 4, 5]]])).toThrow(StateError);
  });
});

it("a model may have an engine of its own, with the same numbers", () => {
  const m = deep();
  const x = randomTensor([2, 3, 5], 1);
  const own = sequential({ layers: [...m.layers], engine: "own" });
  expect(bits(own.predict(x))).toEqual(bits(m.predict(x)));
  own.dispose();
  expect(m.predict(x).shape).toEqual([2, 4]);
});
