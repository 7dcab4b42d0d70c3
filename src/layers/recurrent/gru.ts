/** Gated recurrent unit: three gates, one state, both reset conventions. */

import { type Activation, emitActivation } from "../../ops/activation";
import { emitBroadcast } from "../../ops/elementwise";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import { PASS } from "../../wasm/sequence";
import { pick } from "../options";
import type { Step } from "./cell";
import {
  CELL_BODY,
  CELL_HEAD,
  CELL_SEED,
  CELL_TRAINING,
  cellCommon,
  type KernelCellOptions,
  layerDefaults,
} from "./cell_options";
import { activationWords, KernelCell } from "./kernel_cell";
import { type Only, type RecurrentOptions, readRecurrent } from "./options";
import { Recurrent } from "./recurrent";

/** Options of the cell. */
export interface GRUCellOptions extends KernelCellOptions {
  /** On the gates z and r. Default `sigmoid`. */
  recurrentActivation?: string | null;
  /** Apply the reset gate after the recurrent product, with a bias of its own. Default true. */
  resetAfter?: boolean;
}

const CELL = {
  ...CELL_HEAD,
  recurrentActivation: "sigmoid" as string | null,
  ...CELL_BODY,
  ...CELL_TRAINING,
  resetAfter: true,
  ...CELL_SEED,
};

/**
 * One step of a GRU.
 *
 *   z, r = σ(x W + h U + b)      h' = z·h + (1 − z)·h̃
 *   h̃ = tanh(x W_h + b_h + r·(h U_h + b'_h))   with `resetAfter`
 *   h̃ = tanh(x W_h + b_h + (r·h) U_h)          without
 *
 * Input    [batch, inputDim], state h [batch, units]
 * Output   h', then the state h'
 * Weights  kernel [inputDim, 3·units], recurrent_kernel [units, 3·units], bias [2, 3·units] with `resetAfter` (input,
 *          recurrent), else [3·units]; gates in the order z, r, h
 *
 * @see Cho et al. 2014 (reset before); Keras 3 `GRUCell`.
 */
export class GRUCell extends KernelCell<1> {
  readonly className: string = "GRUCell";
  readonly gates = 3;
  readonly biasSlots = 4;
  readonly recurrentActivation: Activation;
  readonly resetAfter: boolean;

  constructor(options: GRUCellOptions, where?: string) {
    const read = readRecurrent("gruCell", options, CELL);
    super(options, "GRUCell", read, where);
    this.resetAfter = read.resetAfter;
    this.recurrentActivation = this.resolved("recurrentActivation", read.recurrentActivation);
  }

  override get hasKernel() {
    return super.hasKernel && this.recurrentActivation.over === "elements";
  }

  planEquations(plan: Plan, x: Slab, [h]: readonly Slab[]): Step {
    const { units, bias, resetAfter, recurrentActivation } = this;
    const state = h as Slab;
    const biasRow = (row: number) => bias && (() => bias.data.subarray(3 * row * units, 3 * (row + 1) * units));
    const input = this.product(plan, x, this.kernel, biasRow(0));
    const recurrent = this.product(plan, state, this.recurrentKernel, resetAfter ? biasRow(1) : undefined);
    const pre = emitBroadcast(plan, "add", [input, recurrent]);
    const z = this.gate(plan, pre, 0, recurrentActivation);
    const r = this.gate(plan, pre, 1, recurrentActivation);
    const term = resetAfter
      ? emitBroadcast(plan, "multiply", [r, this.gate(plan, recurrent, 2, undefined)])
      : this.product(plan, emitBroadcast(plan, "multiply", [r, state]), this.recurrentKernel, undefined, 2 * units);
    const sum = emitBroadcast(plan, "add", [this.gate(plan, input, 2, undefined), term]);
    const candidate = emitActivation(plan, this.activation, sum);
    const change = emitBroadcast(plan, "multiply", [z, emitBroadcast(plan, "subtract", [state, candidate])]);
    const output = emitBroadcast(plan, "add", [candidate, change]);
    return { output, states: [output], gates: { update: z, reset: r, candidate } };
  }

  protected biasShape() {
    return this.resetAfter ? [2, 3 * this.units] : [3 * this.units];
  }

  /** Slots: z and r with both biases added, candidate input bias, candidate recurrent bias. */
  protected biasRows(bias: Float32Array) {
    const { units, resetAfter } = this;
    const rows = new Float32Array(4 * units);
    rows.set(bias.subarray(0, 3 * units));
    if (!resetAfter) return rows;
    const recurrent = bias.subarray(3 * units);
    for (let k = 0; k < 2 * units; k++) rows[k] = (rows[k] as number) + (recurrent[k] as number);
    rows.set(recurrent.subarray(2 * units), 3 * units);
    return rows;
  }

  protected words() {
    return [
      [PASS.resetAfter, this.resetAfter ? 1 : 0] as const,
      ...activationWords(PASS.recurrentActivation, this.recurrentActivation),
    ];
  }
}

/** Options of the layer: those of the cell and of every recurrent layer. */
export interface GRUOptions extends GRUCellOptions, RecurrentOptions {}

/**
 * Gated recurrent unit layer.
 *
 * Input    [batch, timesteps, inputDim]
 * Output   [batch, units], or [batch, timesteps, units] with `returnSequences`
 * State    h, [batch, units]
 * Weights  as {@link GRUCell}
 *
 * @throws {ConfigError} when `units` is not a positive integer or an option is unknown.
 * @throws {ShapeError} from `apply`, when the input does not fit.
 *
 * @example
 * const gru = layers.gru({ units: 3, returnSequences: true });
 * gru.apply(tensor(new Float32Array(20), [1, 4, 5])).shape; // [1, 4, 3]
 */
export class GRU<O extends GRUOptions = GRUOptions> extends Recurrent<O, 1> {
  readonly className: string = "GRU";

  constructor(options: O) {
    const read = readRecurrent("gru", options, layerDefaults(CELL));
    super(
      options,
      "GRU",
      read,
      new GRUCell({ ...pick(read, CELL), ...cellCommon("gru_cell", options) }, options.name ?? "gru"),
    );
  }
}

/** See {@link GRU}. */
export function gru<const O extends GRUOptions>(options: Only<O, GRUOptions>): GRU<O> {
  return new GRU<O>(options);
}

/** See {@link GRUCell}. */
export function gruCell(options: GRUCellOptions): GRUCell {
  return new GRUCell(options);
}
