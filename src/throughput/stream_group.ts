/** All live streams of a batcher: their memory, and their steps as one batch. */

import { ArgumentError, StateError } from "../errors";
import { statesOf } from "../models/frame";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { checkOptions } from "../options";
import type { Block } from "../wasm/arena";
import type { Engine } from "../wasm/engine";
import type { BatchStream, StepAllOptions } from "./batch_stream";
import type { Kind } from "./bucket";
import { checkFrames, checkOuts, type Frame } from "./frames";
import { Rows, type StepResult } from "./rows";
import type { Scheduler } from "./scheduler";
import { Ticket } from "./ticket";

export class StreamGroup implements Kind<BatchStream, StepResult> {
  readonly where: string;
  private readonly engine: Engine;
  private readonly inputs: readonly Slab[];
  private readonly outputs: readonly Slab[];
  private readonly stateSize: number;
  private readonly frameSize: number;
  private readonly rows = new WeakMap<Plan, Rows>();
  private readonly count = { open: 0 };

  /**
   * @param planOf The plan of one timestep of so many streams.
   * @throws {UnsupportedError} naming the layer that needs timesteps that have not come yet.
   */
  constructor(
    name: string,
    private readonly planOf: (batch: number) => Plan,
    readonly scheduler: Scheduler,
  ) {
    this.where = `${name}, stream`;
    const plan = planOf(1);
    this.engine = plan.engine;
    this.inputs = plan.inputs;
    this.outputs = plan.outputs;
    ({ stateSize: this.stateSize, frameSize: this.frameSize } = new Rows(plan, 1));
  }

  /** Memory for a stream, freed with it. */
  open(stream: BatchStream): Block {
    const { arena } = this.engine;
    const { count } = this;
    const { ptr, bytes, free } = arena.reserve(4 * (this.stateSize + this.frameSize));
    let isOpen = true;
    const block = {
      ptr,
      bytes,
      free() {
        if (isOpen) count.open--;
        isOpen = false;
        free();
      },
    };
    arena.freeWith(stream, block);
    count.open++;
    return block;
  }

  /** @throws {ArgumentError} when a step cannot take them. */
  check(frame: Frame, out: StepResult | undefined): void {
    checkFrames(this.where, this.inputs, frame);
    if (out) checkOuts(this.where, this.outputs, out);
  }

  /** One timestep of each of several streams, all or none of them let in. */
  stepAll(streams: readonly BatchStream[], frames: readonly Frame[], options: StepAllOptions): Promise<StepResult[]> {
    return new Promise((resolve, reject) => {
      const { length } = streams;
      checkOptions(options, this.where, "stepAll");
      const { out } = options;
      if (frames.length !== length) this.refuse("frames", `${length} of them`, `${frames.length}`);
      if (out && out.length !== length) this.refuse("out", `${length} of them`, `${out.length}`);
      const stray = streams.findIndex((stream) => stream.group !== this || stream.isDisposed);
      if (stray >= 0) this.refuse(`streams[${stray}]`, "a stream of this batcher in use", "another");
      for (let k = 0; k < length; k++) this.check(frames[k] as Frame, out?.[k]);
      const results = new Array<StepResult>(length);
      if (length === 0) resolve(results);
      const arrived = this.scheduler.admit(length, options);
      let missing = length;
      const waiter = {
        resolve(result: StepResult, place: number) {
          results[place] = result;
          if (--missing === 0) resolve(results);
        },
        reject,
      };
      for (let k = 0; k < length; k++) {
        const stream = streams[k] as BatchStream;
        stream.take(new Ticket(stream, arrived, waiter, k), frames[k] as Frame, out?.[k], options);
      }
    });
  }

  private refuse(what: string, expected: string, got: string): never {
    throw new ArgumentError(`${this.where}.stepAll, ${what}`, expected, got);
  }

  /** Puts the frame beside the states of the stream at an address. */
  write(ptr: number, frame: Frame): void {
    const { arena } = this.engine;
    const { inputs } = this;
    let to = (ptr >> 2) + this.stateSize;
    for (let k = 0; k < inputs.length; k++) {
      const { dtype, size } = inputs[k] as Slab;
      const values = (inputs.length === 1 ? frame : frame[k]) as ArrayLike<number>;
      (dtype === "int32" ? arena.i32 : arena.f32).set(values, to);
      to += size;
    }
  }

  run(streams: readonly BatchStream[]): readonly StepResult[] {
    return this.rowsOf(streams.length).step(streams);
  }

  complete(waiting: number): boolean {
    return waiting >= this.count.open;
  }

  after(stream: BatchStream): void {
    stream.next();
  }

  clear(ptr: number): void {
    this.engine.arena.f32.fill(0, ptr >> 2, (ptr >> 2) + this.stateSize);
  }

  copy(ptr: number): Float32Array {
    return this.engine.arena.f32.slice(ptr >> 2, (ptr >> 2) + this.stateSize);
  }

  paste(ptr: number, snapshot: Float32Array | Uint8Array): void {
    this.engine.arena.f32.set(statesOf(this.where, snapshot, this.stateSize), ptr >> 2);
  }

  /** The plan for so many streams. */
  private rowsOf(batch: number): Rows {
    const plan = this.planOf(batch);
    const known = this.rows.get(plan);
    if (known) return known;
    const rows = new Rows(plan, batch);
    if (plan.engine !== this.engine || rows.stateSize !== this.stateSize || rows.frameSize !== this.frameSize) {
      throw new StateError(this.where, "the model and the kernels that it was opened with", "others");
    }
    this.rows.set(plan, rows);
    return rows;
  }
}
