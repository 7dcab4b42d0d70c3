/** The weights of one direction of a recurrent operator, as kernels take them. */

import { activationWords } from "../../layers/recurrent/kernel_cell";
import type { SequenceKernel } from "../../layers/recurrent/sequence";
import type { Activation } from "../../ops/activation";
import { blocksOf, packColumns } from "../../ops/packing";
import type { Plan } from "../../ops/plan";
import { PASS } from "../../wasm/sequence";
import type { Known } from "../value";

export type CellKind = "LSTM" | "GRU" | "RNN";

/** ONNX's gates in the order of the kernels: LSTM has i, o, f, c and takes i, f, c, o. */
const ORDER: Readonly<Record<CellKind, readonly number[]>> = { LSTM: [0, 2, 3, 1], GRU: [0, 1, 2], RNN: [0] };

/** What a node says of its cells; W [D, gates·H, I], R [D, gates·H, H], B [D, 2·gates·H], P [D, 3·H]. */
export interface CellWeights {
  readonly kind: CellKind;
  readonly w: Known;
  readonly r: Known;
  readonly b: Known | undefined;
  readonly p: Known | undefined;
  readonly units: number;
  readonly inputDim: number;
  readonly linearBeforeReset: boolean;
  /** What tells this use of the weights apart from others of the same tensors. */
  readonly key: string;
}

/** One direction of a node. */
export class DirectedCell implements SequenceKernel {
  readonly units: number;
  readonly gates: number;

  /** @param activations f, g (and h for the LSTM) of this direction. */
  constructor(
    readonly weights: CellWeights,
    readonly direction: number,
    readonly activations: readonly Activation[],
  ) {
    this.units = weights.units;
    this.gates = ORDER[weights.kind].length;
  }

  get stateSizes(): readonly number[] {
    return this.weights.kind === "LSTM" ? [this.units, this.units] : [this.units];
  }

  /** [block of 8 units][gate][inputDim + units][8] */
  packedWeights(plan: Plan): { readonly ptr: number } {
    const { units, gates, weights } = this;
    const { w, r, inputDim, kind } = weights;
    const panel = 8 * (inputDim + units);
    const floats = blocksOf(units) * gates * panel;
    return plan.packed(w, `${weights.key} ${this.direction} weights`, floats, (ptr) => {
      ORDER[kind].forEach((gate, place) => {
        const to = ptr + 4 * place * panel;
        const shared = { width: units, from: 0, columns: units, blockStep: gates * panel };
        const rows = (known: Known, count: number) => turned(this.part(known, gate, count), units, count);
        packColumns(plan.engine, { ...shared, values: rows(w, inputDim), rows: inputDim, to });
        packColumns(plan.engine, { ...shared, values: rows(r, units), rows: units, to: to + 32 * inputDim });
      });
    });
  }

  /** [block of 8 units][slot][8]; the slots of a GRU are z, r, candidate's input and candidate's recurrent bias. */
  packedBias(plan: Plan): { readonly ptr: number } {
    const { units, weights } = this;
    const { kind, linearBeforeReset, w } = weights;
    const [input, recurrent] = [0, 1].map((half) => this.biasPart(half)) as [Float32Array, Float32Array];
    const sum = (gate: number) => (k: number) => at(input, gate, k) + at(recurrent, gate, k);
    const at = (part: Float32Array, gate: number, k: number) => part[gate * units + k] as number;
    const slots = ORDER[kind].map(sum);
    if (kind === "GRU") {
      if (linearBeforeReset) slots[2] = (k) => at(input, 2, k);
      slots.push((k) => (linearBeforeReset ? at(recurrent, 2, k) : 0));
    }
    const floats = blocksOf(units) * slots.length * 8;
    return plan.packed(w, `${weights.key} ${this.direction} bias`, floats, (ptr) => {
      const packed = new Float32Array(floats);
      slots.forEach((value, slot) => {
        for (let k = 0; k < units; k++) packed[((k >> 3) * slots.length + slot) * 8 + (k & 7)] = value(k);
      });
      plan.engine.arena.f32.set(packed, ptr >> 2);
    });
  }

  /** Wb (half 0) or Rb (half 1), [gates·units] in ONNX's order; zeros where there is none. */
  biasPart(half: number): Float32Array {
    const columns = this.gates * this.units;
    const from = (2 * this.direction + half) * columns;
    return Float32Array.from(this.weights.b?.data.subarray(from, from + columns) ?? new Float32Array(columns));
  }

  /** W or R of all gates in ONNX's order as a matrix [width, gates·units]. */
  matrix(known: Known, width: number): Float32Array {
    const columns = this.gates * this.units;
    const from = this.direction * columns * width;
    return turned(known.data.subarray(from, from + columns * width), columns, width);
  }

  private part({ data }: Known, gate: number, width: number) {
    const from = (this.direction * this.gates + gate) * this.units * width;
    return data.subarray(from, from + this.units * width);
  }

  cellWords(): readonly (readonly [word: number, value: number])[] {
    const { kind, inputDim, linearBeforeReset } = this.weights;
    const [f, g = f, h = g] = this.activations as [Activation, Activation?, Activation?];
    return [
      [PASS.units, this.units],
      [PASS.inputDim, inputDim],
      [PASS.resetAfter, linearBeforeReset ? 1 : 0],
      ...activationWords(PASS.activation, kind === "RNN" ? f : g),
      ...(kind === "RNN" ? [] : activationWords(PASS.recurrentActivation, f)),
      ...(kind === "LSTM" ? activationWords(PASS.hiddenActivation, h) : []),
    ];
  }
}

/** [rows][columns] → [columns][rows] */
function turned(values: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const y = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) y[c * rows + r] = values[r * columns + c] as number;
  return y;
}
