/** Results in arrays that the caller gives. */
import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../src/errors";
import { input, layers, model, sequential } from "../../src/index";
import { BUILDS, randomTensor, useBuild } from "../support";

const twoOutputs = () => {
  const x = input({ shape: [null, 3] });
  const h = layers.lstm({ units: 5, returnSequences: true }).apply(x);
  return model({ inputs: x, outputs: [h, layers.gru({ units: 2 }).apply(h)] });
};

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("fills one array an output, at once and in batches, with the bits of new ones", () => {
    const m = twoOutputs();
    const x = randomTensor([7, 4, 3], 1);
    const wanted = m.predict(x);
    for (const batches of [{}, { batchSize: 3 }, { batchSize: 7 }, { batchSize: 50 }]) {
      const out = [new Float32Array(7 * 4 * 5).fill(9), new Float32Array(7 * 2).fill(9)];
      const got = m.predict(x, { out, ...batches });
      got.forEach((t, k) => {
        expect(t.data).toBe(out[k]);
        expect(t.shape).toEqual(wanted[k]?.shape);
        expect(t.data).toEqual(wanted[k]?.data);
      });
    }
  });

  it("takes one array alone for one output, also for nested arrays before anything was run", () => {
    const m = sequential({ layers: [layers.simpleRNN({ units: 2 })] });
    const out = new Float32Array(2);
    const y = m.predict(
      [
        [
          [0.5, 1],
          [0.25, 2],
        ],
      ],
      { out },
    );
    expect(y.data).toBe(out);
    expect(out).toEqual(
      m.predict([
        [
          [0.5, 1],
          [0.25, 2],
        ],
      ]).data,
    );
    expect(out.some((v) => v !== 0)).toBe(true);
  });

  it("refuses arrays of another number, size or type before the states of a layer change", () => {
    const layer = layers.gru({ units: 2, stateful: true });
    const m = sequential({ layers: [layer] });
    const x = randomTensor([3, 4, 3], 2);
    m.predict(x);
    const before = layer.states?.map((t) => [...t.data]);
    const wrong = [new Float32Array(5), new Int32Array(6), [], [new Float32Array(6), new Float32Array(6)]];
    for (const out of wrong) {
      for (const batches of [{}, { batchSize: 3 }]) {
        const call = () => m.predict(x, { out, ...batches });
        expect(call).toThrow(ArgumentError);
        expect(call).toThrow(/predict, out: expected Float32Array\(6\), got/);
      }
    }
    expect(layer.states?.map((t) => [...t.data])).toEqual(before);
  });
});
