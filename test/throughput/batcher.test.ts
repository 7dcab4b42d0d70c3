import { describe, expect, it, vi } from "vitest";
import { layers } from "../../src";
import { Tensor } from "../../src/tensor";
import { type BatcherOptions, createBatcher } from "../../src/throughput/batcher";
import { sharedEngine } from "../../src/wasm/engine";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { alone, bits, built, dice, IDS, idsModel, numbersModel, outcome, twoByTwo, WIDTH } from "./support";

const ROUNDING = 1e-6; // relaxed build: a few units in the last place of numbers below 1
const sample = (timesteps: number, seed: number) => randomTensor([timesteps, WIDTH], seed);

describe.each(BUILDS)("a batcher on the %s build", (build) => {
  useBuild(build);
  const same = (got: Tensor, wanted: Tensor) => {
    const row = new Tensor(wanted.shape.slice(1), wanted.dtype, wanted.data);
    expectClose(got, row, build === "baseline" ? 0 : ROUNDING, 0);
  };

  it.each([1, 7, 64])(
    "gives what predict gives for each sample alone, lengths mixed, batches of %i",
    async (maxBatch) => {
      const m = numbersModel();
      const batcher = createBatcher(m, { maxBatch });
      const roll = dice(5);
      const samples = Array.from({ length: 150 }, (_, k) => sample(1 + roll(5), k));
      const results = await Promise.all(samples.map((x) => batcher.predict(x)));
      results.forEach((y, k) => {
        same(y, m.predict(alone(samples[k] as Tensor)));
      });
      expect(batcher.stats()).toMatchObject({ queued: 0, batchSize: { max: Math.min(maxBatch, 32) } });
    },
  );

  it("takes several inputs as a list or by name, and gives several outputs", async () => {
    const m = twoByTwo();
    const batcher = createBatcher(m);
    const [a, b] = [randomTensor([4, WIDTH], 1), randomTensor([4, 2], 2)];
    const wanted = m.predict([alone(a), alone(b)]);
    for (const [y, sequence] of await Promise.all([batcher.predict([a, b]), batcher.predict({ b, a })])) {
      same(y as Tensor, wanted[0] as Tensor);
      same(sequence as Tensor, wanted[1] as Tensor);
    }
  });

  it("fails those alone whose sample is bad", async () => {
    const m = idsModel();
    const batcher = createBatcher(m);
    const roll = dice(8);
    const samples = Array.from({ length: 40 }, (_, k) =>
      Int32Array.from({ length: 5 }, (_, t) => (k % 9 === 4 && t === 3 ? IDS + k : roll(IDS))),
    ).map((ids) => new Tensor([5], "int32", ids));
    const results = await Promise.all(samples.map((x) => outcome(batcher.predict(x))));
    results.forEach((result, k) => {
      if ("error" in result) expect(String(result.error)).toContain(`id at [0, 3]: expected a whole number`);
      else same(result.value, m.predict(alone(samples[k] as Tensor)));
      expect("error" in result).toBe(k % 9 === 4);
    });
  });
});

describe("a batcher", () => {
  it("reads the sample before it returns, and gives what belongs to the caller", async () => {
    const m = numbersModel();
    const batcher = createBatcher(m);
    const x = sample(3, 1);
    const wanted = bits(m.predict(alone(x)).data);
    const both = [batcher.predict(x), batcher.predict(x)];
    x.data.fill(99);
    const [a, b] = (await Promise.all(both)) as [Tensor, Tensor];
    a.data.fill(7);
    expect(bits(b.data)).toEqual(wanted);
  });

  it("waits for others no longer than it was told, and not at all when a batch is full", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    try {
      const m = numbersModel();
      const batcher = createBatcher(m, { maxBatch: 4, maxDelayMs: 20 });
      let done = 0;
      const call = (seed: number) => batcher.predict(sample(2, seed)).then(() => done++);
      for (let k = 0; k < 3; k++) call(k);
      await turn();
      vi.advanceTimersByTime(19);
      await turn();
      expect(done).toBe(0);
      vi.advanceTimersByTime(1);
      await turn();
      expect(done).toBe(3);
      for (let k = 0; k < 5; k++) call(k);
      await turn();
      expect(done).toBe(7);
      expect(batcher.stats()).toMatchObject({ queued: 1, batches: 2, batchSize: { mean: 3.5, max: 4 } });
      expect(batcher.stats().latencyMs).toEqual({ p50: 0, p95: 20, p99: 20 });
    } finally {
      vi.useRealTimers();
    }
  });

  it("serves the shape whose oldest call is the oldest", async () => {
    const batcher = createBatcher(numbersModel(), { maxBatch: 2, maxDelayMs: 0 });
    const order: number[] = [];
    const calls = [1, 2, 1, 3, 1, 2, 1].map((t, k) => batcher.predict(sample(t, k)).then(() => order.push(k)));
    await Promise.all(calls);
    expect(order).toEqual([0, 2, 1, 5, 3, 4, 6]);
  });

  it("refuses one call more than may wait, and takes the next when there is room", async () => {
    const batcher = createBatcher(numbersModel(), { maxQueue: 5 });
    const accepted = Array.from({ length: 5 }, (_, k) => batcher.predict(sample(2, k)));
    await expect(batcher.predict(sample(2, 9))).rejects.toMatchObject({ code: "busy", details: { queued: 5 } });
    await expect(batcher.predict(sample(2, 9))).rejects.toThrow("batcher: expected at most 5 calls that wait");
    await Promise.all(accepted);
    expect((await batcher.predict(sample(2, 9))).shape).toEqual([2]);
  });

  it("lets go of what is aborted, and nobody else notices", async () => {
    const m = numbersModel();
    const batcher = createBatcher(m, { maxQueue: 40 });
    const control = new AbortController();
    const reason = new Error("no longer wanted");
    const calls = Array.from({ length: 40 }, (_, k) =>
      outcome(batcher.predict(sample(2, k), k % 3 === 0 ? { signal: control.signal } : {})),
    );
    control.abort(reason);
    expect(batcher.stats().queued).toBe(26);
    const more = batcher.predict(sample(2, 0));
    const results = await Promise.all(calls);
    results.forEach((result, k) => {
      if (k % 3 === 0) expect(result).toEqual({ error: reason });
      else expect("value" in result && bits(result.value.data)).toEqual(bits(m.predict(alone(sample(2, k))).data));
    });
    await more;
    await expect(batcher.predict(sample(2, 1), { signal: control.signal })).rejects.toBe(reason);
    expect(batcher.stats().queued).toBe(0);
  });

  it("finishes what it has accepted when it is closed, and takes nothing more", async () => {
    const batcher = createBatcher(numbersModel(), { maxDelayMs: 100_000 });
    const results = Array.from({ length: 20 }, (_, k) => batcher.predict(sample(1 + (k % 3), k)));
    await batcher.close();
    expect((await Promise.all(results)).length).toBe(20);
    await expect(batcher.predict(sample(1, 1))).rejects.toThrow("expected a batcher in use, got one that was closed");
    await batcher.close();
  });

  it("answers with the error of predict: other shapes, a model that was disposed of", async () => {
    const m = numbersModel();
    const batcher = createBatcher(m);
    await expect(batcher.predict(randomTensor([2, WIDTH + 1], 1))).rejects.toMatchObject({ code: "shape" });
    const late = batcher.predict(sample(2, 1));
    m.dispose();
    await expect(late).rejects.toMatchObject({ code: "state" });
  });

  it("refuses options and models that it cannot serve", async () => {
    const m = numbersModel();
    const wrong = (options: object) => () => createBatcher(m, options as BatcherOptions);
    expect(wrong({ maxBatch: 0 })).toThrow("createBatcher, maxBatch: expected a positive integer, got 0");
    expect(wrong({ maxQueue: 1.5 })).toThrow("createBatcher, maxQueue: expected a positive integer, got 1.5");
    expect(wrong({ maxDelayMs: -1 })).toThrow("createBatcher, maxDelayMs: expected milliseconds, got -1");
    expect(wrong({ batch: 1 })).toThrow("createBatcher: expected options among maxBatch, maxDelayMs, maxQueue");
    expect(wrong({ maxBatch: undefined, maxDelayMs: undefined })).not.toThrow();
    const onnx = { predict: () => [], inputs: [] };
    for (const [given, got] of [
      [undefined, "undefined"],
      [onnx, "Object"],
    ]) {
      const expected = `createBatcher: expected a model of layers or a pool, got ${got}`;
      expect(() => createBatcher(given as unknown as typeof m)).toThrow(expected);
    }
    const stateful = built([layers.lstm({ units: 2, stateful: true, batchInputShape: [1, null, WIDTH] })]);
    await expect(createBatcher(stateful).predict(sample(2, 1))).rejects.toMatchObject({ code: "unsupported" });
  });

  it("leaves memory as it was", async () => {
    const m = numbersModel();
    const batcher = createBatcher(m);
    const burst = () => Promise.all(Array.from({ length: 200 }, (_, k) => batcher.predict(sample(1 + (k % 2), k))));
    await burst();
    const before = sharedEngine().arena.liveBytes;
    for (let k = 0; k < 20; k++) await burst();
    expect(sharedEngine().arena.liveBytes).toBeLessThanOrEqual(before); // what others left may have been collected
  });
});
