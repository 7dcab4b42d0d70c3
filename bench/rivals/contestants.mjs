/**
 * Who runs where; `native` is no WebAssembly. Who chooses among `variants` of a model by timing them is loaded while
 * nobody else is busy. `fetched`: the files of node_modules that a page downloads beside its script.
 */

const PAGES = ["node", "chromium"];
/** Has V8 join vectors of 128 bits to such of 256; recurra then runs its wide build. */
const JOINED = ["--experimental-wasm-revectorize"];

export const CONTESTANTS = [
  { name: "recurra", file: "recurra", runs: PAGES },
  { name: "recurra, wide", file: "recurra", runs: ["node"], nodeFlags: JOINED },
  {
    name: "onnxruntime-web",
    file: "onnxruntime_web",
    runs: PAGES,
    fetched: ["onnxruntime-web/dist/ort-wasm-simd-threaded.wasm", "onnxruntime-web/dist/ort-wasm-simd-threaded.mjs"],
  },
  {
    name: "LiteRT.js",
    file: "litert",
    runs: PAGES,
    variants: true,
    fetched: ["@litertjs/core/wasm/litert_wasm_internal.wasm", "@litertjs/core/wasm/litert_wasm_internal.js"],
  },
  { name: "onnxruntime-web, joined", file: "onnxruntime_web", runs: ["node"], nodeFlags: JOINED },
  { name: "LiteRT.js, joined", file: "litert", runs: ["node"], variants: true, nodeFlags: JOINED },
  {
    name: "TF.js wasm",
    file: "tfjs_wasm",
    runs: PAGES,
    fetched: ["@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"],
  },
  { name: "TF.js cpu", file: "tfjs_cpu", runs: PAGES },
  { name: "plain JavaScript", file: "plain", runs: PAGES },
  { name: "onnxruntime-node", file: "onnxruntime_node", runs: ["node"], native: true },
  { name: "TensorFlow Lite", file: "tflite", runs: ["python"], native: true, variants: true },
  { name: "PyTorch", file: "pytorch", runs: ["python"], native: true },
  { name: "Keras, TensorFlow jit", file: "keras_tf", runs: ["python"], native: true },
  { name: "Keras, JAX jit", file: "keras_jax", runs: ["python"], native: true },
];
