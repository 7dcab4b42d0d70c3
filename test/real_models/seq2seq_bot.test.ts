/** A chat bot, encoder and decoder; TF.js 2.1.6, model.json and shards: Machine-Learning-Tokyo/seq2seq_bot. */
import { expect, it } from "vitest";
import type { LSTM } from "../../src/layers";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { lstmReference } from "../reference/lstm";
import { describeModels, pathOf } from "./support";

const [UNITS, WORDS, START, LENGTH] = [256, 623, 0, 6];
const QUESTIONS = [
  [1, 2, 3, 4],
  [17, 230, 1148, 5, 9, 77],
];

/** Keras 2. */
const hardSigmoid = (x: number) => Math.min(1, Math.max(0, 0.2 * x + 0.5));
const oneHot = (word: number) => Float32Array.from({ length: WORDS }, (_, k) => (k === word ? 1 : 0));

const load = (part: string, options = {}) => loadModel(pathOf(`seq2seq-bot/${part}-model/model.json`), options);
type Loaded = Awaited<ReturnType<typeof load>>;

/** The likeliest word at every step, with its probability, from one step to the next. */
function answer(step: (word: number) => ArrayLike<number>): { word: number; p: number }[] {
  const words: { word: number; p: number }[] = [];
  for (let word = START; words.length < LENGTH; ) {
    const row = Array.from(step(word));
    const p = Math.max(...row);
    word = row.indexOf(p);
    words.push({ word, p });
  }
  return words;
}

/** The same in float64, of the weights as they were loaded. */
function twinAnswer(encoder: Loaded, decoder: Loaded, question: readonly number[]) {
  const [table, ...first] = encoder.getWeights().map(({ data }) => data as Float32Array);
  const [kernel, recurrentKernel, bias, dense, denseBias] = decoder
    .getWeights()
    .map(({ data }) => data as Float32Array);
  const width = table!.length / 1149;
  const run = (
    inputDim: number,
    x: ArrayLike<number>,
    weights: readonly Float32Array[],
    states: ArrayLike<number>[],
  ) => {
    const [k, r, b] = weights as [Float32Array, Float32Array, Float32Array];
    const shape = { batch: 1, timesteps: x.length / inputDim, inputDim, units: UNITS };
    return lstmReference({
      ...shape,
      x,
      kernel: k,
      recurrentKernel: r,
      bias: b,
      states,
      recurrentActivation: hardSigmoid,
    });
  };
  const rows = question.flatMap((id) => Array.from(table!.subarray(width * id, width * (id + 1))));
  let { states } = run(width, rows, first, [new Float32Array(UNITS), new Float32Array(UNITS)]);
  const encoded = states;
  const words = answer((word) => {
    const next = run(WORDS, oneHot(word), [kernel!, recurrentKernel!, bias!], states);
    states = next.states;
    const sums = Array.from(denseBias!, (b, k) => next.y.reduce((sum, h, u) => sum + h * dense![u * WORDS + k]!, b));
    const total = sums.reduce((sum, value) => sum + Math.exp(value), 0);
    return sums.map((value) => Math.exp(value) / total);
  });
  return { encoded, words };
}

describeModels("seq2seq-bot", () => {
  it.each(QUESTIONS.map((question) => [question]))("answers %j from its encoder's state", async (question) => {
    const [encoder, decoder] = await Promise.all([load("encoder"), load("decoder")]);
    const ids = new Tensor([1, question.length], "int32", Int32Array.from(question));
    const states = encoder.predict(ids) as Tensor[];
    const lstm = decoder.getLayer("new_decoder_lstm") as LSTM;
    lstm.resetStates(states);
    const got = answer((word) => {
      const result = decoder.predict(new Tensor([1, 1, WORDS], "float32", oneHot(word)));
      return (Array.isArray(result) ? result[0]! : result).data;
    });
    const wanted = twinAnswer(encoder, decoder, question);
    for (const [k, state] of states.entries()) {
      expect(state.shape).toEqual([1, UNITS]);
      wanted.encoded[k]!.forEach((value, u) => {
        expect(Math.abs(state.data[u]! - value)).toBeLessThan(1e-5);
      });
    }
    expect(got.map(({ word }) => word)).toEqual(wanted.words.map(({ word }) => word));
    got.forEach(({ p }, k) => {
      expect(Math.abs(p - wanted.words[k]!.p)).toBeLessThan(1e-5);
    });
  });

  it("tells of every file that arrives", async () => {
    const seen: [number, number | null][] = [];
    await load("encoder", { onProgress: (loaded: number, total: number | null) => seen.push([loaded, total]) });
    const last = seen.at(-1)!;
    expect(last[0]).toBe(2329 + 1_176_576 + 2_101_248);
    expect(seen.every(([loaded], k) => k === 0 || loaded >= seen[k - 1]![0])).toBe(true);
  });
});
