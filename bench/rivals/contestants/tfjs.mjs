/**
 * What the two backends of TensorFlow.js share. GRU is computed with reset_after=false, since TF.js has no other; the
 * recurrent activation is set, since its default is another than Keras'.
 */

import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";

export { tf };

const PLAIN = { kernelInitializer: "zeros", recurrentInitializer: "zeros", biasInitializer: "zeros" };

function layerOf({ kind, units, sequences, bidirectional }, workload) {
  if (kind === "Dense") return layers.layers.dense({ units, activation: "softmax", kernelInitializer: "zeros" });
  if (kind === "Embedding") return layers.layers.embedding({ inputDim: workload.vocabulary, outputDim: units });
  const gated = kind === "SimpleRNN" ? {} : { recurrentActivation: "sigmoid" };
  const options = { units, returnSequences: Boolean(sequences), ...PLAIN, ...gated };
  if (kind === "GRU") options.resetAfter = false;
  const make = { LSTM: layers.layers.lstm, GRU: layers.layers.gru, SimpleRNN: layers.layers.simpleRNN }[kind];
  return bidirectional ? layers.layers.bidirectional({ layer: make(options), mergeMode: "concat" }) : make(options);
}

/** GRU without reset_after has the first row of the bias alone. */
function setWeights(layer, { kind, weights }) {
  const own = weights.map(({ shape, data }, k) => {
    const whole = tf.tensor(data, shape);
    if (kind !== "GRU" || k !== 2) return whole;
    return tf.reshape(tf.slice(whole, [0, 0], [1, shape[1]]), [shape[1]]);
  });
  layer.setWeights(own);
}

export async function load(workload) {
  await tf.ready();
  const { batch, input, inputShape } = workload;
  const expected = workload.expectedResetBefore;
  if (workload.stream) return { ...streamed(workload), expected };
  const x = layers.input({ batchShape: inputShape, dtype: workload.vocabulary ? "int32" : "float32" });
  const made = workload.layers.map((layer) => layerOf(layer, workload));
  const model = layers.model({ inputs: x, outputs: made.reduce((y, layer) => layer.apply(y), x) });
  made.forEach((layer, k) => {
    setWeights(layer, workload.layers[k]);
  });
  const dtype = workload.vocabulary ? "int32" : "float32";
  const run = () => {
    const given = tf.tensor(input, inputShape, dtype);
    const y = model.predict(given, { batchSize: batch });
    const data = y.dataSync();
    given.dispose();
    y.dispose();
    return data;
  };
  return { run, expected };
}

function streamed({ input, inputShape, layers: [layer] }) {
  const count = layer.kind === "LSTM" ? 2 : 1;
  const x = layers.input({ batchShape: inputShape });
  const states = Array.from({ length: count }, () => layers.input({ batchShape: [1, layer.units] }));
  const gated = { recurrentActivation: "sigmoid", ...PLAIN };
  const make = { LSTM: layers.layers.lstm, GRU: layers.layers.gru }[layer.kind];
  const cell = make({
    units: layer.units,
    returnState: true,
    ...gated,
    ...(layer.kind === "GRU" && { resetAfter: false }),
  });
  const [, ...last] = cell.apply(x, { initialState: states });
  const model = layers.model({ inputs: [x, ...states], outputs: last });
  setWeights(cell, layer);
  let kept = states.map(() => tf.zeros([1, layer.units]));
  return {
    reset() {
      kept = states.map(() => tf.zeros([1, layer.units]));
    },
    run() {
      const given = tf.tensor(input, inputShape);
      const next = [model.predict([given, ...kept], { batchSize: 1 })].flat();
      tf.dispose([given, ...kept]);
      kept = next;
      return next[0].dataSync();
    },
  };
}
