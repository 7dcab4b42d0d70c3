/** onnxruntime's WebAssembly, one thread. */

import * as ort from "onnxruntime-web/wasm";
import { load as loadSession } from "./onnxruntime.mjs";

ort.env.wasm.numThreads = 1;
if (globalThis.document) ort.env.wasm.wasmPaths = "/bench/rivals/node_modules/onnxruntime-web/dist/";

export const load = (workload, read) => loadSession(ort, workload, read, { executionProviders: ["wasm"] });
