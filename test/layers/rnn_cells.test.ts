import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { deserialize } from "../../src/layers/deserialize";
import { gru, gruCell } from "../../src/layers/recurrent/gru";
import { lstm, lstmCell } from "../../src/layers/recurrent/lstm";
import { rnn } from "../../src/layers/recurrent/rnn";
import { simpleRNN, simpleRNNCell } from "../../src/layers/recurrent/simple_rnn";
import { stackedRNNCells } from "../../src/layers/recurrent/stacked_rnn_cells";
import type { WeightScope } from "../../src/layers/user_weights";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("rnn_cells");

/** A SimpleRNN without bias, as a user would write it. */
class MinimalCell {
  readonly outputSize: number;
  private kernel!: Tensor;
  private recurrentKernel!: Tensor;

  constructor(readonly stateSize: number) {
    this.outputSize = stateSize;
  }

  build([, width]: readonly (number | null)[], { addWeight }: WeightScope) {
    this.kernel = addWeight("kernel", [width as number, this.stateSize]);
    this.recurrentKernel = addWeight("recurrent_kernel", [this.stateSize, this.stateSize], "orthogonal");
  }

  call(inputs: Tensor, [h]: readonly Tensor[]) {
    const next = ops.tanh(ops.add(ops.matmul(inputs, this.kernel), ops.matmul(h as Tensor, this.recurrentKernel)));
    return { output: next, states: [next] };
  }

  getConfig() {
    return { stateSize: this.stateSize };
  }
}

const x = randomTensor([3, 6, 4], 1);
const mask = [
  [false, true, true, false, true, false],
  [true, true, true, true, true, true],
  [false, false, false, false, false, false],
];
const MODES = [
  {},
  { returnSequences: true },
  { goBackwards: true, returnState: true },
  { returnSequences: true, returnState: true, goBackwards: true, zeroOutputForMask: true },
];

describe.each(BUILDS)("cells on the %s build", (build) => {
  useBuild(build);

  describe.each(MODES)("a user's cell equals SimpleRNN %j", (mode) => {
    it.each([{}, { mask }, { mask, initialState: [randomTensor([3, 5], 7)] }])("called with %j", (call) => {
      const ours = simpleRNN({ units: 5, useBias: false, ...mode });
      const theirs = rnn({ cell: new MinimalCell(5), ...mode });
      theirs.build(x.shape);
      ours.build(x.shape);
      ours.setWeights(theirs.getWeights());
      const [wanted, got] = [ours.apply(x, call), theirs.apply(x, call)].map((y) => [y].flat() as Tensor[]);
      wanted?.forEach((y, k) => {
        expectClose(got?.[k] as Tensor, y, 1e-6, 0);
      });
    });
  });

  it("mixes a user's cell with others in a stack", () => {
    const cells = [gruCell({ units: 3 }), new MinimalCell(5)];
    const stack = rnn({ cell: cells, returnState: true });
    const [y, h, s] = stack.apply(x, { mask }) as [Tensor, Tensor, Tensor];
    const first = gru({ units: 3, returnSequences: true, returnState: true });
    const second = simpleRNN({ units: 5, useBias: false, returnState: true });
    first.build(x.shape);
    second.build([3, 6, 3]);
    first.setWeights(stack.getWeights().slice(0, 3));
    second.setWeights(stack.getWeights().slice(3));
    const [sequence, firstState] = first.apply(x, { mask });
    const [last, secondState] = second.apply(sequence, { mask });
    expectClose(y, last, 1e-6, 0);
    expectClose(h, firstState, 1e-6, 0);
    expectClose(s, secondState, 1e-6, 0);
  });

  it("steps as a layer, from zeros when no state is given", () => {
    const cell = lstmCell({ units: 3 });
    const layer = lstm({ units: 3, returnState: true });
    const step = randomTensor([2, 4], 3);
    const [y, h, c] = cell.apply(step);
    layer.build([2, 1, 4]);
    layer.setWeights(cell.getWeights());
    const [last, hidden, carried] = layer.apply(ops.expandDims(step, 1));
    expect([y, h, c]).toEqual([last, hidden, carried]);
    const again = cell.apply(step, { initialState: [h, c] });
    expect(again[0]).toEqual(layer.apply(ops.expandDims(step, 1), { initialState: [hidden, carried] })[0]);
  });

  it("sees new weights of a user's cell", () => {
    const layer = rnn({ cell: new MinimalCell(5) });
    const before = layer.apply(x);
    layer.setWeights(layer.getWeights().map((w) => ops.mul(w, 2)));
    const after = layer.apply(x);
    expect(after).not.toEqual(before);
    layer.setWeights(layer.getWeights().map((w) => ops.mul(w, 0.5)));
    expect(layer.apply(x)).toEqual(before);
  });

  it("copies a user's cell for the other direction, with weights of its own", () => {
    const both = bidirectional({ layer: rnn({ cell: new MinimalCell(2), returnSequences: true }) });
    expect(both.apply(x).shape).toEqual([3, 6, 4]);
    expect(both.weights.map((w) => w.name)).toEqual(["kernel", "recurrent_kernel", "kernel", "recurrent_kernel"]);
    both.setWeights(both.getWeights().map((w, k) => ops.fill(w.shape, k < 2 ? 0 : 0.5)));
    const halves = ops.split(both.apply(x), 2, -1).map((half) => half.data.some((v) => v !== 0));
    expect(halves).toEqual([false, true]);
  });

  it("takes several states and an output of another width", () => {
    const cell = {
      stateSize: [2, 3],
      outputSize: 1,
      call: (inputs: Tensor, [a, b]: readonly Tensor[]) => ({
        output: ops.add(ops.sum(inputs, 1, true), ops.sum(b as Tensor, 1, true)),
        states: [ops.add(a as Tensor, 1), ops.add(b as Tensor, 0.5)],
      }),
    };
    const [y, a, b] = rnn({ cell, returnSequences: true, returnState: true }).apply([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect([y, a, b].map((t) => t?.toArray())).toEqual([[[[3], [8.5]]], [[2, 2]], [[1, 1, 1]]]);
  });
});

describe("refuses what is no cell", () => {
  it.each([
    { cell: { call: () => 0 } },
    { cell: { stateSize: 3 } },
    { cell: lstm({ units: 2 }) },
    { cell: null },
    { cell: simpleRNNCell },
  ])("$cell", ({ cell }) => {
    expect(() => rnn({ cell: cell as never })).toThrow(/^rnn\.cell: expected (a cell|a value)/);
  });

  it("an empty stack, a strange member, a state without width", () => {
    expect(() => stackedRNNCells({ cells: [], name: "s" })).toThrow(
      "s.cells: expected a list of at least one cell, got []",
    );
    expect(() => rnn({ cell: [lstmCell({ units: 1 }), 3 as never] })).toThrow(/cells\[1\]: expected a cell/);
    const cell = { name: "c", stateSize: 0, call: () => ({ output: [], states: [] }) };
    expect(() => rnn({ cell })).toThrow("c.stateSize: expected a positive integer, got 0");
  });

  it("what a user's cell gives in another shape or number", () => {
    const cell = (step: object) => rnn({ cell: { name: "c", stateSize: 2, call: () => step as never } });
    const h = [[1, 2]];
    expect(() => cell({ output: [[1]], states: h }).apply([[[1]]])).toThrow(
      "c.call, output: expected [1, 2], got [1, 1]",
    );
    expect(() => cell({ output: h, states: [h, h] }).apply([[[1]]])).toThrow("c.call: expected 1 states, got 2");
  });
});

it("names the weights of a stack as Keras' files do", () => {
  const cells = [lstmCell({ units: 1 }), gruCell({ units: 1 }), lstmCell({ units: 1 })];
  const names = stackedRNNCells({ cells })
    .children()
    .map(([name]) => name);
  expect(names).toEqual(["cells/lstm_cell", "cells/gru_cell", "cells/lstm_cell_1"]);
});

it("makes a user's cell of a file's configuration", () => {
  const layer = rnn({ cell: new MinimalCell(3), name: "r" });
  const customLayers = {
    MinimalCell: (config: Record<string, unknown>) => new MinimalCell(config.state_size as number),
  };
  const again = deserialize({ class_name: "RNN", config: layer.getConfig() }, { customLayers });
  expect(again.getConfig()).toEqual(layer.getConfig());
});
