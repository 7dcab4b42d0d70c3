import { describe, expect, it } from "vitest";
import { type CellKind, kerasCell, kerasDense } from "../../src/formats/torch_cells";
import type { WeightTensor } from "../../src/spec";
import { random } from "./support";

const next = random(4);
const numbers = (...shape: number[]): WeightTensor => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => next(2 ** 20) / 2 ** 19 - 1);
  return { shape, dtype: "float32", data };
};
const [INPUTS, UNITS] = [3, 2];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type Step = (x: number[], h: number[], c: number[]) => number[];
type Sums = (x: number[], h: number[]) => { input: number[]; recurrent: number[] };

/** PyTorch: W·x with W [rows, inputs], two biases. */
function torchSums(cell: Record<"wi" | "wh" | "bi" | "bh", WeightTensor>): Sums {
  const times = (w: WeightTensor, b: WeightTensor, v: number[]) =>
    Array.from({ length: w.shape[0]! }, (_, row) =>
      v.reduce((s, x, i) => s + x * w.data[row * v.length + i]!, b.data[row]!),
    );
  return (x, h) => ({ input: times(cell.wi, cell.bi, x), recurrent: times(cell.wh, cell.bh, h) });
}

/** Keras: x·K with K [inputs, columns], one bias or two rows of it. */
function kerasSums(weights: readonly { tensor: WeightTensor }[]): Sums {
  const [kernel, recurrent, bias] = weights.map(({ tensor }) => tensor) as [WeightTensor, WeightTensor, WeightTensor];
  const columns = kernel.shape[1]!;
  const times = (w: WeightTensor, row: number, v: number[]) =>
    Array.from({ length: columns }, (_, column) => {
      const start = bias.shape.length === 2 ? bias.data[row * columns + column]! : row === 0 ? bias.data[column]! : 0;
      return v.reduce((s, x, i) => s + x * w.data[i * columns + column]!, start);
    });
  return (x, h) => ({ input: times(kernel, 0, x), recurrent: times(recurrent, 1, h) });
}

/** One step; `order` says where the gates stand: i f c o, or z r h. */
function stepOf(kind: CellKind, sums: Sums, order: number[]): Step {
  return (x, h, c) => {
    const { input, recurrent } = sums(x, h);
    const at = (gate: number, unit: number) => order[gate]! * UNITS + unit;
    return h.map((_, unit) => {
      const both = (gate: number) => input[at(gate, unit)]! + recurrent[at(gate, unit)]!;
      if (kind === "RNN") return Math.tanh(both(0));
      if (kind === "LSTM") {
        const cell = sigmoid(both(1)) * c[unit]! + sigmoid(both(0)) * Math.tanh(both(2));
        return sigmoid(both(3)) * Math.tanh(cell);
      }
      const [z, r] = [sigmoid(both(0)), sigmoid(both(1))];
      return z * h[unit]! + (1 - z) * Math.tanh(input[at(2, unit)]! + r * recurrent[at(2, unit)]!);
    });
  };
}

describe("a PyTorch cell in Keras' layout takes the same step", () => {
  const orders: Record<CellKind, [torch: number[], keras: number[]]> = {
    LSTM: [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ],
    GRU: [
      [1, 0, 2],
      [0, 1, 2],
    ], // r z n, and z r h
    RNN: [[0], [0]],
  };
  it.each(["LSTM", "GRU", "RNN"] as const)("%s", (kind) => {
    const [torch, keras] = orders[kind];
    const rows = torch.length * UNITS;
    const cell = { wi: numbers(rows, INPUTS), wh: numbers(rows, UNITS), bi: numbers(rows), bh: numbers(rows) };
    const { wi: inputWeight, wh: recurrentWeight, bi: inputBias, bh: recurrentBias } = cell;
    const weights = kerasCell(kind, { inputWeight, recurrentWeight, inputBias, recurrentBias }, "w");
    const [x, h, c] = [[...numbers(INPUTS).data], [...numbers(UNITS).data], [...numbers(UNITS).data]];
    const expected = stepOf(kind, torchSums(cell), torch)(x, h, c);
    const got = stepOf(kind, kerasSums(weights), keras)(x, h, c);
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i]!, 6); // biases are added in float32
    expect(weights.map(({ name }) => name)).toEqual(["kernel", "recurrent_kernel", "bias"]);
    expect(kerasCell(kind, { inputWeight, recurrentWeight }, "w").length).toBe(2);
  });
});

it("says which shape it wanted", () => {
  const cell = { inputWeight: numbers(8, 3), recurrentWeight: numbers(8, 2), inputBias: numbers(8) };
  expect(() => kerasCell("GRU", cell, "gru")).toThrow("gru, input weights: expected [6, 3], got [8, 3]");
  expect(() => kerasCell("LSTM", { ...cell, recurrentWeight: numbers(8) }, "l")).toThrow(
    "l, input weights: expected [0, 3]",
  );
  expect(() => kerasCell("LSTM", { ...cell, inputBias: numbers(4) }, "l")).toThrow("l, biases: expected [8], got [4]");
  expect(() => kerasDense(numbers(2, 3), numbers(3), "lin")).toThrow("lin, bias: expected [2], got [3]");
  expect(kerasDense(numbers(2, 3), undefined, "lin")[0]!.tensor.shape).toEqual([3, 2]);
});
