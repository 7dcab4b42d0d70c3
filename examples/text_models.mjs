/** Models that read words, and what comes out of long sequences. */
import { layers, sequential, tensor } from "recurra";

/** Ids below 1000 become vectors of 64; an LSTM reads them; 10 classes. */
export const lstm = sequential({
  layers: [
    layers.embedding({ inputDim: 1000, outputDim: 64 }),
    layers.lstm({ units: 128 }),
    layers.dense({ units: 10 }),
  ],
});
lstm.summary(); // 164,106 parameters

/** The GRU gives all of its outputs, so that a SimpleRNN can read them. */
export const stacked = sequential({
  layers: [
    layers.embedding({ inputDim: 1000, outputDim: 64 }),
    layers.gru({ units: 256, returnSequences: true }),
    layers.simpleRNN({ units: 128 }),
    layers.dense({ units: 10 }),
  ],
});
stacked.summary(); // 361,866 parameters

/** Three texts of different lengths are padded with 0, and `maskZero` skips the padding. */
const masked = layers.embedding({ inputDim: 1000, outputDim: 16, maskZero: true });
const padded = [
  [711, 632, 71, 0, 0, 0],
  [73, 8, 215, 55, 927, 0],
  [83, 91, 1, 645, 253, 927],
];
export const mask = masked.computeMask(padded).toArray();
export const classes = sequential({ layers: [masked, layers.lstm({ units: 32 })] }).predict(padded).shape;
console.log(mask, classes);

/** 64 samples of 100 timesteps and 64 features: the last output of each, or all of them. */
const long = tensor(new Float32Array(64 * 100 * 64).fill(0.1), [64, 100, 64]);
export const last = layers.lstm({ units: 128 }).apply(long).shape;
export const all = layers.lstm({ units: 128, returnSequences: true }).apply(long).shape;
console.log(`${last} and ${all}`); // 64,128 and 64,100,128
