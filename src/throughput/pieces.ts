/** One call of a pool, which is done in pieces: some of the samples each. */

import { arraysFor, type BatchOptions } from "../models/batches";
import { ARRAYS, sizeOf, Tensor } from "../tensor";
import type { PlainTensor } from "./messages";

/** Rows that a piece should have at least: smaller ones pay more for the way than they win. */
const ROWS = 32;
/** Pieces a thread, at most: more than one, so that a thread that is held up gets less. */
const PIECES = 4;

/** Equal pieces, so many a thread as are worth their way. */
export function rowsAPiece(samples: number, threads: number): number {
  const pieces = Math.max(1, Math.min(PIECES, Math.floor(samples / threads / ROWS)));
  return Math.ceil(samples / (threads * pieces));
}

export class Pieces {
  private results: readonly Tensor[] = [];
  private missing: number;

  /** @param out Arrays that the results go to, one an output; by default new ones. */
  constructor(
    private readonly where: string,
    private readonly samples: number,
    /** How many pieces there are. */
    readonly count: number,
    private readonly out: BatchOptions["out"],
  ) {
    this.missing = count;
  }

  /**
   * Takes what the samples from `from` to `to` gave; it is read now.
   * @returns the results when these were the last ones.
   * @throws {ArgumentError} when the arrays that the results go to are not for them.
   */
  put(outputs: readonly PlainTensor[], from: number, to: number): readonly Tensor[] | undefined {
    const { count, out } = this;
    if (count === 1 && !out && outputs.every(({ data }) => data.buffer instanceof ArrayBuffer)) {
      return outputs.map(({ shape, dtype, data }) => new Tensor(shape, dtype, data));
    }
    if (this.missing === count) this.results = this.whole(outputs);
    for (const [k, { data }] of outputs.entries()) {
      this.results[k]?.data.set(data, (from * data.length) / (to - from));
    }
    return --this.missing === 0 ? this.results : undefined;
  }

  /** Where the results go. */
  private whole(outputs: readonly PlainTensor[]): readonly Tensor[] {
    const { samples, out } = this;
    const wanted = outputs.map(({ shape, dtype }) => ({ shape: [samples, ...shape.slice(1)], dtype }));
    const arrays = out && arraysFor(this.where, out, wanted);
    return wanted.map(
      ({ shape, dtype }, k) => new Tensor(shape, dtype, arrays?.[k] ?? new ARRAYS[dtype](sizeOf(shape))),
    );
  }
}
