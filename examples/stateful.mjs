/** A sequence that comes in pieces: the layer keeps its states from call to call. */
import { layers, ops, tensor } from "recurra";

const wave = (shape, start = 0) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(0.37 * (k + start))),
    shape,
  );

/** 20 texts of three paragraphs, 10 timesteps each. */
const paragraphs = [wave([20, 10, 50]), wave([20, 10, 50], 1000), wave([20, 10, 50], 2000)];
const lstm = layers.lstm({ units: 64, stateful: true });
lstm.apply(paragraphs[0]);
lstm.apply(paragraphs[1]);
export const inPieces = lstm.apply(paragraphs[2]);
lstm.resetStates();
export const atOnce = lstm.apply(ops.concat(paragraphs, 1));
console.log("three paragraphs:", inPieces.toString(), "at once:", atOnce.toString());

/** The states of one layer may begin another. */
export const states = lstm.states;
const next = layers.lstm({ units: 64 });
export const continued = next.apply(paragraphs[0], { initialState: states });

/** 1547 timesteps, which no batch of equal pieces fits, in 16 pieces. */
const long = wave([1, 1547, 8]);
const pieces = ops.split(long, [...new Array(15).fill(97), 1547 - 15 * 97], 1);
const gru = layers.lstm({ units: 32, stateful: true });
export const last = pieces.map((piece) => gru.apply(piece)).at(-1);
gru.resetStates();
export const whole = gru.apply(long);
console.log(`${pieces.length} pieces:`, last.toString(), "the whole:", whole.toString());
