/** A decoder that begins with the states in which the encoder ended. */
import { input, layers, model } from "recurra";

const encoderInput = input({ shape: [null], name: "encoder_input" });
const encoderEmbedded = layers.embedding({ inputDim: 1000, outputDim: 64 }).apply(encoderInput);
const [, stateH, stateC] = layers.lstm({ units: 64, returnState: true, name: "encoder" }).apply(encoderEmbedded);

const decoderInput = input({ shape: [null], name: "decoder_input" });
const decoderEmbedded = layers.embedding({ inputDim: 2000, outputDim: 64 }).apply(decoderInput);
const decoded = layers.lstm({ units: 64, name: "decoder" }).apply(decoderEmbedded, { initialState: [stateH, stateC] });

export const m = model({
  inputs: [encoderInput, decoderInput],
  outputs: layers.dense({ units: 10 }).apply(decoded),
});
m.summary(); // 258,698 parameters

const source = [[5, 17, 941, 3]];
const target = [[1, 1523]];
export const inOrder = m.predict([source, target]);
export const byName = m.predict({ decoder_input: target, encoder_input: source });
export const otherSource = m.predict([[[5, 17, 941, 4]], target]);
console.log(inOrder.toString());
