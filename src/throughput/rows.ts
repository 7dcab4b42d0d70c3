/** Many streams as the rows of one plan: gathered, run, and scattered back. */

import type { Plan } from "../ops/plan";
import type { Block } from "../wasm/arena";

/** What a step gives: an array an output. */
export type Outputs = readonly (Float32Array | Int32Array)[];

/** A part of what is kept for a stream, and its place in the plan's memory; in elements. */
interface Column {
  /** From the start of what is kept. */
  readonly offset: number;
  readonly size: number;
  /** The first row's place in the plan; a slab tells its own while it runs. */
  readonly rows: { readonly ptr: number };
}

/**
 * A stream keeps, in one block, its states in the order of a snapshot and then the frame that it is to take:
 * `stateSize` and `frameSize` elements.
 */
export class Rows {
  readonly stateSize: number;
  readonly frameSize: number;
  private readonly states: Column[] = [];
  private readonly frames: Column[] = [];
  /** Addresses of the blocks of the streams of one run. */
  private readonly places: Block;

  constructor(
    readonly plan: Plan,
    batch: number,
  ) {
    plan.residents.eachState(plan.own, (at, from, size) => {
      this.states.push({ offset: from / batch, size: size / batch, rows: { ptr: 4 * at } });
    });
    this.stateSize = plan.residents.stateSize / batch;
    let offset = this.stateSize;
    for (const slab of plan.inputs) {
      const size = slab.size / batch;
      this.frames.push({ offset, size, rows: slab });
      offset += size;
    }
    this.frameSize = offset - this.stateSize;
    const { arena } = plan.engine;
    this.places = arena.reserve(4 * batch);
    arena.freeWith(this, this.places);
  }

  /**
   * One timestep of all streams. States are changed when all has succeeded.
   *
   * @param streams Where in memory each stream's block begins, in bytes; one a row of the plan.
   */
  step(streams: readonly number[]): Outputs[] {
    const { plan, places } = this;
    const { kernels, arena } = plan.engine;
    const count = streams.length;
    plan.enter(plan.own);
    try {
      arena.i32.set(streams, places.ptr >> 2);
      for (const { offset, rows, size } of this.states) kernels.gatherRows(places.ptr, offset, rows.ptr, count, size);
      for (const { offset, rows, size } of this.frames) kernels.gatherRows(places.ptr, offset, rows.ptr, count, size);
      plan.run();
      for (const { offset, rows, size } of this.states) kernels.scatterRows(places.ptr, offset, rows.ptr, count, size);
      return this.outputs(count);
    } finally {
      plan.leave();
    }
  }

  /** The outputs of each row, in arrays of the caller's own. */
  private outputs(count: number): Outputs[] {
    const { arena } = this.plan.engine;
    const all: (Float32Array | Int32Array)[][] = Array.from({ length: count }, () => []);
    for (const { ptr, size, dtype } of this.plan.outputs) {
      const memory = dtype === "int32" ? arena.i32 : arena.f32;
      const width = size / count;
      for (let row = 0, at = ptr >> 2; row < count; row++, at += width) all[row]?.push(memory.slice(at, at + width));
    }
    return all;
  }
}
