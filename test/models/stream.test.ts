import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { concatenate } from "../../src/layers/concatenate";
import { dense } from "../../src/layers/dense";
import { embedding } from "../../src/layers/embedding";
import { input } from "../../src/layers/input_layer";
import type { Layer, Result } from "../../src/layers/layer";
import { gru, gruCell } from "../../src/layers/recurrent/gru";
import { lstm, lstmCell } from "../../src/layers/recurrent/lstm";
import { rnn } from "../../src/layers/recurrent/rnn";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { stackedRNNCells } from "../../src/layers/recurrent/stacked_rnn_cells";
import { model as functional } from "../../src/models/functional";
import { type Sequential, sequential } from "../../src/models/sequential";
import { Tensor } from "../../src/tensor";
import { sharedEngine } from "../../src/wasm/engine";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

const WIDTH = 3;
const TIMESTEPS = 11;
const ROUNDING = 1e-6; // relaxed build: a few units in the last place of numbers below 1

/** A model with seeded weights. */
function built(layers: readonly Layer<Result>[]): Sequential {
  const m = sequential({ layers });
  m.build(m.inputs.map((t) => t.shape));
  m.setWeights(m.weights.map((w, k) => randomTensor(w.shape, k + 1, 0.7)));
  return m;
}

const first = { inputShape: [null, WIDTH] };
const cells = () => stackedRNNCells({ cells: [lstmCell({ units: 4 }), gruCell({ units: 3 })] });
const stacks: Record<string, () => Layer<Result>[]> = {
  lstm: () => [lstm({ units: 5, returnSequences: true, ...first })],
  "gru, simple rnn, dense": () => [
    gru({ units: 8, returnSequences: true, ...first }),
    simpleRNN({ units: 3, returnSequences: true }),
    dense({ units: 2, activation: "softmax" }),
  ],
  "reset before": () => [gru({ units: 9, resetAfter: false, returnSequences: true, ...first })],
  "stacked cells": () => [rnn({ cell: cells(), returnSequences: true, ...first })],
  "softmax inside": () => [lstm({ units: 4, activation: "softmax", returnSequences: true, ...first })],
};

describe.each(BUILDS)("a stream on the %s build", (build) => {
  useBuild(build);
  const tolerance = build === "baseline" ? 0 : ROUNDING;

  it.each(Object.keys(stacks))("gives what predict gives for the whole sequence: %s", (name) => {
    const m = built((stacks[name] as () => Layer<Result>[])());
    const x = randomTensor([2, TIMESTEPS, WIDTH], 99, 1.5);
    const whole = m.predict(x);
    const width = whole.shape[2] as number;
    const vector = (data: ArrayLike<number>) => new Tensor([width], "float32", Float32Array.from(data));
    const both = m.createStream({ batch: 2 });
    const alone = [m.createStream(), m.createStream()];
    for (let t = 0; t < TIMESTEPS; t++) {
      const rows = [0, 1].map((b) => x.data.slice((b * TIMESTEPS + t) * WIDTH, (b * TIMESTEPS + t + 1) * WIDTH));
      const together = both.step(rows.flatMap((row) => [...row]));
      alone.forEach((stream, b) => {
        const at = (b * TIMESTEPS + t) * width;
        const expected = vector(whole.data.slice(at, at + width));
        expectClose(vector(stream.step(rows[b] as Float32Array)), expected, tolerance, tolerance);
        expectClose(vector(together.slice(b * width, (b + 1) * width)), expected, tolerance, tolerance);
      });
    }
  });

  it("ends with what a layer without returnSequences predicts, ids and their mask included", () => {
    const m = built([embedding({ inputDim: 7, outputDim: 4, maskZero: true, inputShape: [null] }), lstm({ units: 6 })]);
    const ids = [3, 0, 6, 1, 0, 0];
    const whole = m.predict(new Tensor([1, ids.length], "int32", Int32Array.from(ids)));
    const stream = m.createStream();
    expect(stream.input).toBeInstanceOf(Int32Array);
    for (const id of ids) stream.step([id]);
    expectClose(new Tensor([1, 6], "float32", stream.output), whole, tolerance, tolerance);
  });
});

describe("a stream", () => {
  const model = () => built([lstm({ units: 5, ...first }), dense({ units: 2 })]);
  const frame = (t: number) => randomTensor([WIDTH], t + 1).data as Float32Array;

  it("begins anew after reset, and goes on from a snapshot or its bytes, also in another stream", () => {
    const m = model();
    const [a, b] = [m.createStream(), m.createStream()];
    const start = a.step(frame(0)).slice();
    a.step(frame(1));
    const snapshot = a.getState();
    const expected = a.step(frame(2)).slice();
    b.setState(snapshot);
    expect(b.step(frame(2))).toEqual(expected);
    a.setState(new Uint8Array(snapshot.slice().buffer));
    expect(a.step(frame(2))).toEqual(expected);
    a.reset();
    expect(a.step(frame(0))).toEqual(start);
    expect(() => a.setState(new Float32Array(3))).toThrow("stream.setState: expected a snapshot of");
  });

  it("takes the bytes of a snapshot wherever they stand, and nothing that is none", () => {
    const stream = model().createStream();
    stream.step(frame(0));
    const snapshot = stream.getState();
    stream.reset();
    // as Node's Buffer, whose `slice` copies nothing
    class Part extends Uint8Array {
      override slice(from?: number, to?: number): Uint8Array<ArrayBuffer> {
        return super.subarray(from, to) as Uint8Array<ArrayBuffer>;
      }
    }
    const bytes = new Part(snapshot.byteLength + 1);
    bytes.set(new Uint8Array(snapshot.buffer), 1);
    stream.setState(bytes.subarray(1));
    expect(stream.getState()).toEqual(snapshot);
    const odd = [[...snapshot], snapshot.buffer, Float64Array.from(snapshot), new Float64Array(snapshot.length / 2)];
    for (const wrong of [...odd, new Int32Array(snapshot.length), JSON.parse(JSON.stringify(snapshot)), null]) {
      expect(() => stream.setState(wrong as Float32Array)).toThrow("stream.setState: expected a snapshot of");
    }
    expect(stream.getState()).toEqual(snapshot);
  });

  it("refuses an id that is none, and its states stay as they were, also those of other branches", () => {
    const [x, ids] = [input({ shape: [null, WIDTH] }), input({ shape: [null] })];
    const h = lstm({ units: 4, returnSequences: true }).apply(x);
    const words = embedding({ inputDim: 5, outputDim: 2 }).apply(ids);
    const m = functional({ inputs: [ids, x], outputs: gru({ units: 3 }).apply(concatenate().apply([h, words])) });
    const stream = m.createStream();
    stream.inputs[1]?.set(frame(0));
    stream.step([4]);
    const snapshot = stream.getState();
    for (const id of [1.5, Number.NaN, 2 ** 40]) {
      expect(() => stream.step([id])).toThrow(`stream.step, frame: expected whole numbers, got ${id}`);
    }
    for (const id of [-1, 5]) expect(() => stream.step([id])).toThrow("expected a whole number from 0 to 4");
    expect(stream.getState()).toEqual(snapshot);
    expect(stream.step([3]).slice()).not.toEqual(stream.step([3]));
  });

  it("fills an array that it is given, and works on after one of another length", () => {
    const m = model();
    const stream = m.createStream();
    const out = new Float32Array(2);
    expect(() => stream.step([1, 2])).toThrow("stream.step, frame: expected 3 numbers, got 2");
    expect(() => stream.step(frame(0), new Float32Array(3))).toThrow(
      "stream.step, out: expected Float32Array of 2, got 3",
    );
    expect(() => stream.step(frame(0), [0, 0] as never)).toThrow(
      "stream.step, out: expected Float32Array of 2, got [0, 0]",
    );
    expect(() => stream.step(null as never)).toThrow("stream.step, frame: expected 3 numbers, got null");
    expect(stream.step(frame(0), out)).toBe(out);
    expect(out).toEqual(m.createStream().step(frame(0)));
  });

  it("keeps its buffers when memory grows, and shares one plan with ten thousand others", () => {
    const m = model();
    const stream = m.createStream();
    const { input, output } = stream;
    const expected = stream.step(frame(0)).slice();
    const all = Array.from({ length: 10_000 }, () => m.createStream());
    sharedEngine()
      .arena.reserve(1 << 24)
      .free();
    for (const other of all) expect(other.step(frame(0))[0]).toBe(expected[0]);
    stream.reset();
    expect(stream.step(frame(0))).toEqual(expected);
    expect([stream.input, stream.output]).toEqual([input, output]);
    const before = sharedEngine().arena.liveBytes;
    for (const other of all) other.dispose();
    expect(before - sharedEngine().arena.liveBytes).toBeGreaterThanOrEqual(10_000 * 2 * 5 * 4);
  });

  it("is refused by the name of the layer that needs what has not come yet", () => {
    const both = built([bidirectional({ layer: lstm({ units: 2 }), name: "both", ...first })]);
    expect(() => both.createStream()).toThrow("stream, both (Bidirectional)");
    const backwards = built([lstm({ units: 2, goBackwards: true, name: "back", ...first })]);
    expect(() => backwards.createStream()).toThrow("stream, back: expected a layer that goes forwards");
    expect(() => model().createStream({ batch: 0 })).toThrow("createStream, batch: expected a positive integer, got 0");
  });

  it("throws after dispose, which may be called twice", () => {
    const stream = model().createStream();
    stream.dispose();
    stream.dispose();
    expect(() => stream.step(frame(0))).toThrow("expected a stream in use");
    expect(() => stream.getState()).toThrow("expected a stream in use");
  });
});
