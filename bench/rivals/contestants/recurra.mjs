/** recurra itself: a model, or for streams a stream. */

import {
  bidirectional,
  dense,
  embedding,
  gru,
  lstm,
  runtime,
  sequential,
  simpleRNN,
  Tensor,
  tensor,
} from "../../../dist/layers.js";

export const info = () => runtime().build;

function layerOf({ kind, units, sequences, bidirectional: both }, workload) {
  if (kind === "Dense") return dense({ units, activation: "softmax" });
  if (kind === "Embedding") return embedding({ inputDim: workload.vocabulary, outputDim: units });
  const make = { LSTM: lstm, GRU: gru, SimpleRNN: simpleRNN }[kind];
  const layer = make({ units, returnSequences: Boolean(sequences) });
  return both ? bidirectional({ layer }) : layer;
}

export async function load(workload) {
  const { input, inputShape, stream } = workload;
  const model = sequential({ layers: workload.layers.map((layer) => layerOf(layer, workload)) });
  model.build([null, null, ...inputShape.slice(2)]);
  model.layers.forEach((layer, k) => {
    layer.setWeights(workload.layers[k].weights.map(({ shape, data }) => tensor(data, shape)));
  });
  const x = new Tensor(inputShape, workload.vocabulary ? "int32" : "float32", input);
  const warmup = () => model.warmup(inputShape);
  const out = new Float32Array(workload.expected.length);
  if (!stream) return { run: () => model.predict(x, { out }).data, warmup };
  const live = model.createStream();
  return {
    reset: () => live.reset(),
    run: () => {
      live.step(input, out);
      return out;
    },
  };
}
