/** Layers that read a sequence in both directions. */
import { layers, sequential, tensor } from "recurra";

export const m = sequential({
  layers: [
    layers.bidirectional({ layer: layers.lstm({ units: 64, returnSequences: true }), inputShape: [5, 10] }),
    layers.bidirectional({ layer: layers.lstm({ units: 32 }) }),
    layers.dense({ units: 10 }),
  ],
});
m.summary(); // 80,266 parameters

const x = tensor(new Float32Array(2 * 5 * 10).fill(0.5), [2, 5, 10]);
export const scores = m.predict(x);

/** Side by side (the default), added, multiplied, averaged, or both as they are. */
const shapesOf = (results) => [results].flat().map((t) => t.shape);
export const shapes = ["concat", "sum", "mul", "ave", null].map((mergeMode) => [
  mergeMode,
  shapesOf(layers.bidirectional({ layer: layers.gru({ units: 4 }), mergeMode }).apply(x)),
]);
for (const [mergeMode, merged] of shapes) console.log(mergeMode, JSON.stringify(merged));

/** The second layer may be another one than the first. */
export const different = layers
  .bidirectional({
    layer: layers.lstm({ units: 4, returnSequences: true }),
    backwardLayer: layers.gru({ units: 3, activation: "relu", returnSequences: true, goBackwards: true }),
  })
  .apply(x).shape;
console.log("LSTM one way, GRU the other:", different);
