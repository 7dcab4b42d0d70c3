/** Memory: thousands of calls need none, hundreds of models share one, and what nobody holds is given back. */
import { expect, it } from "vitest";
import { layers, modelFromParts, runtime, sequential, type Tensor } from "../../src/index";
import { random, randomTensor } from "../support";

const gc = globalThis.gc as () => void;

/** Collects, and lets the finalizers run. */
async function collect(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const make = (units = 8) =>
  sequential({ layers: [layers.lstm({ units, inputShape: [null, 4] }), layers.dense({ units: 3 })] });
const x = randomTensor([1, 5, 4], 1);

it("a thousand predictions grow no memory", () => {
  const m = make();
  const inputs = [x, randomTensor([3, 9, 4], 2), randomTensor([2, 1, 4], 3)];
  for (const input of inputs) m.predict(input);
  const before = runtime();
  for (let call = 0; call < 1000; call++) m.predict(inputs[call % 3] as Tensor);
  expect(runtime()).toEqual(before);
});

it("five hundred models and five hundred layers live in one engine", () => {
  const parts = make().toParts();
  const models = Array.from({ length: 500 }, () => modelFromParts(parts));
  const wanted = models[0]?.predict(x);
  expect(models.every((m) => String((m.predict(x) as Tensor).data) === String((wanted as Tensor).data))).toBe(true);
  const eager = Array.from({ length: 500 }, () => layers.gru({ units: 3 }));
  for (const layer of eager) expect(layer.apply(x).shape).toEqual([1, 3]);
  expect(models.every((m) => String((m.predict(x) as Tensor).data) === String((wanted as Tensor).data))).toBe(true);
  const { used, memory } = runtime();
  expect(used / 1000).toBeLessThan(32 << 10);
  expect(memory).toBeLessThan(2 * used + (4 << 20));
  for (const m of models) m.dispose();
});

it("what dispose gives back is used again", () => {
  const once = () => {
    const m = make(16);
    m.predict(x);
    m.predict(randomTensor([2, 3, 4], 1));
    m.createStream().dispose();
    m.dispose();
  };
  once();
  const before = runtime();
  for (let k = 0; k < 300; k++) once();
  expect(runtime()).toEqual(before);
});

it("models, layers and streams dropped in random order end in flat memory", async () => {
  const next = random(7);
  const parts = make().toParts();
  const held: (object | undefined)[] = new Array(64);
  const kinds = [
    () => {
      const m = modelFromParts(parts);
      m.predict(x);
      return m;
    },
    () => {
      const layer = layers.gru({ units: 1 + Math.floor(16 * Math.abs(next())) });
      layer.apply(x);
      return layer;
    },
    () => {
      const stream = modelFromParts(parts).createStream();
      stream.step([1, 2, 3, 4]);
      return stream;
    },
  ];
  const round = async () => {
    for (let k = 0; k < 200; k++) {
      held[Math.floor(64 * Math.abs(next()))] = kinds[k % 3]?.();
      if (k % 100 === 99) await collect();
    }
    held.fill(undefined);
    await collect();
    return runtime();
  };
  const { used } = await round();
  const { memory } = await round();
  for (let k = 0; k < 3; k++) {
    const now = await round();
    expect(now.memory).toBe(memory);
    // Scratch memory and what the last calls keep alive.
    expect(now.used).toBeLessThanOrEqual(1.2 * used + 65536);
  }
});
