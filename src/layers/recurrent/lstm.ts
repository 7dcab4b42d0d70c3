/** Long short-term memory: four gates, two states. */

import type { Initializer } from "../../initializers";
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
export interface LSTMCellOptions extends KernelCellOptions {
  /** On the gates i, f and o. Default `sigmoid`. */
  recurrentActivation?: string | null;
  /** The bias of the forget gate begins with 1. An initializer: nothing is added when weights are loaded. */
  unitForgetBias?: boolean;
}

const CELL = {
  ...CELL_HEAD,
  recurrentActivation: "sigmoid" as string | null,
  ...CELL_BODY,
  unitForgetBias: true,
  ...CELL_TRAINING,
  ...CELL_SEED,
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
export class LSTMCell extends KernelCell<2> {
  readonly className: string = "LSTMCell";
  readonly gates = 4;
  readonly biasSlots = 4;
  readonly recurrentActivation: Activation;
  private readonly unitForgetBias: boolean;

  constructor(options: LSTMCellOptions, where?: string) {
    const read = readRecurrent("lstmCell", options, CELL);
    super(options, "LSTMCell", read, where);
    this.recurrentActivation = this.resolved("recurrentActivation", read.recurrentActivation);
    this.unitForgetBias = read.unitForgetBias;
  }

  override get stateSizes() {
    return [this.units, this.units];
  }

  override get hasKernel() {
    return super.hasKernel && this.recurrentActivation.over === "elements";
  }

  planEquations(plan: Plan, x: Slab, [h, c]: readonly Slab[]): Step {
    const { bias, activation, recurrentActivation } = this;
    const input = this.product(plan, x, this.kernel, bias && (() => bias.data));
    const pre = emitBroadcast(plan, "add", [input, this.product(plan, h as Slab, this.recurrentKernel)]);
    const gate = (k: number) => this.gate(plan, pre, k, k === 2 ? activation : recurrentActivation);
    const gates = { input: gate(0), forget: gate(1), candidate: gate(2), output: gate(3) };
    const kept = emitBroadcast(plan, "multiply", [gates.forget, c as Slab]);
    const cell = emitBroadcast(plan, "add", [kept, emitBroadcast(plan, "multiply", [gates.input, gates.candidate])]);
    const output = emitBroadcast(plan, "multiply", [gates.output, emitActivation(plan, activation, cell)]);
    return { output, states: [output, cell], gates };
  }

  protected biasShape() {
    return [4 * this.units];
  }

  protected override biasStart(initializer: Initializer): Initializer {
    if (!this.unitForgetBias) return initializer;
    const { units } = this;
    return (shape) => initializer(shape).fill(1, units, 2 * units);
  }

  protected biasRows(bias: Float32Array) {
    return bias;
  }

  protected words() {
    return [
      ...activationWords(PASS.recurrentActivation, this.recurrentActivation),
      ...activationWords(PASS.hiddenActivation, this.activation),
    ];
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
export class LSTM<O extends LSTMOptions = LSTMOptions> extends Recurrent<O, 2> {
  readonly className: string = "LSTM";

  constructor(options: O) {
    const read = readRecurrent("lstm", options, layerDefaults(CELL));
    const cell = new LSTMCell({ ...pick(read, CELL), ...cellCommon("lstm_cell", options) }, options.name ?? "lstm");
    super(options, "LSTM", read, cell);
  }
}

/** See {@link LSTM}. */
export function lstm<const O extends LSTMOptions>(options: Only<O, LSTMOptions>): LSTM<O> {
  return new LSTM<O>(options);
}

/** See {@link LSTMCell}. */
export function lstmCell(options: LSTMCellOptions): LSTMCell {
  return new LSTMCell(options);
}
