/** This library. */

import { input, layers, model, type Tensor, tensor } from "recurra";
import type { Prepare } from "../contestant";
import { inputOf, type Laid, laid } from "../workloads";

function layerOf({ kind, units, inputDim, sequences: returnSequences = false, bidirectional }: Laid) {
  if (kind === "Embedding") return layers.embedding({ inputDim, outputDim: units });
  if (kind === "Dense") return layers.dense({ units, activation: "softmax" });
  const options = { units, returnSequences };
  const gated = kind === "LSTM" ? layers.lstm(options) : layers.gru(options);
  const layer = kind === "SimpleRNN" ? layers.simpleRNN(options) : gated;
  return bidirectional ? layers.bidirectional({ layer }) : layer;
}

export const prepare: Prepare = (workload) => {
  const { batch, timesteps, features, stream } = workload;
  const given = inputOf(workload);
  const ids = given instanceof Int32Array;
  const x = input({ shape: ids ? [null] : [null, features], dtype: ids ? "int32" : "float32" });
  const specs = laid(workload);
  const made = specs.map(layerOf);
  const net = model({ inputs: x, outputs: made.reduce((y, layer) => layer.apply(y) as typeof x, x) });
  made.forEach((layer, k) => {
    layer.setWeights((specs[k] as Laid).weights.map(({ data, shape }) => tensor(data, shape)));
  });
  if (stream) {
    const live = net.createStream();
    const out = new Float32Array(live.output.length);
    return { run: () => live.step(given, out) as Float32Array, reset: () => live.reset() };
  }
  const shape = ids ? [batch, timesteps] : [batch, timesteps, features];
  return { run: () => (net.predict(tensor(given, shape)) as Tensor).data as Float32Array };
};
