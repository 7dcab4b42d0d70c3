/** A stream whose steps run together with those of others. */

import { ArgumentError, StateError, show } from "../errors";
import type { Slab } from "../ops/slab";
import type { Block } from "../wasm/arena";
import type { Outputs, StepResult } from "./rows";
import type { StreamGroup } from "./stream_group";
import { type CallOptions, Ticket } from "./ticket";

/** One timestep: [features]; a list of them, in the order of the inputs, for a model with several. */
export type Frame = ArrayLike<number> | readonly ArrayLike<number>[];

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

/** A step that waits for the one before it. */
interface Later {
  readonly ticket: Ticket<BatchStream, StepResult>;
  readonly frames: readonly ArrayLike<number>[];
  readonly out: Outputs | undefined;
}

/**
 * The state of one live sequence. Its steps are done in the order of their calls, and give what `model.createStream()`
 * gives; on the baseline build bit for bit.
 */
export class BatchStream {
  private block: Block | undefined;
  private current: Ticket<BatchStream, StepResult> | undefined;
  private later: Later[] = [];
  /** Where the outputs of the step under way go, unless to new arrays. */
  out: Outputs | undefined;

  constructor(
    /** @ignore All streams of its batcher. */
    readonly group: StreamGroup,
  ) {
    this.block = group.open(this);
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
  step(frame: Frame, options: StepOptions = {}): Promise<StepResult> {
    return new Promise((resolve, reject) => {
      const { group } = this;
      this.alive("step");
      const frames = group.checked(frame);
      const out = options.out && group.checkedOut(options.out);
      const ticket = new Ticket<BatchStream, StepResult>(this, group.scheduler.admit(1, options), resolve, reject);
      this.take(ticket, frames, out, options);
    });
  }

  /** @ignore A step that was checked and let in. */
  take(
    ticket: Ticket<BatchStream, StepResult>,
    frames: readonly ArrayLike<number>[],
    out: Outputs | undefined,
    options: CallOptions,
  ): void {
    this.group.scheduler.follow(ticket, options);
    if (!this.current) this.begin(ticket, frames, out);
    else this.later.push({ ticket, frames: frames.map((values) => Float64Array.from(values)), out });
  }

  /** Where its block begins, in bytes. */
  get address(): number {
    return this.alive("step").ptr;
  }

  private begin(
    ticket: Ticket<BatchStream, StepResult>,
    frames: readonly ArrayLike<number>[],
    out: Outputs | undefined,
  ): void {
    this.current = ticket;
    this.out = out;
    this.group.write(this.address, frames);
    this.group.scheduler.enter(this.group, this.group, ticket);
  }

  /** The step under way has been answered: the next one begins. */
  next(): void {
    this.current = undefined;
    this.out = undefined;
    while (this.later.length > 0) {
      const next = this.later.shift() as Later;
      if (next.ticket.answered) continue;
      this.begin(next.ticket, next.frames, next.out);
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
   * The state as plain numbers: for `setState` of any stream of this model, also of `model.createStream()`.
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

/** The frames of a step, one an input of the model. */
export function framesOf(where: string, inputs: readonly Slab[], frame: Frame): readonly ArrayLike<number>[] {
  const isList = inputs.length > 1;
  const frames = (isList ? frame : [frame]) as readonly ArrayLike<number>[];
  if (frames?.length !== inputs.length) {
    throw new ArgumentError(`${where}.step, frame`, `a list of ${inputs.length}`, show(frame));
  }
  for (let k = 0; k < inputs.length; k++) {
    const { size, dtype } = inputs[k] as Slab;
    const values = frames[k];
    const name = isList ? `frame[${k}]` : "frame";
    if (values?.length !== size) {
      throw new ArgumentError(`${where}.step, ${name}`, `${size} numbers`, values ? `${values.length}` : show(values));
    }
    if (dtype === "int32") checkIds(`${where}.step, ${name}`, values);
  }
  return frames;
}

function checkIds(where: string, values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++) {
    const id = values[at] as number;
    if ((id | 0) !== id) throw new ArgumentError(where, "whole numbers", String(id));
  }
}

/** The arrays that a step fills, one an output of the model. */
export function outsOf(where: string, outputs: readonly Slab[], out: StepResult): Outputs {
  const isList = outputs.length > 1;
  const outs = (isList ? out : [out]) as Outputs;
  for (let k = 0; k < outputs.length; k++) {
    const { size, dtype } = outputs[k] as Slab;
    const kind = dtype === "int32" ? Int32Array : Float32Array;
    const array = outs[k];
    if (array instanceof kind && array.length === size) continue;
    const name = isList ? `out[${k}]` : "out";
    throw new ArgumentError(`${where}.step, ${name}`, `${kind.name} of ${size}`, show(array));
  }
  return outs;
}
