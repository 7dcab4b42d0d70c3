/** Long short-term memory: four gates, two states. */

import type { Initializer } from "../../initializers";
import { type Activation, resolveActivation } from "../../ops/activation";
import type { Engine } from "../../wasm/engine";
import { PASS } from "../../wasm/sequence";
import { configOf, pick, readOptions } from "../options";
import { activationWords, CELL_DEFAULTS, KernelCell, type KernelCellOptions, TRAINING_DEFAULTS } from "./kernel_cell";
import { RECURRENT_DEFAULTS, Recurrent, type RecurrentOptions } from "./recurrent";
import type { SequenceResult } from "./result";

/** Options of the cell. */
export interface LSTMCellOptions extends KernelCellOptions {
  /** On the gates i, f and o. Default `sigmoid`. */
  recurrentActivation?: string | null;
  /** The bias of the forget gate begins with 1. An initializer: nothing is added when weights are loaded. */
  unitForgetBias?: boolean;
}

const CELL = {
  ...CELL_DEFAULTS,
  recurrentActivation: "sigmoid" as string | null,
  unitForgetBias: true,
  ...TRAINING_DEFAULTS,
};

/**
 * One step of an LSTM.
 *
 *   i, f, o = σ(x W + h U + b)      c' = f·c + i·tanh(x W_c + h U_c + b_c)      h' = o·tanh(c')
 *
 * Input    [batch, inputDim], states h and c [batch, units]
 * Output   h', then the states h' and c'
 * Weights  kernel [inputDim, 4·units], recurrent_kernel [units, 4·units], bias [4·units]; gates in the order i, f, c, o
 *
 * @see Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000 (forget gate); Keras 3 `LSTMCell`.
 */
export class LSTMCell extends KernelCell {
  readonly className: string = "LSTMCell";
  readonly gates = 4;
  readonly biasSlots = 4;
  readonly recurrentActivation: Activation;
  private readonly options: typeof CELL;

  constructor(options: LSTMCellOptions) {
    const read = readOptions("lstmCell", options, CELL);
    super(options, "LSTMCell", read);
    this.options = read;
    this.recurrentActivation = resolveActivation(`${this.name}.recurrentActivation`, read.recurrentActivation);
  }

  override get stateSizes() {
    return [this.units, this.units];
  }

  override get hasKernel() {
    return super.hasKernel && this.recurrentActivation.over === "elements";
  }

  sequence(engine: Engine, pass: number): void {
    engine.kernels.lstmSequence(pass);
  }

  protected biasShape() {
    return [4 * this.units];
  }

  protected override biasStart(initializer: Initializer): Initializer {
    if (!this.options.unitForgetBias) return initializer;
    const { units } = this;
    return (shape) => initializer(shape).fill(1, units, 2 * units);
  }

  protected biasSlot(slot: number) {
    return this.bias?.data.subarray(slot * this.units, (slot + 1) * this.units);
  }

  protected words() {
    return [
      ...activationWords(PASS.recurrentActivation, this.recurrentActivation),
      ...activationWords(PASS.hiddenActivation, this.activation),
    ];
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** Options of the layer: those of the cell and of every recurrent layer. */
export interface LSTMOptions extends LSTMCellOptions, RecurrentOptions {}

/**
 * Long short-term memory layer.
 *
 * Input    [batch, timesteps, inputDim]
 * Output   [batch, units], or [batch, timesteps, units] with `returnSequences`
 * States   h and c, [batch, units] each
 * Weights  as {@link LSTMCell}
 *
 * @throws {ConfigError} when `units` is not a positive integer or an option is unknown.
 * @throws {ShapeError} from `apply`, when the input does not fit.
 *
 * @example
 * const lstm = layers.lstm({ units: 3, returnState: true });
 * const [y, h, c] = lstm.apply(tensor(new Float32Array(20), [1, 4, 5]));
 * y.shape; // [1, 3]
 */
export class LSTM<O extends RecurrentOptions = LSTMOptions> extends Recurrent<SequenceResult<O, 2>> {
  readonly className: string = "LSTM";
  private readonly options: typeof CELL & typeof RECURRENT_DEFAULTS;

  constructor(options: LSTMOptions) {
    const read = readOptions("lstm", options, { ...CELL, ...RECURRENT_DEFAULTS });
    const cell = new LSTMCell({ ...pick(read, CELL), name: "lstm_cell" });
    super(options, "LSTM", read, cell);
    this.options = read;
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link LSTM}. */
export function lstm<const O extends LSTMOptions>(options: O): LSTM<O> {
  return new LSTM<O>(options);
}

/** See {@link LSTMCell}. */
export function lstmCell(options: LSTMCellOptions): LSTMCell {
  return new LSTMCell(options);
}
