/** Gated recurrent unit: three gates, one state, both reset conventions. */

import { type Activation, resolveActivation } from "../../ops/activation";
import type { Engine } from "../../wasm/engine";
import { PASS } from "../../wasm/sequence";
import { configOf, pick, readOptions } from "../options";
import { activationWords, CELL_DEFAULTS, KernelCell, type KernelCellOptions, TRAINING_DEFAULTS } from "./kernel_cell";
import { RECURRENT_DEFAULTS, Recurrent, type RecurrentOptions } from "./recurrent";
import type { SequenceResult } from "./result";

/** Options of the cell. */
export interface GRUCellOptions extends KernelCellOptions {
  /** On the gates z and r. Default `sigmoid`. */
  recurrentActivation?: string | null;
  /** Apply the reset gate after the recurrent product, with a bias of its own. Default true. */
  resetAfter?: boolean;
}

const CELL = {
  ...CELL_DEFAULTS,
  recurrentActivation: "sigmoid" as string | null,
  ...TRAINING_DEFAULTS,
  resetAfter: true,
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
export class GRUCell extends KernelCell {
  readonly className: string = "GRUCell";
  readonly gates = 3;
  readonly biasSlots = 4;
  readonly recurrentActivation: Activation;
  readonly resetAfter: boolean;
  private readonly options: typeof CELL;

  constructor(options: GRUCellOptions) {
    const read = readOptions("gruCell", options, CELL);
    super(options, "GRUCell", read);
    this.options = read;
    this.resetAfter = read.resetAfter;
    this.recurrentActivation = resolveActivation(`${this.name}.recurrentActivation`, read.recurrentActivation);
  }

  override get hasKernel() {
    return super.hasKernel && this.recurrentActivation.over === "elements";
  }

  sequence(engine: Engine, pass: number): void {
    engine.kernels.gruSequence(pass);
  }

  protected biasShape() {
    return this.resetAfter ? [2, 3 * this.units] : [3 * this.units];
  }

  /** Slots: z and r with both biases added, candidate input bias, candidate recurrent bias. */
  protected biasSlot(slot: number) {
    const { units, resetAfter } = this;
    const data = this.bias?.data;
    const part = (row: number, gate: number) => data?.subarray((3 * row + gate) * units, (3 * row + gate + 1) * units);
    if (slot === 3) return resetAfter ? part(1, 2) : undefined;
    if (slot === 2 || !resetAfter) return part(0, slot);
    const recurrent = part(1, slot);
    return part(0, slot)?.map((value, unit) => value + (recurrent as Float32Array)[unit]!);
  }

  protected words() {
    return [
      [PASS.resetAfter, this.resetAfter ? 1 : 0] as const,
      ...activationWords(PASS.recurrentActivation, this.recurrentActivation),
    ];
  }

  protected ownConfig() {
    return configOf(this.options);
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
export class GRU<O extends RecurrentOptions = GRUOptions> extends Recurrent<SequenceResult<O, 1>> {
  readonly className: string = "GRU";
  private readonly options: typeof CELL & typeof RECURRENT_DEFAULTS;

  constructor(options: GRUOptions) {
    const read = readOptions("gru", options, { ...CELL, ...RECURRENT_DEFAULTS });
    super(options, "GRU", read, new GRUCell({ ...pick(read, CELL), name: "gru_cell" }));
    this.options = read;
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link GRU}. */
export function gru<const O extends GRUOptions>(options: O): GRU<O> {
  return new GRU<O>(options);
}

/** See {@link GRUCell}. */
export function gruCell(options: GRUCellOptions): GRUCell {
  return new GRUCell(options);
}
