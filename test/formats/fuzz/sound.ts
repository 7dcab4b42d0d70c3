/** Small sound files in JSON, to be damaged. */
import { text } from "../support";

const floats = (count: number) => new Uint8Array(Float32Array.from({ length: count }, (_, i) => i / count).buffer);
const list = (count: number) => Array.from({ length: count }, (_, i) => i);

const gru = { name: "gru", units: 2, batch_input_shape: [null, 3, 2], return_sequences: true, dtype: "float32" };
const dense = { name: "dense", units: 2, activation: "softmax" };
const embedded = [
  { class_name: "GRU", config: gru },
  { class_name: "Dense", config: dense },
];

/** The last array has a byte each number, the one before it two. */
export const tfjs = {
  format: "layers-model",
  modelTopology: { keras_version: "2.13.1", model_config: { class_name: "Sequential", config: { layers: embedded } } },
  weightsManifest: [
    {
      paths: ["a.bin"],
      weights: [
        { name: "gru/kernel", shape: [2, 6], dtype: "float32" },
        { name: "gru/recurrent_kernel", shape: [2, 6], dtype: "float32" },
        { name: "dense/bias", shape: [2], dtype: "float32" },
        { name: "dense/kernel", shape: [2, 2], dtype: "float32", quantization: { dtype: "float16" } },
        { name: "gru/bias", shape: [6], dtype: "float32", quantization: { dtype: "uint8", scale: 0.1, min: -1 } },
      ],
    },
  ],
};
export const shard = floats(30).subarray(0, 118);

export const tensors = {
  "rnn.weight_ih_l0": { dtype: "F32", shape: [4, 2], data_offsets: [0, 32] },
  "rnn.weight_hh_l0": { dtype: "BF16", shape: [4, 1], data_offsets: [32, 40] },
};
/** The header of a safetensors file with {@link TENSOR_BYTES} behind it. */
export const header = text(JSON.stringify(tensors));
export const TENSOR_BYTES = 40;

const layer = { type: "dense", activation: "tanh", shape: [null, 2] };
const kernel = [
  [1, 2],
  [3, 4],
];
const recurrent = (gates: number) => [list(gates), list(gates)];
const lstm = { type: "lstm", activation: "", shape: [null, 2], weights: [recurrent(8), recurrent(8), list(8)] };
export const audio = {
  rtneural: { in_shape: [null, null, 2], layers: [lstm, { ...layer, weights: [kernel, [5, 6]] }] },
  guitarml: {
    model_data: { unit_type: "GRU", input_size: 1, hidden_size: 1, skip: 1 },
    state_dict: {
      "rec.weight_ih_l0": [[1], [2], [3]],
      "rec.weight_hh_l0": [[1], [2], [3]],
      "lin.weight": [[1]],
      "lin.bias": [0],
    },
  },
  nam: { architecture: "LSTM", config: { input_size: 1, hidden_size: 2, num_layers: 1 }, weights: list(39) },
};
