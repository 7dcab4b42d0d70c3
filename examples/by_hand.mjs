/** A SimpleRNN as the loop that the documents show in NumPy, beside the layer with the same weights. */
import { layers, tensor } from "recurra";

const [timesteps, inputDim, units] = [10, 4, 8];

/** Numbers in [-1, 1) that are the same in every run. */
let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
};
const matrix = (rows, columns) => Array.from({ length: rows }, () => Array.from({ length: columns }, random));

const inputs = matrix(timesteps, inputDim);
const kernel = matrix(inputDim, units);
const recurrentKernel = matrix(units, units).map((row) => row.map((v) => v / 3));
const [bias] = matrix(1, units);

/** h = tanh(x W + h U + b), timestep by timestep. */
let h = new Array(units).fill(0);
export const byHand = inputs.map((x) => {
  const product = (vector, weights, column) => vector.reduce((sum, v, row) => sum + v * weights[row][column], 0);
  h = h.map((_, unit) => Math.tanh(product(x, kernel, unit) + product(h, recurrentKernel, unit) + bias[unit]));
  return h;
});

const layer = layers.simpleRNN({ units, returnSequences: true });
layer.build([null, timesteps, inputDim]);
layer.setWeights([kernel, recurrentKernel, bias]);
export const byLayer = layer.apply(tensor([inputs]));

export const difference = Math.max(...byHand.flat().map((v, k) => Math.abs(v - byLayer.data[k])));
console.log(`${timesteps} timesteps of ${units} units; the largest difference is ${difference.toExponential(1)}`);
