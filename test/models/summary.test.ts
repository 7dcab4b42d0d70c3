/** Summaries are those of the Keras documents, and with `style: "box"` those of Keras 3 to the last character. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../src/errors";
import { input, layers, loadModel, model, sequential } from "../../src/index";
import type { SummaryOptions } from "../../src/models/summary";
import { modelBytes } from "../fixtures/golden";

const print = false as const;
const folder = new URL("../fixtures/summary/", import.meta.url);

const drawn: Record<string, () => { summary(options: SummaryOptions): string }> = {
  unbuilt: () =>
    sequential({
      name: "sequential",
      layers: [layers.lstm({ units: 3, name: "lstm" }), layers.dense({ units: 2, name: "dense" })],
    }),
  documents: () =>
    sequential({
      name: "documents",
      layers: [
        input({ shape: [null] }),
        layers.embedding({ inputDim: 5000, outputDim: 256, name: "embedding" }),
        layers.dropout({ rate: 0.5, name: "dropout" }),
        layers.bidirectional({ layer: layers.lstm({ units: 128, returnSequences: true }), name: "bidirectional" }),
        layers.batchNormalization({ name: "batch_normalization" }),
        layers.gru({ units: 64, trainable: false, name: "gru" }),
        layers.dense({ units: 10, activation: "softmax", name: "dense" }),
      ],
    }),
};

describe("style box is what Keras 3 prints", () => {
  it.each(readdirSync(folder))("%s", async (file) => {
    const [, name = "", width] = /^(.*)_(\d+)\.txt$/.exec(file) ?? [];
    const shown = drawn[name]?.() ?? (await loadModel(modelBytes(name)));
    const text = shown.summary({ style: "box", lineLength: Number(width), print });
    expect(text).toBe(`${readFileSync(new URL(file, folder), "utf8").trimEnd()}\n`);
  });
});

interface SummaryCase {
  kind?: string;
  id: string;
  model_name: string;
  keras2_text: string;
  keras3_text?: Record<string, string>;
}
const vectors = fileURLToPath(new URL("../../../shared/conformance/seed_vectors.json", import.meta.url));
const cases: SummaryCase[] = existsSync(vectors)
  ? JSON.parse(readFileSync(vectors, "utf8")).filter(({ kind }: SummaryCase) => kind === "summary")
  : [];

/** The models of the cases, by the end of their id. */
const documented: Record<string, (name: string) => { summary(options: SummaryOptions): string }> = {
  guide_embedding_lstm_dense: (name) =>
    sequential({
      name,
      layers: [
        layers.embedding({ inputDim: 1000, outputDim: 64, name: "embedding" }),
        layers.lstm({ units: 128, name: "lstm" }),
        layers.dense({ units: 10, name: "dense" }),
      ],
    }),
  guide_embedding_gru_rnn_dense: (name) =>
    sequential({
      name,
      layers: [
        layers.embedding({ inputDim: 1000, outputDim: 64, name: "embedding_1" }),
        layers.gru({ units: 256, returnSequences: true, name: "gru" }),
        layers.simpleRNN({ units: 128, name: "simple_rnn" }),
        layers.dense({ units: 10, name: "dense_1" }),
      ],
    }),
  guide_bidirectional: (name) =>
    sequential({
      name,
      layers: [
        layers.bidirectional({
          layer: layers.lstm({ units: 64, returnSequences: true }),
          inputShape: [5, 10],
          name: "bidirectional",
        }),
        layers.bidirectional({ layer: layers.lstm({ units: 32 }), name: "bidirectional_1" }),
        layers.dense({ units: 10, name: "dense_3" }),
      ],
    }),
  simple_rnn3: (name) =>
    sequential({ name, layers: [layers.simpleRNN({ units: 3, inputShape: [2, 10], name: "simple_rnn" })] }),
  stacked_27_21: (name) =>
    sequential({
      name,
      layers: [
        layers.simpleRNN({ units: 3, returnSequences: true, inputShape: [null, 5], name: "simple_rnn" }),
        layers.simpleRNN({ units: 3, name: "simple_rnn_1" }),
      ],
    }),
  guide_encoder_decoder: (name) => {
    const encoderInput = input({ shape: [null], name: "input_1" });
    const encoded = layers.embedding({ inputDim: 1000, outputDim: 64, name: "embedding_2" }).apply(encoderInput);
    const [, h, c] = layers.lstm({ units: 64, returnState: true, name: "encoder" }).apply(encoded);
    const decoderInput = input({ shape: [null], name: "input_2" });
    const target = layers.embedding({ inputDim: 2000, outputDim: 64, name: "embedding_3" }).apply(decoderInput);
    const decoded = layers.lstm({ units: 64, name: "decoder" }).apply(target, { initialState: [h, c] });
    const outputs = layers.dense({ units: 10, name: "dense_2" }).apply(decoded);
    return model({ inputs: [encoderInput, decoderInput], outputs, name });
  },
};

describe.skipIf(cases.length === 0)("the tables of the documents (skipped where ../shared is absent)", () => {
  it("are all here", () => {
    expect(cases.map(({ id }) => id.split("/").at(-1)).sort()).toEqual(Object.keys(documented).sort());
  });

  it.each(cases)("$id", ({ id, model_name, keras2_text, keras3_text = {} }) => {
    const shown = documented[id.split("/").at(-1) as string]!(model_name);
    expect(shown.summary({ print })).toBe(keras2_text);
    for (const [columns, text] of Object.entries(keras3_text)) {
      const lineLength = Math.min(88, Number(columns) - 4);
      expect(shown.summary({ style: "box", lineLength, print })).toBe(text);
    }
  });
});

describe("summary", () => {
  const small = () =>
    sequential({ name: "small", layers: [layers.dense({ units: 2, inputShape: [3], name: "dense" })] });

  it("prints once what it returns", () => {
    const printed: string[] = [];
    const text = small().summary({ print: (part) => printed.push(part) });
    expect(printed).toEqual([text.trimEnd()]);
  });

  it("says that shapes and weights are not known yet", () => {
    const m = sequential({ name: "later", layers: [layers.dense({ units: 2, name: "dense" })] });
    expect(m.summary({ print })).toContain("dense (Dense)                ?                         0 (unused)");
    m.predict([[1, 2, 3]]);
    expect(m.summary({ print })).toContain("dense (Dense)                (None, 2)                 8         ");
  });

  it("says multiple where a shared layer gives several shapes", () => {
    const [a, b] = [input({ shape: [4, 3] }), input({ shape: [5, 3] })];
    const dense = layers.dense({ units: 2, name: "shared" });
    const m = model({ inputs: [a, b], outputs: [dense.apply(a), dense.apply(b)] });
    expect(m.summary({ print })).toMatch(/^shared \(Dense\) +multiple +8 /m);
  });

  it("shows connections as soon as a layer takes two results", () => {
    const from = input({ shape: [2], name: "from" });
    const dense = layers.dense({ units: 2, name: "dense" }).apply(from);
    const m = model({ inputs: from, outputs: layers.add({ name: "sum" }).apply([dense, from]) });
    expect(m.summary({ print })).toContain("Connected to");
    expect(model({ inputs: from, outputs: dense }).summary({ print })).not.toContain("Connected to");
  });

  it("counts nothing of a model that is not trained as trainable", () => {
    const inner = sequential({ trainable: false, layers: [layers.dense({ units: 2, inputShape: [3] })] });
    const m = sequential({ layers: [inner, layers.dense({ units: 1 })] });
    expect(m.summary({ print })).toContain("Total params: 11\nTrainable params: 3\nNon-trainable params: 8\n");
  });

  it("rounds sizes as Python does", () => {
    const m = sequential({ layers: [layers.dense({ units: 32, inputShape: [32] })] });
    expect(m.summary({ style: "box", print })).toContain(" Total params: 1,056 (4.12 KB)\n");
  });

  it("refuses lines that hold no columns, and unknown styles", () => {
    expect(() => small().summary({ style: "box", lineLength: 12 })).toThrow(ArgumentError);
    expect(() => small().summary({ lineLength: -1 })).toThrow("lineLength: expected a positive integer, got -1");
    expect(() => small().summary({ style: "round" as never })).toThrow("style");
  });
});
