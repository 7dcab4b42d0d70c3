/** Cutting samples into batches, and putting the results together again. */

import { ArgumentError, ShapeError, show } from "../errors";
import { ARRAYS, type DType, sizeOf, Tensor, type TensorData } from "../tensor";

/** How to predict. */
export interface BatchOptions {
  /** Samples at a time. */
  batchSize?: number;
  /** For `predict`: arrays that the results go to, one an output; by default new ones. */
  out?: TensorData | readonly TensorData[];
  /** For `predictAsync`: called after each batch. */
  onProgress?: (done: number, samples: number) => void;
  /** For `predictAsync`: stops between batches. */
  signal?: AbortSignal;
}

/** The inputs, batch by batch. */
export interface Batches {
  readonly samples: number;
  readonly size: number;
  readonly count: number;
  inputs(batch: number): readonly Tensor[];
}

/** Bytes of scratch memory that one batch may take by default; larger ones fall out of the caches. */
export const SCRATCH = 1 << 24;

/**
 * @param whole The samples of a batch have states of their own (a stateful model): by default all samples are one
 *   batch, and a smaller batch must divide them.
 * @param bytes Scratch memory that a batch of so many samples takes.
 * @throws {ShapeError} when the inputs differ in their number of samples.
 */
export function batchesOf(
  where: string,
  inputs: readonly Tensor[],
  batchSize: number | undefined,
  whole: boolean,
  bytes: (size: number) => number,
): Batches {
  const samples = inputs[0]?.shape[0];
  if (samples === undefined || inputs.some((t) => t.shape[0] !== samples)) {
    const got = inputs.map((t) => show(t.shape[0])).join(", ");
    throw new ShapeError(`${where}.predict`, "the same number of samples in all inputs", got);
  }
  if (batchSize !== undefined && !(Number.isSafeInteger(batchSize) && batchSize > 0)) {
    throw new ArgumentError(`${where}.predict, batchSize`, "a positive integer", show(batchSize));
  }
  if (whole && batchSize !== undefined && samples % batchSize !== 0) {
    throw new ShapeError(
      `${where}.predict`,
      `samples in full batches of ${batchSize}, as it is stateful`,
      `${samples}`,
    );
  }
  const size = Math.min(batchSize ?? (whole ? samples : fitting(samples, bytes)), samples);
  return {
    samples,
    size,
    count: samples === 0 ? 0 : Math.ceil(samples / size),
    inputs: (batch) => inputs.map((t) => rowsOf(t, batch * size, Math.min(samples, (batch + 1) * size))),
  };
}

/** The largest batch whose scratch memory stays within bounds, and at least one sample. */
function fitting(samples: number, bytes: (size: number) => number): number {
  let size = samples;
  while (size > 1) {
    const wanted = bytes(size);
    if (wanted <= SCRATCH) break;
    size = Math.max(1, Math.min(size - 1, Math.floor((size * SCRATCH) / wanted)));
  }
  return size;
}

/** Samples `from` to `to` without copying. */
export function rowsOf(t: Tensor, from: number, to: number): Tensor {
  if (from === 0 && to === t.shape[0]) return t;
  const row = sizeOf(t.shape.slice(1));
  return new Tensor([to - from, ...t.shape.slice(1)], t.dtype, t.data.subarray(from * row, to * row));
}

/**
 * The arrays that were given for results, one an output.
 * @throws {ArgumentError} when they are not of the results' types and sizes.
 */
export function arraysFor(
  where: string,
  out: NonNullable<BatchOptions["out"]>,
  results: readonly { readonly shape: readonly number[]; readonly dtype: DType }[],
): readonly TensorData[] {
  const arrays = ArrayBuffer.isView(out) ? [out] : out;
  const isOf = ({ shape, dtype }: (typeof results)[number], array: TensorData | undefined) =>
    array?.constructor?.name === ARRAYS[dtype].name && array.length === sizeOf(shape);
  if (arrays.length === results.length && results.every((result, k) => isOf(result, arrays[k]))) return arrays;
  const told = (type: string, length: unknown) => `${type}(${length})`;
  const wanted = results.map(({ shape, dtype }) => told(ARRAYS[dtype].name, sizeOf(shape))).join(", ");
  const got = Array.from(arrays, (array) => told(array?.constructor?.name, array?.length)).join(", ");
  throw new ArgumentError(`${where}.predict, out`, wanted, got);
}

/** The results of all batches as one result, in the arrays `out` if there are any. */
export function concatenated(parts: readonly (readonly Tensor[])[], out?: readonly TensorData[]): readonly Tensor[] {
  const [first = []] = parts;
  if (parts.length === 1 && !out) return first;
  return first.map((head, k) => {
    const pieces = parts.map((part) => part[k] as Tensor);
    const data = out?.[k] ?? new ARRAYS[head.dtype](pieces.reduce((sum, t) => sum + t.data.length, 0));
    let at = 0;
    for (const piece of pieces) {
      data.set(piece.data, at);
      at += piece.data.length;
    }
    const samples = pieces.reduce((sum, t) => sum + (t.shape[0] as number), 0);
    return new Tensor([samples, ...head.shape.slice(1)], head.dtype, data);
  });
}

/** Runs all batches, yielding to other work between them. @throws the signal's reason when it is aborted. */
export async function eachBatch(
  batches: Batches,
  { signal, onProgress }: BatchOptions,
  run: (inputs: readonly Tensor[]) => readonly Tensor[],
): Promise<(readonly Tensor[])[]> {
  const parts: (readonly Tensor[])[] = [];
  for (let k = 0; k < batches.count; k++) {
    if (k > 0) await pause();
    signal?.throwIfAborted();
    parts.push(run(batches.inputs(k)));
    onProgress?.(Math.min((k + 1) * batches.size, batches.samples), batches.samples);
  }
  return parts;
}

/** A result alone, several as a list. */
export function one(results: readonly Tensor[]): Tensor | readonly Tensor[] {
  return results.length === 1 ? (results[0] as Tensor) : results;
}

/** Lets other work run. A worklet has no timers. */
function pause(): Promise<void> {
  const { setTimeout } = globalThis as { setTimeout?: typeof globalThis.setTimeout };
  return new Promise((resolve) => (setTimeout ? setTimeout(resolve, 0) : resolve()));
}
