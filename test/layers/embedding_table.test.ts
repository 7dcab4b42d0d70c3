import { afterEach, describe, expect, it } from "vitest";
import { configure, input, layers, model, runtime, sequential, type Tensor, tensor } from "../../src/index";
import { BUILDS } from "../support";

const VOCABULARY = 11;
const WIDTH = 6;
const UNITS = 9;

let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

function ids(batch: number, timesteps: number, whole = true): Tensor {
  const values = Array.from({ length: batch * timesteps }, () => Math.floor(random() * VOCABULARY));
  return tensor(whole ? Int32Array.from(values) : Float32Array.from(values), [batch, timesteps]);
}

function embedding(maskZero = false) {
  return layers.embedding({ inputDim: VOCABULARY, outputDim: WIDTH, maskZero });
}

const KINDS = {
  lstm: (options: object) => layers.lstm({ units: UNITS, biasInitializer: "uniform", ...options }),
  gru: (options: object) => layers.gru({ units: UNITS, biasInitializer: "uniform", ...options }),
  "gru that resets before": (options: object) => layers.gru({ units: UNITS, resetAfter: false, ...options }),
  simpleRNN: (options: object) => layers.simpleRNN({ units: UNITS, ...options }),
} as const;
const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** What a run gives with the table, and what it gives without. */
function both<T>(build: "baseline" | "relaxed", run: () => T): [T, T] {
  configure({ build });
  const folded = run();
  configure({ build, tableBytes: 0 });
  return [folded, run()];
}

afterEach(() => configure({}));

describe.each(BUILDS)("an embedding's products from a table, %s build", (build) => {
  it.each(NAMES)("have the bits of those computed, %s", (name) => {
    for (const maskZero of [false, true]) {
      for (const goBackwards of [false, true]) {
        const layer = KINDS[name]({ returnSequences: true, goBackwards });
        const m = sequential({ layers: [embedding(maskZero), layer] });
        for (const batch of [1, 2, 3, 4, 7, 70]) {
          const x = ids(batch, 5, batch !== 2);
          const [folded, computed] = both(build, () => m.predict(x).data);
          expect(folded.some((v) => v !== 0)).toBe(true);
          expect(folded).toEqual(computed);
        }
      }
    }
  });

  it.each(NAMES)("have them in a stream and behind a bidirectional wrapper, %s", (name) => {
    const m = sequential({ layers: [embedding(), KINDS[name]({})] });
    m.predict(ids(1, 2));
    const [folded, computed] = both(build, () => {
      const stream = m.createStream();
      const frames = [3, 0, 10].map((id) => [...stream.step(Int32Array.of(id))]);
      stream.dispose();
      return frames;
    });
    expect(folded).toEqual(computed);
    const wide = sequential({ layers: [embedding(true), layers.bidirectional({ layer: KINDS[name]({}) })] });
    const x = ids(4, 6);
    const [one, other] = both(build, () => wide.predict(x).data);
    expect(one).toEqual(other);
  });
});

describe("the table", () => {
  it("takes memory where it is used, and none beyond the bound", () => {
    const table = 4 * VOCABULARY * 16 * 4;
    const used = (tableBytes: number) => {
      configure({ tableBytes });
      sequential({ layers: [embedding(), KINDS.lstm({})] }).predict(ids(1, 3));
      return runtime().used;
    };
    const [without, within] = [used(table - 1), used(table)];
    expect(within - without).toBeGreaterThan(table);
    expect(used(0)).toBe(without);
  });

  it("follows changes of the embedding and of the layer", () => {
    const [first, second] = [embedding(), KINDS.gru({})];
    const m = sequential({ layers: [first, second] });
    const x = ids(5, 4);
    for (const layer of [first, second, first]) {
      m.predict(x);
      layer.setWeights(
        layer.weights.map((w) =>
          tensor(
            Float32Array.from(w.data, (v) => -2 * v),
            w.shape,
          ),
        ),
      );
      const [folded, computed] = both("baseline", () => m.predict(x).data);
      expect(folded).toEqual(computed);
    }
  });

  it("leaves the rows to those who read them too", () => {
    const x = input({ shape: [4], dtype: "int32" });
    const rows = embedding().apply(x);
    const m = model({ inputs: x, outputs: [rows, KINDS.lstm({}).apply(rows), layers.flatten().apply(rows)] });
    const given = ids(2, 4);
    const [folded, computed] = both("baseline", () => m.predict(given).map((t) => [...t.data]));
    expect(folded).toEqual(computed);
    expect(folded[0]?.some((v) => v !== 0)).toBe(true);
  });

  it("still names the id that is none", () => {
    const m = sequential({ layers: [embedding(), KINDS.lstm({})] });
    expect(() => m.predict(tensor(Int32Array.of(1, 2, 11, 3), [2, 2]))).toThrow(/id at \[1, 0\].*0 to 10/);
    expect(() => m.predict([[0.5]])).toThrow(/id at \[0, 0\]/);
  });

  it("refuses a bound that is none", () => {
    expect(() => configure({ tableBytes: -1 })).toThrow(/configure\.tableBytes/);
  });
});
