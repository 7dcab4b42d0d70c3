/** TensorFlow.js on its WebAssembly backend, with SIMD and one thread. */

import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { load as loadLayers, tf } from "./tfjs.mjs";

if (globalThis.document) setWasmPaths("/bench/rivals/node_modules/@tensorflow/tfjs-backend-wasm/dist/");

export async function load(workload) {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  await tf.setBackend("wasm");
  return loadLayers(workload);
}
