/** A model on several threads. */

import { type RecurraError, StateError } from "../errors";
import { batchesOf, concatenated, one, rowsOf } from "../models/batches";
import { inputsInOrder, type ModelInput, withRankOf } from "../models/inputs";
import type { Model } from "../models/model";
import { Tensor } from "../tensor";
import { engineOptions } from "../wasm/engine";
import { Slots } from "../wasm/slots";
import { Costs } from "./costs";
import { Crew, type Job } from "./crew";
import { Here } from "./here";
import { errorOf, type PlainError } from "./messages";
import { plain, shared, sharedEngine } from "./sharing";
import { type CallOptions, Ticket } from "./ticket";

/** Rows that a piece should have at least: smaller ones pay more for the way than they win. */
const ROWS = 32;
/** Pieces a thread, at most: more than one, so that a thread that is held up gets less. */
const PIECES = 4;
/** Milliseconds that a call may take in the caller's own thread: one sample, whose way to a worker costs a tenth. */
const BRIEF = 1;
/** The same for samples that workers could share. */
const BRIEF_BATCH = 0.2;
/** What takes no longer is done at once, whatever else waits: telling a worker takes this thread as long. */
const TRIVIAL = 0.03;

/** One call of `predict`, cut into pieces. */
interface Call {
  readonly ticket: Ticket<readonly Tensor[], readonly Tensor[]>;
  readonly results: (readonly Tensor[])[];
  missing: number;
}

/** See {@link createPool}. */
export class Pool<Y = Tensor | Tensor[]> {
  private readonly crew: Crew;
  private readonly calls = new Set<Call>();
  private readonly where: string;
  private closing: Promise<void> | undefined;
  private onDrained: (() => void) | undefined;
  private readonly costs = new Costs();
  /** @ignore The model in the caller's thread, where that shares a memory with the workers. */
  readonly here: Here | undefined;
  private isTurnTaken = false;

  /** @ignore Made by {@link createPool}. */
  constructor(
    /** @ignore */
    readonly model: Model,
    /** How many workers it has. */
    readonly threads: number,
    worker: string | URL | undefined,
    maxStartMs: number,
  ) {
    this.where = `${model.name}, pool`;
    const parts = model.toParts();
    const weights = shared(parts.weights) as typeof parts.weights;
    const own = { ...parts, weights };
    const engine = sharedEngine(threads);
    this.here = engine && new Here(model, engine);
    const packed = this.here?.packed ?? [];
    const options = engineOptions();
    const space = (k: number) => engine && { ...engine.places.space, own: k };
    const order = (k: number) => ({ kind: "model", parts: own, kernels: options, space: space(k), packed }) as const;
    const slots = engine && new Slots(engine.arena, engine.places);
    this.crew = new Crew(this.where, order, slots, worker, threads, maxStartMs);
  }

  /** Resolves when all workers have the model. When it rejects, none is left. */
  async start(): Promise<void> {
    try {
      await this.crew.start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Runs the model on all threads, each with some of the samples. On the baseline build the result is that of
   * `model.predict`, bit for bit.
   *
   * @param x As for `model.predict`. Read before this returns.
   * @throws (rejects) what `model.predict` throws, saying in which samples. {StateError} after `close`. {WorkerError}
   *   when three workers died of it. The reason of the signal, when it is aborted.
   */
  predict(x: ModelInput, { signal }: CallOptions = {}): Promise<Y> {
    try {
      if (this.closing) throw new StateError(this.where, "a pool in use", "one that was closed");
      const done = !signal && x instanceof Tensor ? this.here?.trivially(x) : undefined;
      if (done) return Promise.resolve(one(done) as Y);
      signal?.throwIfAborted();
      const { model } = this;
      const inputs = inputsInOrder(model, x).map((t, k) => withRankOf(t, model.inputs[k]));
      const { samples } = batchesOf(this.where, inputs, undefined, true, () => 0);
      if (samples === 0) return Promise.resolve(model.predict(inputs) as Y);
      if (this.here && this.isBrief(inputs, samples)) {
        const start = performance.now();
        const promise = this.atOnce(inputs);
        const ms = performance.now() - start;
        this.costs.note(inputs, ms);
        if (ms <= TRIVIAL) this.here.noteTrivial(inputs);
        return signal ? unlessAborted(promise, signal) : promise;
      }
      const held = inputs.map(({ shape, dtype, data }) => new Tensor(shape, dtype, shared(data)));
      return this.begin(held, samples, signal);
    } catch (e) {
      return Promise.reject(e);
    }
  }

  /** True for what is done sooner than a worker would have it, unless others wait or have had the turn. */
  private isBrief(inputs: readonly Tensor[], samples: number): boolean {
    const ms = samples * (this.costs.aSample(inputs) ?? Number.POSITIVE_INFINITY);
    const isFree = this.calls.size === 0 && !this.isTurnTaken && (this.here as Here).isCurrent;
    return ms <= (samples === 1 ? BRIEF : BRIEF_BATCH) && isFree;
  }

  /** In this thread; the second call of a turn goes to the workers. */
  private atOnce(inputs: readonly Tensor[]): Promise<Y> {
    this.isTurnTaken = true;
    queueMicrotask(this.endTurn);
    return Promise.resolve((this.here as Here).predict(inputs) as Y);
  }

  private readonly endTurn = (): void => {
    this.isTurnTaken = false;
  };

  private begin(inputs: readonly Tensor[], samples: number, signal: AbortSignal | undefined): Promise<Y> {
    return new Promise((resolve, reject) => {
      const size = rowsAPiece(samples, this.threads);
      const count = Math.ceil(samples / size);
      const ticket: Call["ticket"] = new Ticket(inputs, 0, (results) => resolve(one(results) as Y), reject);
      const call: Call = { ticket, results: new Array(count), missing: count };
      this.calls.add(call);
      if (signal) ticket.follow(signal, () => this.leave(call));
      this.crew.add(
        Array.from({ length: count }, (_, k) => this.job(call, k, k * size, Math.min(samples, (k + 1) * size))),
      );
    });
  }

  private job(call: Call, k: number, from: number, to: number): Job {
    const { ticket } = call;
    const leave = () => this.leave(call);
    const inputs = ticket.work.map((t) => rowsOf(t, from, to));
    const { costs } = this;
    return {
      deaths: 0,
      inputs: inputs.map(plain),
      get isOver() {
        return ticket.answered;
      },
      done(outputs, ms) {
        costs.note(inputs, ms);
        call.results[k] = outputs.map(({ shape, dtype, data }) => new Tensor(shape, dtype, data));
        if (--call.missing === 0 && ticket.resolve(concatenated(call.results))) leave();
      },
      refused(error: PlainError) {
        const prefix = call.results.length > 1 ? `samples ${from} to ${to - 1}, ` : "";
        if (ticket.reject(errorOf(error, prefix))) leave();
      },
      failed(error: RecurraError) {
        if (ticket.reject(error)) leave();
      },
    };
  }

  private leave(call: Call): void {
    this.calls.delete(call);
    if (this.calls.size === 0) this.onDrained?.();
  }

  /** Refuses new calls, finishes those that it has accepted, and ends the workers. Resolves when they have ended. */
  close(): Promise<void> {
    this.closing ??= this.drained().then(() => {
      this.here?.free();
      return this.crew.end();
    });
    return this.closing;
  }

  private async drained(): Promise<void> {
    if (this.calls.size > 0) {
      await new Promise<void>((resolve) => {
        this.onDrained = resolve;
      });
    }
  }
}

/** Who has made a call may abort it before anything else happens. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const result = await promise;
  signal.throwIfAborted();
  return result;
}

/** Equal pieces, so many a thread as are worth their way. */
function rowsAPiece(samples: number, threads: number): number {
  const pieces = Math.max(1, Math.min(PIECES, Math.floor(samples / threads / ROWS)));
  return Math.ceil(samples / (threads * pieces));
}
