/** Any cell as a recurrent layer. */

import type { Cell } from "./cell";
import { type Only, RECURRENT_DEFAULTS, type RecurrentOptions, readRecurrent } from "./options";
import { Recurrent } from "./recurrent";
import { type CellLike, cellOf } from "./stacked_rnn_cells";

/** Options of {@link rnn}. */
export interface RNNOptions extends RecurrentOptions {
  /** A cell, an object of your own with `stateSize` and `call`, or a list of either, which is a stack. */
  cell: CellLike;
}

const DEFAULTS = { ...RECURRENT_DEFAULTS, cell: undefined as unknown as CellLike };

/** The number of states of a cell, as a type. */
export type StateCount<C> =
  C extends Cell<infer N>
    ? N
    : C extends { readonly stateSize: infer S }
      ? S extends readonly unknown[]
        ? S["length"]
        : 1
      : number;

/**
 * Recurrent layer of any cell.
 *
 * Input    [batch, timesteps, inputDim]
 * Output   [batch, outputSize], or [batch, timesteps, outputSize] with `returnSequences`
 * States   those of the cell, in one flat list
 * Weights  those of the cell
 *
 * @throws {ConfigError} when `cell` is no cell: it needs `call` and `stateSize`.
 * @throws {ShapeError} from `apply`, when the input does not fit.
 * @see Keras 3, `RNN`.
 *
 * @example
 * const cell = { stateSize: 3, call: (x, [h]) => ({ output: h, states: [ops.add(h, x)] }) };
 * layers.rnn({ cell }).apply(tensor(new Float32Array(24), [2, 4, 3])).shape; // [2, 3]
 */
export class RNN<O extends RNNOptions = RNNOptions> extends Recurrent<O, StateCount<O["cell"]>> {
  readonly className: string = "RNN";

  constructor(options: O) {
    const read = readRecurrent("rnn", options, DEFAULTS);
    const cell = cellOf("rnn.cell", read.cell);
    super(options, "RNN", { ...read, cell } as typeof RECURRENT_DEFAULTS, cell);
  }

  override twin(changes: RecurrentOptions): this {
    const own = { cell: this.cell.twin() };
    return super.twin({ ...own, ...changes });
  }
}

/** See {@link RNN}. */
export function rnn<const O extends RNNOptions>(options: Only<O, RNNOptions>): RNN<O> {
  return new RNN<O>(options);
}
