/**
 * Weights of PyTorch's recurrent cells → those of Keras.
 *
 * PyTorch keeps [gates·units, inputs] and two biases; gates i f g o (LSTM: the order of Keras) and r z n (GRU: Keras
 * has z r h). A GRU's candidate takes its recurrent bias inside the reset, as `reset_after` does, so both biases stay.
 *
 * Source: docs.pytorch.org, torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN.
 */
import { FormatError } from "../errors";
import type { NamedWeight, WeightTensor } from "../spec";

export type CellKind = "LSTM" | "GRU" | "RNN";

/** `kind` → the Keras class and PyTorch's gates in the order in which Keras wants them. */
export const CELLS: Readonly<Record<CellKind, { readonly className: string; readonly gates: readonly number[] }>> = {
  LSTM: { className: "LSTM", gates: [0, 1, 2, 3] },
  GRU: { className: "GRU", gates: [1, 0, 2] },
  RNN: { className: "SimpleRNN", gates: [0] },
};

/** One direction of one layer; biases may be absent, both or neither. */
export interface TorchCell {
  readonly inputWeight: WeightTensor;
  readonly recurrentWeight: WeightTensor;
  readonly inputBias?: WeightTensor | undefined;
  readonly recurrentBias?: WeightTensor | undefined;
}

/** @throws {FormatError} when the shapes are not those of such a cell. */
export function kerasCell(kind: CellKind, cell: TorchCell, where: string): NamedWeight[] {
  const { inputWeight, recurrentWeight, inputBias, recurrentBias } = cell;
  const { gates } = CELLS[kind];
  const units = recurrentWeight.shape[1] ?? 0;
  const rows = gates.length * units;
  checkShape(`${where}, input weights`, inputWeight, [rows, inputWeight.shape[1] ?? 0]);
  checkShape(`${where}, recurrent weights`, recurrentWeight, [rows, units]);
  const weights: NamedWeight[] = [
    { name: "kernel", tensor: transposed(inputWeight, gates, units) },
    { name: "recurrent_kernel", tensor: transposed(recurrentWeight, gates, units) },
  ];
  if (!inputBias && !recurrentBias) return weights;
  const zeros = new Float32Array(rows);
  const biases = [inputBias, recurrentBias].map((bias) => {
    if (bias) checkShape(`${where}, biases`, bias, [rows]);
    return reordered(bias?.data ?? zeros, gates, units);
  }) as [Float32Array, Float32Array];
  return [...weights, { name: "bias", tensor: joinBiases(kind, biases, rows) }];
}

function joinBiases(kind: CellKind, [input, recurrent]: [Float32Array, Float32Array], rows: number): WeightTensor {
  if (kind !== "GRU") {
    return { shape: [rows], dtype: "float32", data: input.map((value, i) => value + recurrent[i]!) };
  }
  const data = new Float32Array(2 * rows);
  data.set(input);
  data.set(recurrent, rows);
  return { shape: [2, rows], dtype: "float32", data };
}

/** [gates·units, inputs] → [inputs, gates·units], gate by gate. */
function transposed(matrix: WeightTensor, gates: readonly number[], units: number): WeightTensor {
  const [rows, columns] = matrix.shape as [number, number];
  const data = new Float32Array(rows * columns);
  for (const [to, from] of gates.entries()) {
    for (let unit = 0; unit < units; unit++) {
      for (let column = 0; column < columns; column++) {
        data[column * rows + to * units + unit] = matrix.data[(from * units + unit) * columns + column]!;
      }
    }
  }
  return { shape: [columns, rows], dtype: matrix.dtype, data };
}

function reordered(bias: Float32Array, gates: readonly number[], units: number): Float32Array {
  const out = new Float32Array(bias.length);
  for (const [to, from] of gates.entries()) out.set(bias.subarray(from * units, (from + 1) * units), to * units);
  return out;
}

/** A linear layer's [outputs, inputs] and bias → a Dense layer's kernel and bias. */
export function kerasDense(weight: WeightTensor, bias: WeightTensor | undefined, where: string): NamedWeight[] {
  const [outputs] = weight.shape;
  checkShape(`${where}, weights`, weight, [outputs ?? 0, weight.shape[1] ?? 0]);
  if (bias) checkShape(`${where}, bias`, bias, [outputs!]);
  const kernel = { name: "kernel", tensor: transposed(weight, [0], outputs!) };
  return bias ? [kernel, { name: "bias", tensor: bias }] : [kernel];
}

function checkShape(where: string, { shape }: WeightTensor, expected: readonly number[]): void {
  if (shape.length !== expected.length || shape.some((size, i) => size !== expected[i] || size === 0)) {
    throw new FormatError(where, `[${expected.join(", ")}]`, `[${shape.join(", ")}]`);
  }
}
