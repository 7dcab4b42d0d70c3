/** onnxruntime-web, its WebAssembly on one thread. */

import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import type { Prepare } from "../contestant";
import { onnxFile } from "../onnx_file";
import { inputOf, type Laid, laid } from "../workloads";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: new URL(wasm, self.location.href).href };
ort.env.logLevel = "error";

export const prepare: Prepare = async (workload) => {
  const { batch, timesteps, features, stream } = workload;
  const { bytes, output, states } = onnxFile(workload);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const given = inputOf(workload);
  const ids = given instanceof Int32Array;
  const shape = ids ? [batch, timesteps] : [batch, timesteps, features];
  const x = () => new ort.Tensor(ids ? "int32" : "float32", given as Float32Array, shape);
  if (!stream) return { run: async () => (await session.run({ x: x() }))[output]?.data as Float32Array };
  const { units } = laid(workload)[0] as Laid;
  const zeros = () => states.map(() => new ort.Tensor("float32", new Float32Array(units), [1, 1, units]));
  let kept: ort.Tensor[] = zeros();
  return {
    reset: () => {
      kept = zeros();
    },
    run: async () => {
      const carried = Object.fromEntries(kept.map((state, k) => [`s${k}`, state]));
      const made = await session.run({ x: x(), ...carried });
      kept = states.map((name) => made[name] as ort.Tensor);
      return made[output]?.data as Float32Array;
    },
  };
};
