/**
 * Who runs where; `native` is no WebAssembly. Who chooses among `variants` of a model by timing them is loaded while
 * nobody else is busy.
 */

const PAGES = ["node", "chromium"];

export const CONTESTANTS = [
  { name: "recurra", file: "recurra", runs: PAGES },
  { name: "recurra, revectorized", file: "recurra", runs: ["node"], nodeFlags: ["--experimental-wasm-revectorize"] },
  { name: "onnxruntime-web", file: "onnxruntime_web", package: "onnxruntime-web", runs: PAGES },
  { name: "LiteRT.js", file: "litert", package: "@litertjs/core", runs: PAGES, variants: true },
  { name: "TF.js wasm", file: "tfjs_wasm", package: "@tensorflow/tfjs-backend-wasm", runs: PAGES },
  { name: "TF.js cpu", file: "tfjs_cpu", package: "@tensorflow/tfjs-backend-cpu", runs: PAGES },
  { name: "plain JavaScript", file: "plain", runs: PAGES },
  { name: "onnxruntime-node", file: "onnxruntime_node", package: "onnxruntime-node", runs: ["node"], native: true },
  { name: "TensorFlow Lite", file: "tflite", runs: ["python"], native: true, variants: true },
  { name: "PyTorch", file: "pytorch", runs: ["python"], native: true },
  { name: "Keras, TensorFlow jit", file: "keras_tf", runs: ["python"], native: true },
  { name: "Keras, JAX jit", file: "keras_jax", runs: ["python"], native: true },
];
