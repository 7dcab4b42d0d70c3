/** A SimpleRNN on sequences of 2 timesteps with 10 features: how many parameters it has, and what shapes it gives. */
import { layers, sequential, tensor } from "recurra";

export const one = sequential({ layers: [layers.simpleRNN({ units: 3, inputShape: [2, 10] })] });
one.summary(); // 10·3 + 3·3 + 3 = 42 parameters, output (None, 3)

/** The input shape as Keras 2 spells it: without the batch axis, by length and width, and with the batch axis. */
export const spelled = [
  layers.simpleRNN({ units: 3, inputShape: [2, 10] }),
  layers.simpleRNN({ units: 3, inputLength: 2, inputDim: 10 }),
  layers.simpleRNN({ units: 3, batchInputShape: [8, 2, 10] }),
].map((layer) => sequential({ layers: [layer] }));

/** A batch of 8. */
const batch = tensor(new Float32Array(8 * 2 * 10), [8, 2, 10]);
export const last = spelled[2].predict(batch).shape;
export const sequences = layers.simpleRNN({ units: 3, returnSequences: true }).apply(batch).shape;
console.log(`the last output ${last}, all outputs ${sequences}`); // 8,3 and 8,2,3

/** A second layer reads the sequence of the first: 5·3 + 3·3 + 3 = 27 and 3·3 + 3·3 + 3 = 21 parameters. */
export const stacked = sequential({
  layers: [
    layers.simpleRNN({ units: 3, returnSequences: true, inputShape: [null, 5] }),
    layers.simpleRNN({ units: 3 }),
  ],
});
stacked.summary();
