/** A stream whose steps run together with those of others. */

import { StateError } from "../errors";
import { checkOptions } from "../options";
import type { Block } from "../wasm/arena";
import { copyOf, type Frame } from "./frames";
import type { StepResult } from "./rows";
import type { StreamGroup } from "./stream_group";
import { type CallOptions, Ticket } from "./ticket";

/** How a step may be given up, and where its outputs go. */
export interface StepOptions extends CallOptions {
  /**
   * Filled with the outputs and returned, instead of new arrays; a list for a model with several outputs. Not to be
   * touched before the step has been answered.
   */
  out?: StepResult | undefined;
}

/** The same for one step of several streams. */
export interface StepAllOptions extends CallOptions {
  /** One a stream, as {@link StepOptions.out}. */
  out?: readonly StepResult[] | undefined;
}

const NONE: StepOptions = {};

/** A step that waits for the one before it. */
interface Later {
  readonly ticket: Ticket<BatchStream, StepResult>;
  readonly frame: Frame;
  readonly out: StepResult | undefined;
}

/**
 * The state of one live sequence. Its steps are done in the order of their calls, and give what `model.createStream()`
 * gives; on the baseline build bit for bit.
 */
export class BatchStream {
  private block: Block | undefined;
  /** Where its block begins, in bytes: the block itself would be one more place in memory to look at in every step. */
  readonly address: number;
  private current: Ticket<BatchStream, StepResult> | undefined;
  private later: Later[] = [];
  /** Where the outputs of the step under way go, unless to new arrays. */
  out: StepResult | undefined;

  constructor(
    /** @ignore All streams of its batcher. */
    readonly group: StreamGroup,
  ) {
    this.block = group.open(this);
    this.address = this.block.ptr;
  }

  /**
   * Takes one timestep as soon as the steps before it are done.
   *
   * @param frame Read before this returns.
   * @returns the outputs, the caller's own: `out` where it is given.
   * @throws (rejects) {ArgumentError} when the frame or `out` has another length, or the frame holds an id that is
   *   none. {BusyError} when too many calls wait. {StateError} after `dispose`, or when the batcher was closed. Where a
   *   step fails or is aborted, the state stays as it was.
   *
   * @example
   * const stream = batcher.createStream();
   * (await stream.step([0.1, 0.2, 0.3])).length; // 4
   */
  step(frame: Frame, options: StepOptions = NONE): Promise<StepResult> {
    return new Promise((resolve, reject) => {
      const { group } = this;
      checkOptions(options, group.where, "step");
      const { out } = options;
      this.alive("step");
      group.check(frame, out);
      const arrived = group.scheduler.admit(1, options);
      this.take(new Ticket<BatchStream, StepResult>(this, arrived, { resolve, reject }), frame, out, options);
    });
  }

  /** @ignore A step that was checked and let in. */
  take(ticket: Ticket<BatchStream, StepResult>, frame: Frame, out: StepResult | undefined, options: CallOptions): void {
    this.group.scheduler.follow(ticket, options);
    if (!this.current) this.begin(ticket, frame, out);
    else this.later.push({ ticket, frame: copyOf(frame), out });
  }

  private begin(ticket: Ticket<BatchStream, StepResult>, frame: Frame, out: StepResult | undefined): void {
    this.current = ticket;
    this.out = out;
    this.group.write(this.address, frame);
    this.group.scheduler.enter(this.group, this.group, ticket);
  }

  /** The step under way has been answered: the next one begins. */
  next(): void {
    this.current = undefined;
    this.out = undefined;
    while (this.later.length > 0) {
      const next = this.later.shift() as Later;
      if (next.ticket.answered) continue;
      this.begin(next.ticket, next.frame, next.out);
      return;
    }
  }

  /**
   * Begins a new sequence.
   * @throws {StateError} while a step waits.
   */
  reset(): void {
    this.group.clear(this.idle("reset"));
  }

  /**
   * The state as plain numbers, which do not tell which model they are of: for `setState` of any stream of this model,
   * also of `model.createStream()`.
   * @throws {StateError} while a step waits.
   */
  getState(): Float32Array {
    return this.group.copy(this.idle("getState"));
  }

  /**
   * Goes on from a snapshot, or from its bytes.
   * @throws {ArgumentError} when it is of another size. @throws {StateError} while a step waits.
   */
  setState(snapshot: Float32Array | Uint8Array): void {
    this.group.paste(this.idle("setState"), snapshot);
  }

  /** Gives the memory back and rejects the steps that wait. Afterwards every method refuses; twice is allowed. */
  dispose(): void {
    const { block, current, later } = this;
    if (!block) return;
    this.block = undefined;
    this.later = [];
    const reason = new StateError(this.group.where, "a stream in use", "one that was disposed of");
    for (const ticket of [current, ...later.map((step) => step.ticket)]) {
      if (ticket?.reject(reason)) this.group.scheduler.leave(ticket);
    }
    block.free();
  }

  private alive(method: string): Block {
    if (this.block) return this.block;
    throw new StateError(`${this.group.where}.${method}`, "a stream in use", "one that was disposed of");
  }

  /** True after `dispose`. */
  get isDisposed(): boolean {
    return !this.block;
  }

  private idle(method: string): number {
    const { ptr } = this.alive(method);
    if (!this.current) return ptr;
    throw new StateError(`${this.group.where}.${method}`, "a stream without steps under way", "one that has some");
  }
}
