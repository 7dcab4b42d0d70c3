/** Cells are one timestep; `rnn` walks them over a sequence. */
import { layers, ops, tensor } from "recurra";

const x = tensor(
  Float32Array.from({ length: 2 * 6 * 5 }, (_, k) => Math.sin(k)),
  [2, 6, 5],
);

/** The layer LSTM is RNN(LSTMCell): with the same weights they give the same bits. */
const walked = layers.rnn({ cell: layers.lstmCell({ units: 10 }) });
const whole = layers.lstm({ units: 10 });
walked.build(x.shape);
whole.build(x.shape);
whole.setWeights(walked.getWeights());
export const same = [walked.apply(x), whole.apply(x)];
console.log("RNN(LSTMCell) and LSTM:", same[0].toString(), same[1].toString());

/** Each cell as a layer of one timestep: the output, then the new states. */
const step = ops.reshape(ops.slice(x, [0, 0], [-1, 1]), [2, 5]);
export const steps = [
  layers.simpleRNNCell({ units: 3 }),
  layers.gruCell({ units: 3 }),
  layers.lstmCell({ units: 3 }),
].map((cell) => cell.apply(step).map((t) => t.shape));
console.log("shapes of one step:", JSON.stringify(steps));

/** Cells one above the other are one cell, whose states are one flat list. */
const cells = [layers.lstmCell({ units: 4 }), layers.gruCell({ units: 3 })];
export const stack = layers.rnn({ cell: layers.stackedRNNCells({ cells }), returnState: true }).apply(x);
console.log("a stack:", stack.map((t) => t.shape).join(" "));

/** A cell of your own: a size, its weights, and what it makes of an input and its states. */
export class MinimalRNNCell {
  constructor(units) {
    this.stateSize = units;
  }

  build([, inputDim], { addWeight }) {
    this.kernel = addWeight("kernel", [inputDim, this.stateSize], "uniform");
    this.recurrentKernel = addWeight("recurrent_kernel", [this.stateSize, this.stateSize], "uniform");
  }

  call(inputs, [previous]) {
    const output = ops.add(ops.matmul(inputs, this.kernel), ops.matmul(previous, this.recurrentKernel));
    return { output, states: [output] };
  }
}
const own = layers.rnn({ cell: new MinimalRNNCell(32) });
export const minimal = own.apply(x);
console.log("a cell of your own:", minimal.shape, own.weights.map((w) => w.name).join(", "));

/** The same cell stacked, as the documents do. */
export const two = layers.rnn({ cell: [new MinimalRNNCell(32), new MinimalRNNCell(64)] }).apply(x);
console.log("two of them:", two.shape);
