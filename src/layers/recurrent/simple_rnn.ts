/** The fully connected recurrent network: one gate, one state. */

import type { Engine } from "../../wasm/engine";
import { configOf, pick, readOptions } from "../options";
import { CELL_DEFAULTS, KernelCell, type KernelCellOptions, TRAINING_DEFAULTS } from "./kernel_cell";
import { RECURRENT_DEFAULTS, Recurrent, type RecurrentOptions } from "./recurrent";
import type { SequenceResult } from "./result";

/** Options of the cell. */
export interface SimpleRNNCellOptions extends KernelCellOptions {}

const CELL = { ...CELL_DEFAULTS, ...TRAINING_DEFAULTS };

/**
 * One step of a SimpleRNN: h' = tanh(x W + h U + b).
 *
 * Input    [batch, inputDim], state h [batch, units]
 * Output   h', then the state h'
 * Weights  kernel [inputDim, units], recurrent_kernel [units, units], bias [units]
 *
 * @see Elman 1990; Keras 3 `SimpleRNNCell`.
 */
export class SimpleRNNCell extends KernelCell {
  readonly className: string = "SimpleRNNCell";
  readonly gates = 1;
  readonly biasSlots = 1;
  private readonly options: typeof CELL;

  constructor(options: SimpleRNNCellOptions) {
    const read = readOptions("simpleRNNCell", options, CELL);
    super(options, "SimpleRNNCell", read);
    this.options = read;
  }

  sequence(engine: Engine, pass: number): void {
    engine.kernels.simpleRnnSequence(pass);
  }

  protected biasShape() {
    return [this.units];
  }

  protected biasSlot() {
    return this.bias?.data;
  }

  protected words() {
    return [];
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** Options of the layer: those of the cell and of every recurrent layer. */
export interface SimpleRNNOptions extends SimpleRNNCellOptions, RecurrentOptions {}

/**
 * Fully connected recurrent layer: the output is the next state.
 *
 * Input    [batch, timesteps, inputDim]
 * Output   [batch, units], or [batch, timesteps, units] with `returnSequences`
 * State    h, [batch, units]
 * Weights  as {@link SimpleRNNCell}
 *
 * @throws {ConfigError} when `units` is not a positive integer or an option is unknown.
 * @throws {ShapeError} from `apply`, when the input does not fit.
 *
 * @example
 * const rnn = layers.simpleRNN({ units: 3 });
 * rnn.apply([[[0.1, 4.2], [1, 3.1]]]).shape; // [1, 3]
 */
export class SimpleRNN<O extends RecurrentOptions = SimpleRNNOptions> extends Recurrent<SequenceResult<O, 1>> {
  readonly className: string = "SimpleRNN";
  private readonly options: typeof CELL & typeof RECURRENT_DEFAULTS;

  constructor(options: SimpleRNNOptions) {
    const read = readOptions("simpleRNN", options, { ...CELL, ...RECURRENT_DEFAULTS });
    super(options, "SimpleRNN", read, new SimpleRNNCell({ ...pick(read, CELL), name: "simple_rnn_cell" }));
    this.options = read;
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link SimpleRNN}. */
export function simpleRNN<const O extends SimpleRNNOptions>(options: O): SimpleRNN<O> {
  return new SimpleRNN<O>(options);
}

/** See {@link SimpleRNNCell}. */
export function simpleRNNCell(options: SimpleRNNCellOptions): SimpleRNNCell {
  return new SimpleRNNCell(options);
}
