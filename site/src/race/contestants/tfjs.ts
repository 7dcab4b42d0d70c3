/** TensorFlow.js on its WebAssembly backend with SIMD, one thread. It has no `reset_after`, so its GRU is the other. */

import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import * as tf from "@tensorflow/tfjs-core";
import { input, layers, model, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { Prepare } from "../contestant";
import { inputOf, type Laid, laid, type Workload } from "../workloads";

const absolute = (address: string) => new URL(address, self.location.href).href;
const zeros = { kernelInitializer: "zeros", recurrentInitializer: "zeros", biasInitializer: "zeros" } as const;

function recurrentOf({ kind, units, sequences: returnSequences = false }: Laid, more: object = {}) {
  const options = { units, returnSequences, ...zeros, ...more };
  if (kind === "SimpleRNN") return layers.simpleRNN(options);
  const gated = { ...options, recurrentActivation: "sigmoid" as const };
  return kind === "LSTM" ? layers.lstm(gated) : layers.gru(gated);
}

function layerOf(spec: Laid) {
  const { kind, units, inputDim, bidirectional } = spec;
  if (kind === "Embedding") return layers.embedding({ inputDim, outputDim: units });
  if (kind === "Dense") return layers.dense({ units, activation: "softmax" });
  return bidirectional ? layers.bidirectional({ layer: recurrentOf(spec), mergeMode: "concat" }) : recurrentOf(spec);
}

type AnyLayer = ReturnType<typeof layerOf>;

function setWeights(layer: AnyLayer, { weights }: Laid): void {
  const given = weights.map(({ data, shape }, k) => {
    const wanted = layer.getWeights()[k]?.shape as number[];
    const size = wanted.reduce((product, d) => product * d, 1);
    return tf.tensor(size < data.length ? data.slice(0, size) : data, size < data.length ? wanted : [...shape]);
  });
  layer.setWeights(given);
}

export const prepare: Prepare = async (workload) => {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": absolute(plain),
    "tfjs-backend-wasm-simd.wasm": absolute(simd),
    "tfjs-backend-wasm-threaded-simd.wasm": absolute(threaded),
  });
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  const specs = laid(workload);
  const resetBefore = specs.some(({ kind }) => kind === "GRU");
  if (workload.stream) return { ...streamed(workload, specs[0] as Laid), resetBefore };
  const { batch, timesteps, features } = workload;
  const given = inputOf(workload);
  const ids = given instanceof Int32Array;
  const dtype = ids ? "int32" : "float32";
  const shape = ids ? [batch, timesteps] : [batch, timesteps, features];
  const x = input({ batchShape: shape, dtype });
  const made = specs.map(layerOf);
  const net = model({ inputs: x, outputs: made.reduce((y, layer) => layer.apply(y) as SymbolicTensor, x) });
  made.forEach((layer, k) => {
    setWeights(layer, specs[k] as Laid);
  });
  const run = () => {
    const t = tf.tensor(given, shape, dtype);
    const y = net.predict(t, { batchSize: batch }) as tf.Tensor;
    const data = y.dataSync() as Float32Array;
    tf.dispose([t, y]);
    return data;
  };
  return { run, resetBefore };
};

function streamed(workload: Workload, spec: Laid) {
  const { features } = workload;
  const count = spec.kind === "LSTM" ? 2 : 1;
  const x = input({ batchShape: [1, 1, features] });
  const states = Array.from({ length: count }, () => input({ batchShape: [1, spec.units] }));
  const cell = recurrentOf(spec, { returnState: true });
  const [, ...last] = cell.apply(x, { initialState: states }) as SymbolicTensor[];
  const net = model({ inputs: [x, ...states], outputs: last });
  setWeights(cell, spec);
  const begin = () => states.map(() => tf.zeros([1, spec.units]) as tf.Tensor);
  let kept = begin();
  const given = inputOf(workload) as Float32Array;
  return {
    reset: () => {
      kept = begin();
    },
    run: () => {
      const t = tf.tensor(given, [1, 1, features]);
      const next = [net.predict([t, ...kept], { batchSize: 1 })].flat() as tf.Tensor[];
      tf.dispose([t, ...kept]);
      kept = next;
      return next[0]?.dataSync() as Float32Array;
    },
  };
}
