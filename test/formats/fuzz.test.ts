/**
 * Damaged files of every format: each gives a typed error within the limits, or loads and has sound shapes.
 * FUZZ_ROUNDS says how many files a format; 2,000 unless it is set, 100,000 in the fuzz command. FUZZ_SEED moves on.
 */
import { describe, expect, it } from "vitest";
import { type ModelParts, readModel } from "../../src/formats";
import { loadModel, type OnnxModel } from "../../src/load";
import type { AnyResult } from "../../src/models/from_json";
import type { Model } from "../../src/models/model";
import type { ModelSpec, OnnxSpec } from "../../src/spec";
import { sizeOf, Tensor } from "../../src/tensor";
import { damaged, damagedJson, damagedMember, type Next } from "./damage";
import { bytesOf, file, random, text } from "./support";

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 0);
const LIMITS = { bytes: 2 ** 26, weights: 1000, nesting: 64 };
const MOST_ELEMENTS = 10_000; // of an input to be predicted
const MOST_MS = 3000; // two cores shared with other tests; a sound file takes some milliseconds

const floats = (count: number) => new Uint8Array(Float32Array.from({ length: count }, (_, i) => i / count).buffer);
const list = (count: number) => Array.from({ length: count }, (_, i) => i);

const gru = { name: "gru", units: 2, batch_input_shape: [null, 3, 2], return_sequences: true, dtype: "float32" };
const layers = [{ class_name: "GRU", config: gru }];
const tfjs = {
  format: "layers-model",
  modelTopology: { keras_version: "2.13.1", model_config: { class_name: "Sequential", config: { layers } } },
  weightsManifest: [
    {
      paths: ["a.bin"],
      weights: [
        { name: "gru/kernel", shape: [2, 6], dtype: "float32" },
        { name: "gru/recurrent_kernel", shape: [2, 6], dtype: "float32" },
        { name: "gru/bias", shape: [6], dtype: "float32", quantization: { dtype: "uint8", scale: 0.1, min: -1 } },
      ],
    },
  ],
};
const shard = floats(26).subarray(0, 102);
const tensors = {
  "rnn.weight_ih_l0": { dtype: "F32", shape: [4, 2], data_offsets: [0, 32] },
  "rnn.weight_hh_l0": { dtype: "BF16", shape: [4, 1], data_offsets: [32, 40] },
};
const header = text(JSON.stringify(tensors));
const safetensors = bytesOf([header.length, 8], header, new Uint8Array(40));
const nam = { architecture: "LSTM", config: { input_size: 1, hidden_size: 2, num_layers: 1 }, weights: list(39) };
const guitarml = {
  model_data: { unit_type: "GRU", input_size: 1, hidden_size: 1, skip: 1 },
  state_dict: { "rec.weight_ih_l0": [[1], [2], [3]], "rec.weight_hh_l0": [[1], [2], [3]], "lin.weight": [[1]] },
};
const dense = {
  type: "dense",
  activation: "tanh",
  shape: [null, 2],
  weights: [
    [
      [1, 2],
      [3, 4],
    ],
    [5, 6],
  ],
};
const rtneural = { in_shape: [null, 2], layers: [dense] };

const json = (value: object) => (next: Next) => damagedJson(text(JSON.stringify(value)), next);
const any =
  (...files: Uint8Array[]) =>
  (next: Next) =>
    damaged(files[next(files.length)]!, next);
const models = ["sequential_lstm", "sequential_deflated", "functional_shared"].map((name) => {
  return file(`../fixtures/models/${name}.keras`);
});
const hdf5 = [
  "keras_2_1.h5",
  "tf_keras.h5",
  "cudnn_weights.h5",
  "types.weights.h5",
  "chunked.weights.h5",
  "latest.weights.h5",
];

/** Format → what makes a damaged file of it. */
const FORMATS: Record<string, (next: Next) => Uint8Array | ModelParts> = {
  "keras, the archive": any(...models),
  "keras, a member": (next) => damagedMember(models[next(models.length)]!, next),
  hdf5: any(...hdf5.map((name) => file(`files/${name}`))),
  "tfjs, the topology": (next) => ({ topology: json(tfjs)(next), weights: shard }),
  "tfjs, the weights": (next) => ({ topology: tfjs, weights: damaged(shard, next) }),
  "safetensors, bytes": any(safetensors),
  "safetensors, the header": (next) => {
    const lying = damagedJson(header, next);
    return bytesOf([lying.length, 8], lying, new Uint8Array(40));
  },
  onnx: any(file("files/types.onnx"), file("files/graph.onnx")),
  "other JSON": (next) => json([nam, guitarml, rtneural][next(3)]!)(next),
};

/** Every array has the numbers that its shape says. */
function checkShapes(spec: ModelSpec | OnnxSpec): void {
  const arrays = [];
  if (spec.format === "onnx") arrays.push(...spec.graph.initializers.values());
  else if (spec.weights.kind === "tree") arrays.push(...[...spec.weights.groups.values()].flat());
  else if (spec.weights.kind === "names") arrays.push(...spec.weights.weights.values());
  else if (spec.weights.kind === "layers") {
    arrays.push(...spec.weights.layers.flatMap(({ weights }) => weights.map(({ tensor }) => tensor)));
  }
  for (const { shape, data } of arrays) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
}

/** What the bytes say can be built as well: weights have their shapes, and predictions theirs. */
async function checkModel(made: Uint8Array | ModelParts): Promise<void> {
  const model: Model<AnyResult> | OnnxModel = await loadModel(made, { limits: LIMITS });
  if ("getWeights" in model) for (const { shape, data } of model.getWeights()) expect(data.length).toBe(sizeOf(shape));
  const sizes = (shape: readonly unknown[]) =>
    shape.map((size, k) => (typeof size === "number" ? size : k === 0 ? 1 : 3));
  const shapes = model.inputs.map(({ shape }) => sizes(shape ?? []));
  if (shapes.some((shape) => sizeOf(shape) > MOST_ELEMENTS)) return;
  const zeros = shapes.map((shape) => new Tensor(shape, "float32", new Float32Array(sizeOf(shape))));
  const results = model.predict(zeros.length === 1 ? zeros[0]! : zeros);
  for (const { shape, data } of [results].flat()) expect(data.length).toBe(sizeOf(shape));
  model.dispose();
}

describe("damaged files", () => {
  it.each(Object.keys(FORMATS))(
    `%s, ${ROUNDS} times`,
    async (format) => {
      // The first ones load the readers and layers, which is not what is timed.
      for (let round = 0; round < 20; round++) await checkModel(FORMATS[format]!(random(round))).catch(() => {});
      const outcomes = { read: 0, loaded: 0, refused: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        const made = FORMATS[format]!(random(SEED + round));
        const start = performance.now();
        try {
          checkShapes(await readModel(made, { limits: LIMITS }));
          outcomes.read++;
          await checkModel(made);
          outcomes.loaded++;
        } catch (error) {
          expect(error, `round ${round}`).toMatchObject({ brand: "recurra.error" });
          outcomes.refused++;
        }
        expect(performance.now() - start, `milliseconds of round ${round}`).toBeLessThan(MOST_MS);
      }
      expect(outcomes.refused).toBeGreaterThan(0);
      if (ROUNDS > 2000) console.log(`${format}: ${JSON.stringify(outcomes)}`);
    },
    60_000 + ROUNDS * 20,
  );
});
