import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { conv1d } from "../../src/layers/convolution";
import { lstm } from "../../src/layers/recurrent/lstm";
import type { BatchStream } from "../../src/throughput/batch_stream";
import { createBatcher } from "../../src/throughput/batcher";
import type { Frame } from "../../src/throughput/frames";
import type { StepResult } from "../../src/throughput/rows";
import { setEngineOptions, sharedEngine } from "../../src/wasm/engine";
import { BUILDS, expectClose, random, useBuild } from "../support";
import { bits, built, dice, IDS, idsModel, outcome, twoByTwo, WIDTH } from "./support";

const ROUNDING = 1e-6; // relaxed build: a few units in the last place of numbers below 1

/** Convolution with a past, sequences inside, and an output that is not a state. */
const causal = () =>
  built([
    conv1d({ filters: 4, kernelSize: 3, padding: "causal", inputShape: [null, WIDTH] }),
    lstm({ units: 5, returnSequences: true }),
    lstm({ units: 9 }),
  ]);
const model = () => built([lstm({ units: 5, inputShape: [null, WIDTH] })]);
const frames = (seed: number) => {
  const next = random(seed);
  return () => Float32Array.from({ length: WIDTH }, next);
};

describe.each(BUILDS)("streams of a batcher on the %s build", (build) => {
  useBuild(build);
  const tolerance = build === "baseline" ? 0 : ROUNDING;
  const vector = (data: ArrayLike<number>) => ({ shape: [data.length], data });
  const same = (got: StepResult, wanted: ArrayLike<number>) =>
    expectClose(vector(got as Float32Array), vector(wanted), tolerance, 0);

  it.each([1, 13, 64])("step as streams alone do, coming at random, up to %i at a time", async (maxBatch) => {
    const m = causal();
    const batcher = createBatcher(m, { maxBatch });
    const all = Array.from({ length: 30 }, (_, k) => ({
      together: batcher.createStream(),
      alone: m.createStream(),
      frame: frames(k),
    }));
    const roll = dice(3);
    for (let round = 0; round < 40; round++) {
      const steps: Promise<unknown>[] = [];
      for (let k = roll(60); k >= 0; k--) {
        const { together, alone, frame } = all[roll(all.length)] as (typeof all)[0];
        const x = frame();
        const wanted = alone.step(x).slice();
        steps.push(together.step(x).then((y) => same(y, wanted)));
      }
      if (roll(3) > 0) await Promise.all(steps);
    }
    await batcher.close();
    expect(batcher.stats().queued).toBe(0);
    for (const { together, alone } of all) same(together.getState(), alone.getState());
  });

  it("take several inputs and give several outputs", async () => {
    const m = twoByTwo();
    const alone = m.createStream();
    const stream = createBatcher(m).createStream();
    for (let t = 0; t < 4; t++) {
      const frame: Frame = [
        [t, 0.5, -1],
        [0.25, t],
      ];
      frame.forEach((values, k) => {
        alone.inputs[k]?.set(values as number[]);
      });
      alone.step();
      const got = (await stream.step(frame)) as readonly Float32Array[];
      got.forEach((y, k) => {
        same(y, alone.outputs[k] as Float32Array);
      });
    }
    await expect(stream.step([1, 2, 3])).rejects.toThrow("stream.step, frame: expected a list of 2");
    await expect(stream.step([[1, 2, 3], [1]])).rejects.toThrow("stream.step, frame[1]: expected 2 numbers, got 1");
  });
});

describe("streams of a batcher", () => {
  it("fail alone for an id that is none, and go on from the state before it", async () => {
    const m = idsModel();
    const batcher = createBatcher(m);
    const streams = Array.from({ length: 20 }, () => ({ together: batcher.createStream(), alone: m.createStream() }));
    const roll = dice(4);
    for (let t = 0; t < 12; t++) {
      const results = streams.map(async ({ together, alone }, k) => {
        const id = (k + t) % 6 === 5 ? IDS : roll(IDS);
        const result = await outcome(together.step([id]));
        if (id < IDS) expect(result).toEqual({ value: alone.step([id]) });
        else expect(result).toMatchObject({ error: { code: "argument" } });
      });
      await Promise.all(results);
    }
    const [{ together }] = streams as [(typeof streams)[0]];
    await expect(together.step([0.5])).rejects.toThrow("stream.step, frame: expected whole numbers, got 0.5");
    await expect(together.step([1, 2])).rejects.toThrow("stream.step, frame: expected 1 numbers, got 2");
  });

  it("do the steps of each in the order of the calls, also when one between is aborted", async () => {
    const m = model();
    const batcher = createBatcher(m);
    const [stream, other] = [batcher.createStream(), batcher.createStream()];
    const alone = m.createStream();
    const next = frames(1);
    const control = new AbortController();
    const order: number[] = [];
    const inputs = Array.from({ length: 9 }, next);
    const steps = inputs.map((x, k) => {
      const step = outcome(stream.step(x, [0, 4, 8].includes(k) ? { signal: control.signal } : {}));
      return step.finally(() => order.push(k));
    });
    for (const x of inputs) x.fill(0.1);
    const beside = other.step(next());
    control.abort("no more");
    const again = frames(1);
    for (const [k, step] of steps.entries()) {
      const x = again();
      const result = await step;
      if ([0, 4, 8].includes(k)) expect(result).toEqual({ error: "no more" });
      else expect(result).toEqual({ value: alone.step(x) });
    }
    expect(order).toEqual([0, 4, 8, 1, 2, 3, 5, 6, 7]);
    expect(await beside).toEqual(m.createStream().step(again()));
    expect(batcher.stats().queued).toBe(0);
  });

  it("fill the arrays that they are given, each those of its own step", async () => {
    const m = model();
    const batcher = createBatcher(m);
    const [stream, other] = [batcher.createStream(), batcher.createStream()];
    const alone = m.createStream();
    const next = frames(6);
    const outs = Array.from({ length: 3 }, () => new Float32Array(5));
    const inputs = outs.map(next);
    const wanted = inputs.map((x) => alone.step(x).slice());
    const steps = inputs.map((x, k) => stream.step(x, { out: outs[k] }));
    const beside = await other.step(inputs[0] as Float32Array);
    expect(await Promise.all(steps)).toEqual(wanted);
    for (const [k, step] of steps.entries()) expect(await step).toBe(outs[k]);
    expect(beside).toEqual(wanted[0]);
    expect(await stream.step(next())).not.toBe(outs[2]);
    const refused = stream.step(next(), { out: new Float32Array(4) });
    await expect(refused).rejects.toThrow("stream.step, out: expected Float32Array of 5, got");

    const two = twoByTwo();
    const many = createBatcher(two).createStream();
    const lists = [new Float32Array(4), new Float32Array(3)];
    const frame: Frame = [new Float32Array(3), new Float32Array(2)];
    const got = (await many.step(frame, { out: lists })) as readonly Float32Array[];
    for (const [k, array] of got.entries()) expect(array).toBe(lists[k]);
    expect(lists[0]).toEqual(two.createStream({ batch: 1 }).step(new Float32Array(3)));
    await expect(many.step(frame, { out: lists.slice(0, 1) })).rejects.toThrow("out[1]: expected Float32Array of 3");
  });

  it("step all at once with one promise, in the order of all other steps", async () => {
    const m = model();
    const batcher = createBatcher(m, { maxQueue: 40 });
    const streams = Array.from({ length: 20 }, () => batcher.createStream());
    const alone = streams.map(() => m.createStream());
    const wanted = (x: readonly Float32Array[]) => x.map((frame, k) => alone[k]?.step(frame).slice());
    const next = frames(9);
    const three = Array.from({ length: 3 }, () => streams.map(next));
    const [a, b, c] = three.map(wanted);
    const out = streams.map(() => new Float32Array(5));
    const first = batcher.stepAll(streams, three[0] as Float32Array[]);
    const second = batcher.stepAll(streams, three[1] as Float32Array[], { out });
    await expect(batcher.stepAll(streams, three[2] as Float32Array[])).rejects.toMatchObject({
      code: "busy",
      details: { queued: 40 },
    });
    expect(await first).toEqual(a);
    const results = await second;
    expect(results).toEqual(b);
    expect(results.every((y, k) => y === out[k])).toBe(true);
    const control = new AbortController();
    const given = batcher.stepAll(streams, three[0] as Float32Array[], { signal: control.signal });
    control.abort("no more");
    await expect(given).rejects.toBe("no more");
    expect(await batcher.stepAll(streams, three[2] as Float32Array[])).toEqual(c);
    expect(await batcher.stepAll([], [])).toEqual([]);
    expect(batcher.stats().queued).toBe(0);
  });

  it("step all with the answers in their places, also where some come later than others", async () => {
    const m = model();
    const batcher = createBatcher(m);
    const streams = Array.from({ length: 5 }, () => batcher.createStream());
    const alone = streams.map(() => m.createStream());
    const next = frames(3);
    const [first, ...all] = Array.from({ length: 6 }, next) as [Float32Array, ...Float32Array[]];
    const early = streams[1]?.step(first);
    const rest = batcher.stepAll(streams, all);
    expect(await early).toEqual(alone[1]?.step(first));
    const wanted = all.map((frame, k) => alone[k]?.step(frame));
    expect(await rest).toEqual(wanted);
  });

  it("refuse lists that do not fit, all or none", async () => {
    const m = model();
    const [batcher, other] = [createBatcher(m), createBatcher(m)];
    const stream = batcher.createStream();
    const frame = [1, 2, 3];
    const message = (streams: BatchStream[], given: number[][], out?: Float32Array[]) =>
      batcher.stepAll(streams, given, { out }).catch((e) => e.message);
    expect(await message([stream], [])).toContain("stepAll, frames: expected 1 of them, got 0");
    expect(await message([stream], [frame], [])).toContain("stepAll, out: expected 1 of them, got 0");
    expect(await message([stream, other.createStream()], [frame, frame])).toContain("stepAll, streams[1]: expected");
    expect(await message([stream], [[1]])).toContain("frame: expected 3 numbers, got 1");
    stream.dispose();
    expect(await message([stream], [frame])).toContain("streams[0]: expected a stream of this batcher in use");
    expect(batcher.stats().queued).toBe(0);
  });

  it("begin anew, and exchange snapshots with streams alone, but not while a step waits", async () => {
    const m = model();
    const stream = createBatcher(m).createStream();
    const alone = m.createStream();
    const x = frames(2)();
    const first = await stream.step(x);
    const waiting = stream.step(x);
    for (const method of ["reset", "getState"] as const)
      expect(() => stream[method]()).toThrow("got one that has some");
    expect(() => stream.setState(alone.getState())).toThrow("expected a stream without steps under way");
    await waiting;
    alone.setState(stream.getState());
    expect(await stream.step(x)).toEqual(alone.step(x));
    stream.reset();
    expect(await stream.step(x)).toEqual(first);
    stream.setState(new Uint8Array(alone.getState().buffer));
    expect(await stream.step(x)).toEqual(alone.step(x));
    expect(() => stream.setState(new Float32Array(2))).toThrow("expected a snapshot of 64 bytes, got 8");
    stream.setState(Buffer.from(alone.getState().buffer.slice(0)));
    stream.setState(Buffer.concat([Buffer.alloc(1), Buffer.from(alone.getState().buffer)]).subarray(1));
    expect(stream.getState()).toEqual(alone.getState());
  });

  it("reject what waits when they are disposed of, which may be twice; others go on", async () => {
    const m = model();
    const batcher = createBatcher(m);
    const [stream, other] = [batcher.createStream(), batcher.createStream()];
    const x = frames(2)();
    const steps = [outcome(stream.step(x)), outcome(stream.step(x)), outcome(other.step(x))];
    stream.dispose();
    stream.dispose();
    const results = await Promise.all(steps);
    for (const result of results.slice(0, 2)) expect(result).toMatchObject({ error: { code: "state" } });
    expect(results[2]).toEqual({ value: m.createStream().step(x) });
    await expect(stream.step(x)).rejects.toThrow("expected a stream in use, got one that was disposed of");
    expect(() => stream.getState()).toThrow("expected a stream in use");
    expect(batcher.stats().queued).toBe(0);
    await batcher.close();
    await expect(other.step(x)).rejects.toMatchObject({ code: "state" });
  });

  it("do not wait for others when all of them are there", async () => {
    const batcher = createBatcher(model(), { maxDelayMs: 2 ** 30 });
    const streams = Array.from({ length: 10 }, () => batcher.createStream());
    await Promise.all(streams.map((stream) => stream.step([1, 2, 3])));
    streams.pop()?.dispose();
    await Promise.all(streams.map((stream) => stream.step([1, 2, 3])));
    expect(batcher.stats().batchSize).toEqual({ mean: 19 / 3, max: 10 });
  });

  it("give all of their memory back", async () => {
    const batcher = createBatcher(model());
    const open = () => Array.from({ length: 1000 }, () => batcher.createStream());
    const run = (streams: BatchStream[]) => Promise.all(streams.map((stream) => stream.step([1, 2, 3])));
    const kept = open();
    await run(kept);
    const before = sharedEngine().arena.liveBytes;
    for (let round = 0; round < 5; round++) {
      const streams = open();
      await run(streams);
      for (const stream of streams) stream.dispose();
    }
    expect(sharedEngine().arena.liveBytes).toBe(before);
    expect(new Set((await run(kept)).map((y) => bits(y as Float32Array).join(" "))).size).toBe(1);
  });

  it("are refused by the name of the layer that needs what has not come yet", () => {
    const both = built([bidirectional({ layer: lstm({ units: 2 }), name: "both", inputShape: [null, WIDTH] })]);
    expect(() => createBatcher(both).createStream()).toThrow("stream, both (Bidirectional)");
  });

  it("say so when the kernels were changed under them", async () => {
    const stream = createBatcher(model()).createStream();
    setEngineOptions({ build: "baseline" });
    await expect(stream.step([1, 2, 3])).rejects.toThrow("expected the model and the kernels that it was opened with");
  });
});
