/** onnxruntime's native library. */

import ort from "onnxruntime-node";
import { load as loadSession } from "./onnxruntime.mjs";

export const load = (workload, read) =>
  loadSession(ort, workload, read, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" });
