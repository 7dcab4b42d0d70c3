/** All live streams of a batcher: their memory, and their steps as one batch. */

import { ArgumentError, StateError } from "../errors";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { Block } from "../wasm/arena";
import type { Engine } from "../wasm/engine";
import { type BatchStream, type Frame, framesOf, outsOf, type StepAllOptions } from "./batch_stream";
import type { Kind } from "./bucket";
import { type Outputs, Rows, type StepResult } from "./rows";
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

  checked(frame: Frame): readonly ArrayLike<number>[] {
    return framesOf(this.where, this.inputs, frame);
  }

  checkedOut(out: StepResult): Outputs {
    return outsOf(this.where, this.outputs, out);
  }

  /** One timestep of each of several streams, all or none of them let in. */
  stepAll(streams: readonly BatchStream[], frames: readonly Frame[], options: StepAllOptions): Promise<StepResult[]> {
    return new Promise((resolve, reject) => {
      const { length } = streams;
      const { out } = options;
      if (frames.length !== length) this.refuse("frames", `${length} of them`, `${frames.length}`);
      if (out && out.length !== length) this.refuse("out", `${length} of them`, `${out.length}`);
      const stray = streams.findIndex((stream) => stream.group !== this || stream.isDisposed);
      if (stray >= 0) this.refuse(`streams[${stray}]`, "a stream of this batcher in use", "another");
      const checked = frames.map((frame) => this.checked(frame));
      const outs = out ? out.map((one) => this.checkedOut(one)) : undefined;
      const results = new Array<StepResult>(length);
      if (length === 0) resolve(results);
      const arrived = this.scheduler.admit(length, options);
      let missing = length;
      for (let k = 0; k < length; k++) {
        const stream = streams[k] as BatchStream;
        const done = (result: StepResult) => {
          results[k] = result;
          if (--missing === 0) resolve(results);
        };
        stream.take(new Ticket(stream, arrived, done, reject), checked[k] as Outputs, outs?.[k], options);
      }
    });
  }

  private refuse(what: string, expected: string, got: string): never {
    throw new ArgumentError(`${this.where}.stepAll, ${what}`, expected, got);
  }

  /** Puts the frame beside the states of the stream at an address. */
  write(ptr: number, frames: readonly ArrayLike<number>[]): void {
    const { arena } = this.engine;
    let to = (ptr >> 2) + this.stateSize;
    for (let k = 0; k < frames.length; k++) {
      const { dtype, size } = this.inputs[k] as Slab;
      (dtype === "int32" ? arena.i32 : arena.f32).set(frames[k] as ArrayLike<number>, to);
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
    const copy = snapshot.slice().buffer as ArrayBuffer;
    if (copy.byteLength !== 4 * this.stateSize) {
      const wanted = `a snapshot of ${4 * this.stateSize} bytes`;
      throw new ArgumentError(`${this.where}.setState`, wanted, `${copy.byteLength}`);
    }
    this.engine.arena.f32.set(new Float32Array(copy), ptr >> 2);
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
