/** Many callers, one matrix product. */

import { ArgumentError, show, UnsupportedError } from "../errors";
import { one } from "../models/batches";
import { inputsInOrder, type ModelInput, withRankOf } from "../models/inputs";
import type { Model } from "../models/model";
import { Tensor } from "../tensor";
import { BatchStream } from "./batch_stream";
import type { Kind } from "./bucket";
import { type Sample, sampleOf, shapeKey, stacked } from "./samples";
import { type BatcherStats, Scheduler } from "./scheduler";
import { StreamGroup } from "./stream_group";
import type { CallOptions } from "./ticket";

/** Options of {@link createBatcher}. */
export interface BatcherOptions {
  /** Calls that run together at most. Default 64. */
  maxBatch?: number;
  /** Milliseconds that a call waits for others at most; timers are no finer than one. Default 1. */
  maxDelayMs?: number;
  /** Calls that may wait; one more is refused with a `BusyError`. Default 10,000. */
  maxQueue?: number;
}

const DEFAULTS = { maxBatch: 64, maxDelayMs: 1, maxQueue: 10_000 };

/** See {@link createBatcher}. */
export class Batcher<Y = Tensor | Tensor[]> implements Kind<Sample, Y> {
  private readonly scheduler: Scheduler;
  private group: StreamGroup | undefined;

  /** @ignore Made by {@link createBatcher}. */
  constructor(
    private readonly model: Model,
    options: BatcherOptions,
  ) {
    this.scheduler = new Scheduler(`${model.name}, batcher`, checkedOptions(options));
  }

  /**
   * Runs one sample, together with others of the same shape that come at about the same time. On the baseline build
   * the result is that of the sample alone, bit for bit.
   *
   * @param sample As for `model.predict`, without the batch axis. Read before this returns.
   * @returns the result without the batch axis; a list when the model has several outputs.
   * @throws (rejects) what `model.predict` throws for this sample. {BusyError} when too many calls wait. {StateError}
   *   after `close`. The reason of the signal, when it is aborted in time.
   *
   * @example
   * const m = sequential({ layers: [layers.lstm({ units: 4, inputShape: [null, 3] })] });
   * const batcher = createBatcher(m);
   * const results = await Promise.all([batcher.predict([[1, 2, 3]]), batcher.predict([[4, 5, 6]])]);
   * results[0].shape; // [4]
   */
  predict(sample: ModelInput, options: CallOptions = {}): Promise<Y> {
    try {
      const tensors = this.tensorsOf(sample);
      const ticket = this.scheduler.accept<Sample, Y>(tensors, options);
      this.scheduler.enter(shapeKey(tensors), this, ticket);
      return ticket.promise;
    } catch (e) {
      return Promise.reject(e);
    }
  }

  private tensorsOf(sample: ModelInput): Sample {
    const { model } = this;
    if (model.isStateful) {
      throw new UnsupportedError(`${model.name}, batcher.predict`, "a model without states, or a stream", "stateful");
    }
    return inputsInOrder(model, sample).map((t, k) => {
      const batch = new Tensor([1, ...t.shape], t.dtype, t.data);
      const { shape, dtype, data } = model.built ? withRankOf(batch, model.inputs[k]) : batch;
      return new Tensor(shape.slice(1), dtype, data.slice());
    });
  }

  /** @ignore For the scheduler. */
  run(samples: readonly Sample[]): readonly Y[] {
    const made: unknown = this.model.predict(stacked(samples));
    const results = Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor];
    return samples.map((_, row) => one(sampleOf(results, row)) as Y);
  }

  /**
   * A stream: states of its own, steps shared with all other streams of this batcher.
   *
   * @throws {UnsupportedError} naming the layer that needs timesteps that have not come yet.
   *
   * @example
   * const m = sequential({ layers: [layers.gru({ units: 4, inputShape: [null, 3] })] });
   * const streams = Array.from({ length: 1000 }, () => createBatcher(m).createStream());
   */
  createStream(): BatchStream {
    this.group ??= new StreamGroup(this.model, this.scheduler);
    return new BatchStream(this.group);
  }

  /** How many calls wait, how large the batches were, and how long answers took. */
  stats(): BatcherStats {
    return this.scheduler.stats();
  }

  /** Refuses new calls and finishes those that it has accepted. Resolves when the last one has its answer. */
  close(): Promise<void> {
    return this.scheduler.close();
  }
}

function checkedOptions(options: BatcherOptions): Required<BatcherOptions> {
  const unknown = Object.keys(options).find((key) => !(key in DEFAULTS));
  if (unknown !== undefined) {
    throw new ArgumentError("createBatcher", `options among ${Object.keys(DEFAULTS).join(", ")}`, unknown);
  }
  const read = { ...DEFAULTS, ...options };
  for (const key of ["maxBatch", "maxQueue"] as const) {
    if (Number.isSafeInteger(read[key]) && read[key] > 0) continue;
    throw new ArgumentError(`createBatcher, ${key}`, "a positive integer", show(read[key]));
  }
  if (read.maxDelayMs >= 0 && read.maxDelayMs < 2 ** 31) return read;
  throw new ArgumentError("createBatcher, maxDelayMs", "milliseconds", show(read.maxDelayMs));
}

/**
 * Lets callers that come one by one share the products of their matrices: whole samples by `predict`, live sequences by
 * `createStream`. A batch runs when it is full, when nobody else can come, or when its first call has waited long
 * enough; of several that are due, that of the oldest call first.
 *
 * @throws {ArgumentError} for options that it does not know or that are out of range.
 *
 * @example
 * const batcher = createBatcher(model, { maxBatch: 64, maxDelayMs: 1, maxQueue: 10_000 });
 * const y = await batcher.predict(sample);
 * await batcher.close();
 */
export function createBatcher<M extends Model>(
  model: M,
  options: BatcherOptions = {},
): Batcher<ReturnType<M["predict"]>> {
  return new Batcher(model, options);
}
