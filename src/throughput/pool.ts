/** A model on several threads. */

import { type RecurraError, StateError } from "../errors";
import { type BatchOptions, batchesOf, one } from "../models/batches";
import { inputsInOrder, type ModelInput, withRankOf } from "../models/inputs";
import type { Model } from "../models/model";
import { checkOptions } from "../options";
import { Tensor } from "../tensor";
import { engineOptions, kernelModule } from "../wasm/engine";
import { Slots } from "../wasm/slots";
import { Costs } from "./costs";
import { Crew, type Job } from "./crew";
import { Here } from "./here";
import { errorOf, type PlainError } from "./messages";
import { Parcels } from "./parcels";
import { Pieces, rowsAPiece } from "./pieces";
import { shared, sharedEngine } from "./sharing";
import { type CallOptions, Ticket } from "./ticket";

/** Milliseconds that a call may take in the caller's own thread: one sample, whose way to a worker costs a tenth. */
const BRIEF = 1;
/** The same for samples that workers could share. */
const BRIEF_BATCH = 0.2;
/** What takes no longer is done at once, whatever else waits: telling a worker takes this thread as long. */
const TRIVIAL = 0.03;

/** How to predict. */
export interface PoolCallOptions extends CallOptions {
  /** Arrays that the results go to, one an output; by default new ones. Not to be touched before the answer. */
  out?: BatchOptions["out"] | undefined;
}

/** One call of `predict`, cut into pieces. */
type Call = Ticket<Pieces, readonly Tensor[]>;

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
  private readonly parcels: Parcels;
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
    this.here = engine && new Here(model, engine, this.where);
    this.parcels = new Parcels(engine?.arena);
    const packed = this.here?.packed ?? [];
    const modules = engine?.modules;
    const kernels = engine ? engineOptions() : { ...engineOptions(), module: kernelModule() };
    const common = { kind: "model", parts: own, kernels, modules, packed } as const;
    const order = (k: number) => ({ ...common, space: engine && { ...engine.places.space, own: k } });
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
  predict(x: ModelInput, options: PoolCallOptions = {}): Promise<Y> {
    try {
      checkOptions(options, this.where, "predict");
      const { signal, out } = options;
      if (this.closing) throw new StateError(this.where, "a pool in use", "one that was closed");
      const done = !signal && x instanceof Tensor ? this.here?.trivially(x, out) : undefined;
      if (done) return Promise.resolve(one(done) as Y);
      signal?.throwIfAborted();
      const { model } = this;
      const inputs = inputsInOrder(model, x).map((t, k) => withRankOf(t, model.inputs[k]));
      const { samples } = batchesOf(this.where, inputs, undefined, true, () => 0);
      if (samples === 0) return Promise.resolve(model.predict(inputs, out && { out }) as Y);
      if (this.here && this.isBrief(inputs, samples)) {
        const start = performance.now();
        const promise = this.atOnce(inputs, out);
        const ms = performance.now() - start;
        this.costs.note(inputs, ms);
        if (ms <= TRIVIAL) this.here.noteTrivial(inputs);
        return signal ? unlessAborted(promise, signal) : promise;
      }
      return this.begin(inputs, samples, signal, out);
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
  private atOnce(inputs: readonly Tensor[], out: BatchOptions["out"]): Promise<Y> {
    this.isTurnTaken = true;
    queueMicrotask(this.endTurn);
    return Promise.resolve(one((this.here as Here).run(inputs, out)) as Y);
  }

  private readonly endTurn = (): void => {
    this.isTurnTaken = false;
  };

  private begin(
    inputs: readonly Tensor[],
    samples: number,
    signal: AbortSignal | undefined,
    out: BatchOptions["out"],
  ): Promise<Y> {
    return new Promise((resolve, reject) => {
      const size = rowsAPiece(samples, this.threads);
      const pieces = new Pieces(this.where, samples, Math.ceil(samples / size), out);
      const call: Call = new Ticket(pieces, 0, { resolve: (results) => resolve(one(results) as Y), reject });
      this.calls.add(call);
      if (signal) call.follow(signal, () => this.leave(call));
      try {
        // One by one: a worker begins while the next piece is copied.
        for (let from = 0; from < samples; from += size) {
          this.crew.add(this.job(call, inputs, from, Math.min(samples, from + size)));
        }
      } catch (e) {
        if (call.reject(e)) this.leave(call);
      }
    });
  }

  private job(call: Call, all: readonly Tensor[], from: number, to: number): Job {
    const leave = () => this.leave(call);
    const { tensors: inputs, free } = this.parcels.pack(all, from, to);
    const { costs } = this;
    return {
      deaths: 0,
      inputs,
      free,
      get isOver() {
        return call.answered;
      },
      done(outputs, ms) {
        costs.note(inputs, ms);
        if (call.answered) return;
        try {
          const results = call.work.put(outputs, from, to);
          if (results && call.resolve(results)) leave();
        } catch (e) {
          if (call.reject(e)) leave();
        }
      },
      refused(error: PlainError) {
        const prefix = call.work.count > 1 ? `samples ${from} to ${to - 1}, ` : "";
        if (call.reject(errorOf(error, prefix))) leave();
      },
      failed(error: RecurraError) {
        if (call.reject(error)) leave();
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
