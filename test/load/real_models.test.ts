/** Models that others trained (../shared/models, where that folder exists) give what their authors published. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LSTM } from "../../src/layers";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";

const folder = fileURLToPath(new URL("../../../shared/models/", import.meta.url));
const here = existsSync(folder);

describe.skipIf(!here)("traffic-flow, Keras 2.1.4 (skipped where ../shared/models is absent)", () => {
  const column = (file: string) => {
    const [, ...rows] = readFileSync(`${folder}traffic-flow/${file}.csv`, "utf8").trim().split("\n");
    return rows.map((row) => Number(row.split(",")[1]));
  };

  it.each([
    ["lstm", 7.216, 98.054, 0.9396],
    ["gru", 7.202, 99.316, 0.9389],
  ])("%s gives the published errors", async (name, mae, mse, r2) => {
    const [train, test] = [column("train"), column("test")];
    const [least, range] = [Math.min(...train), Math.max(...train) - Math.min(...train)];
    const scaled = test.map((flow) => (flow - least) / range);
    const windows = scaled.length - 12;
    expect(windows).toBe(4308);
    const x = Float32Array.from({ length: windows * 12 }, (_, k) => scaled[Math.floor(k / 12) + (k % 12)]!);
    const model = await loadModel(`${folder}traffic-flow/${name}.h5`);
    const y = model.predict(new Tensor([windows, 12, 1], "float32", x)) as Tensor;
    const wanted = test.slice(12);
    const mean = wanted.reduce((sum, flow) => sum + flow, 0) / windows;
    let [absolute, squared, spread] = [0, 0, 0];
    wanted.forEach((flow, k) => {
      const error = y.data[k]! * range + least - flow;
      absolute += Math.abs(error);
      squared += error * error;
      spread += (flow - mean) ** 2;
    });
    expect(absolute / windows).toBeCloseTo(mae, 3);
    expect(squared / windows).toBeCloseTo(mse, 2);
    expect(1 - squared / spread).toBeCloseTo(r2, 4);
  });
});

describe.skipIf(!here)("dna-next-base, Keras 3.14 (skipped where ../shared/models is absent)", () => {
  /** Every 711th window of 20 bases, and the base that follows it. */
  const windows = () => {
    const text = readFileSync(`${folder}dna-next-base/test.csv`, "utf8");
    const [ids, next, all]: [number[], number[], { count: number }] = [[], [], { count: 0 }];
    for (const [, letters = ""] of text.matchAll(/<([^>]*)>/g)) {
      const bases = [...letters].map((letter) => "ACGT".indexOf(letter)).filter((id) => id >= 0);
      for (let at = 20; at < bases.length; at++) {
        if (all.count++ % 711 !== 0) continue;
        ids.push(...bases.slice(at - 20, at));
        next.push(bases[at]!);
      }
    }
    return { ids: new Tensor([next.length, 20], "int32", Int32Array.from(ids)), next, count: all.count };
  };

  it.each([
    ["lstm", 0.427, 1.201],
    ["gru", 0.4178, 1.2174],
  ])("%s predicts as well as its author says", async (name, accuracy, loss) => {
    const model = await loadModel(`${folder}dna-next-base/${name}_model.keras`);
    expect(model.loadReport).toMatchObject({ format: "keras", kerasVersion: "3.14.0", ignoredKeys: [] });
    const { ids, next, count } = windows();
    expect(count).toBe(2_876_601);
    const { data } = model.predict(ids) as Tensor;
    let [right, sum] = [0, 0];
    next.forEach((base, k) => {
      const row = Array.from(data.subarray(4 * k, 4 * k + 4));
      if (row.indexOf(Math.max(...row)) === base) right++;
      sum -= Math.log(row[base]!);
    });
    // Four thousand of three million windows: the standard error of the accuracy is .008.
    expect(Math.abs(right / next.length - accuracy)).toBeLessThan(0.02);
    expect(Math.abs(sum / next.length - loss)).toBeLessThan(0.02);
  });
});

describe.skipIf(!here)("seq2seq-bot, TF.js 2.1.6 (skipped where ../shared/models is absent)", () => {
  it("answers in the encoder's state, word by word", async () => {
    const encoder = await loadModel(`${folder}seq2seq-bot/encoder-model/model.json`);
    const decoder = await loadModel(`${folder}seq2seq-bot/decoder-model/model.json`);
    const states = encoder.predict(new Tensor([1, 4], "int32", Int32Array.of(1, 2, 3, 4))) as Tensor[];
    expect(states.map(({ shape }) => shape)).toEqual([
      [1, 256],
      [1, 256],
    ]);
    const lstm = decoder.getLayer("new_decoder_lstm") as LSTM;
    const words: number[] = [];
    lstm.resetStates(states);
    for (let word = 0, step = 0; step < 3; step++) {
      const x = new Float32Array(623);
      x[word] = 1;
      const { data } = decoder.predict(new Tensor([1, 1, 623], "float32", x)) as Tensor;
      expect(Array.from(data).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      word = data.indexOf(Math.max(...data));
      words.push(word);
    }
    expect(lstm.states?.[0]?.data).not.toEqual(states[0]?.data);
    expect(words).toHaveLength(3);
  });
});
