/** Many callers, one matrix product. */

import { ArgumentError, show, UnsupportedError } from "../errors";
import { one } from "../models/batches";
import { inputsInOrder, type ModelInput, withRankOf } from "../models/inputs";
import type { Model } from "../models/model";
import type { Plan } from "../ops/plan";
import { checkOptions, readGiven } from "../options";
import { Tensor } from "../tensor";
import { BatchStream, type StepAllOptions } from "./batch_stream";
import type { Kind } from "./bucket";
import type { Frame } from "./frames";
import { checkMade } from "./given";
import type { Here } from "./here";
import type { Pool } from "./pool";
import type { StepResult } from "./rows";
import { type Sample, sampleOf, shapeKey, stacked } from "./samples";
import { type BatcherStats, Scheduler } from "./scheduler";
import { StreamGroup } from "./stream_group";
import { type CallOptions, Ticket } from "./ticket";

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
  private readonly where: string;
  private readonly scheduler: Scheduler;
  private group: StreamGroup | undefined;

  /** @ignore Made by {@link createBatcher}. */
  constructor(
    private readonly model: Model,
    private readonly here: Here | undefined,
    options: BatcherOptions,
  ) {
    this.where = `${model.name}, batcher`;
    this.scheduler = new Scheduler(this.where, checkedOptions(options));
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
    return new Promise((resolve, reject) => {
      checkOptions(options, this.where, "predict");
      const tensors = this.tensorsOf(sample);
      const ticket = new Ticket<Sample, Y>(tensors, this.scheduler.admit(1, options), { resolve, reject });
      this.scheduler.follow(ticket, options);
      this.scheduler.enter(shapeKey(tensors), this, ticket);
    });
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
    const made = this.made(stacked(samples));
    const results = Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor];
    return samples.map((_, row) => one(sampleOf(results, row)) as Y);
  }

  private made(inputs: readonly Tensor[]): unknown {
    const { here } = this;
    if (!here) return this.model.predict(inputs);
    here.check(this.where);
    return here.predict(inputs);
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
    return new BatchStream(this.streams);
  }

  /**
   * Takes one timestep of each of several streams, with one promise for all of them: a tenth faster than as many
   * `step`s of small models.
   *
   * @param streams Streams of this batcher.
   * @param frames One a stream, read before this returns.
   * @returns the outputs, one a stream: those of `options.out` where they are given.
   * @throws (rejects) what `step` throws; a queue that has no room for all of them refuses all. Where one step fails or
   *   is aborted, the others are done nevertheless.
   *
   * @example
   * const m = sequential({ layers: [layers.gru({ units: 4, inputShape: [null, 3] })] });
   * const b = createBatcher(m);
   * const streams = [b.createStream(), b.createStream()];
   * (await b.stepAll(streams, [[1, 2, 3], [4, 5, 6]])).length; // 2
   */
  stepAll(
    streams: readonly BatchStream[],
    frames: readonly Frame[],
    options: StepAllOptions = {},
  ): Promise<StepResult[]> {
    return this.streams.stepAll(streams, frames, options);
  }

  private get streams(): StreamGroup {
    this.group ??= new StreamGroup(this.model.name, (batch) => this.streamPlan(batch), this.scheduler);
    return this.group;
  }

  private streamPlan(batch: number): Plan {
    const { here } = this;
    if (!here) return this.model.streamPlan(batch);
    here.check(this.where);
    return here.streamPlan(batch);
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
  const read = readGiven("createBatcher", options, DEFAULTS);
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
 * With a pool in place of its model, the workers help with the recurrent layers of large batches, where all share a
 * memory: in Node, and in pages that may. Close the batcher first, then the pool.
 *
 * @throws {ArgumentError} for options that it does not know or that are out of range, and for what is neither a model
 *   of layers nor a pool.
 *
 * @example
 * const batcher = createBatcher(model, { maxBatch: 64, maxDelayMs: 1, maxQueue: 10_000 });
 * const y = await batcher.predict(sample);
 * await batcher.close();
 */
export function createBatcher<M extends Model>(model: M, options?: BatcherOptions): Batcher<ReturnType<M["predict"]>>;
export function createBatcher<Y>(pool: Pool<Y>, options?: BatcherOptions): Batcher<Y>;
export function createBatcher(of: Model | Pool<unknown>, options: BatcherOptions = {}): Batcher<unknown> {
  checkMade("createBatcher", "a model of layers or a pool", of, ["toParts", "here"]);
  return "here" in of ? new Batcher(of.model, of.here, options) : new Batcher(of, undefined, options);
}
