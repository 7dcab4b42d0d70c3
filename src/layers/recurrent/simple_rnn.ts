/** The fully connected recurrent network: one gate, one state. */

import { emitActivation } from "../../ops/activation";
import { emitBroadcast } from "../../ops/elementwise";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
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
import { KernelCell } from "./kernel_cell";
import { type Only, type RecurrentOptions, readRecurrent } from "./options";
import { Recurrent } from "./recurrent";

/** Options of the cell. */
export interface SimpleRNNCellOptions extends KernelCellOptions {}

const CELL = { ...CELL_HEAD, ...CELL_BODY, ...CELL_TRAINING, ...CELL_SEED };

/**
 * One step of a SimpleRNN: h' = tanh(x W + h U + b).
 *
 * Input    [batch, inputDim], state h [batch, units]
 * Output   h', then the state h'
 * Weights  kernel [inputDim, units], recurrent_kernel [units, units], bias [units]
 *
 * @see Elman 1990; Keras 3 `SimpleRNNCell`.
 */
export class SimpleRNNCell extends KernelCell<1> {
  readonly className: string = "SimpleRNNCell";
  readonly gates = 1;
  readonly biasSlots = 1;

  constructor(options: SimpleRNNCellOptions, where?: string) {
    super(options, "SimpleRNNCell", readRecurrent("simpleRNNCell", options, CELL), where);
  }

  planEquations(plan: Plan, x: Slab, [h]: readonly Slab[]): Step {
    const { bias } = this;
    const input = this.product(plan, x, this.kernel, bias && (() => bias.data));
    const pre = emitBroadcast(plan, "add", [input, this.product(plan, h as Slab, this.recurrentKernel)]);
    const output = emitActivation(plan, this.activation, pre);
    return { output, states: [output] };
  }

  protected biasShape() {
    return [this.units];
  }

  protected biasRows(bias: Float32Array) {
    return bias;
  }

  protected words() {
    return [];
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
export class SimpleRNN<O extends SimpleRNNOptions = SimpleRNNOptions> extends Recurrent<O, 1> {
  readonly className: string = "SimpleRNN";

  constructor(options: O) {
    const read = readRecurrent("simpleRNN", options, layerDefaults(CELL));
    const cell = new SimpleRNNCell(
      { ...pick(read, CELL), ...cellCommon("simple_rnn_cell", options) },
      options.name ?? "simpleRNN",
    );
    super(options, "SimpleRNN", read, cell);
  }

  /** Keras leaves out the seed of this layer alone. */
  protected override ownConfig() {
    const { seed: _, ...config } = super.ownConfig();
    return config;
  }
}

/** See {@link SimpleRNN}. */
export function simpleRNN<const O extends SimpleRNNOptions>(options: Only<O, SimpleRNNOptions>): SimpleRNN<O> {
  return new SimpleRNN<O>(options);
}

/** See {@link SimpleRNNCell}. */
export function simpleRNNCell(options: SimpleRNNCellOptions): SimpleRNNCell {
  return new SimpleRNNCell(options);
}
