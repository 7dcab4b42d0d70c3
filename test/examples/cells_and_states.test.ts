import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/tensor";
import { expectClose } from "../support";
import { page, shapes } from "./page";

describe("cells", async () => {
  interface Cells {
    same: [Tensor, Tensor];
    steps: number[][][];
    stack: Tensor[];
    minimal: Tensor;
    two: Tensor;
  }
  const { exports } = await page<Cells>("cells");

  it("RNN(LSTMCell(10)) equals LSTM(10)", () => {
    expect(exports.same[0]).toEqual(exports.same[1]);
    expect(exports.same[0].shape).toEqual([2, 10]);
  });

  it("steps SimpleRNNCell, GRUCell and LSTMCell", () => {
    expect(exports.steps.map((results) => results.length)).toEqual([2, 2, 3]);
    expect(exports.steps.flat()).toEqual(new Array(7).fill([2, 3]));
  });

  it("walks stacks, a cell of one's own, and a stack of those", () => {
    expect(shapes(exports.stack)).toEqual([
      [2, 3],
      [2, 4],
      [2, 4],
      [2, 3],
    ]);
    expect(exports.minimal.shape).toEqual([2, 32]);
    expect(exports.two.shape).toEqual([2, 64]);
    expect(exports.two.data.some((v) => v !== 0)).toBe(true);
  });
});

describe("stateful", async () => {
  interface Stateful {
    inPieces: Tensor;
    atOnce: Tensor;
    states: Tensor[];
    continued: Tensor;
    last: Tensor;
    whole: Tensor;
  }
  const { exports } = await page<Stateful>("stateful");

  it("reads three paragraphs as one text", () => {
    expect(exports.inPieces.shape).toEqual([20, 64]);
    expectClose(exports.inPieces, exports.atOnce, 1e-6, 0);
  });

  it("gives states that begin another layer", () => {
    expect(shapes(exports.states)).toEqual([
      [20, 64],
      [20, 64],
    ]);
    expect(exports.continued.shape).toEqual([20, 64]);
  });

  it("reads 1547 timesteps in 16 pieces as the whole", () => {
    expect(exports.last.shape).toEqual([1, 32]);
    expectClose(exports.last, exports.whole, 1e-6, 0);
  });
});
