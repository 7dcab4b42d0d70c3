/** Many streams as the rows of one plan: gathered, run, and scattered back. */

import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { Block } from "../wasm/arena";

type Row = Float32Array | Int32Array;
/** An array an output of the model. */
export type Outputs = readonly Row[];
/** The outputs of one timestep: one array, or a list for a model with several outputs. */
export type StepResult = Row | Outputs;

/** A stream as its group's plan sees it. */
export interface Live {
  /** Where in memory its block begins, in bytes. */
  readonly address: number;
  /** Where its outputs are to go, unless to new arrays. */
  readonly out: StepResult | undefined;
}

/** The rows of an output, one a stream, as views that are good while memory and place are the same. */
interface Views {
  readonly memory: Float32Array | Int32Array;
  readonly ptr: number;
  readonly rows: Outputs;
}

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
  private readonly views: Views[] = [];

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
   * @param streams One a row of the plan.
   */
  step(streams: readonly Live[]): StepResult[] {
    const { plan, places } = this;
    const { kernels, arena } = plan.engine;
    const count = streams.length;
    plan.enter(plan.own);
    try {
      const { i32 } = arena;
      const at = places.ptr >> 2;
      for (let row = 0; row < count; row++) i32[at + row] = (streams[row] as Live).address;
      for (const { offset, rows, size } of this.states) kernels.gatherRows(places.ptr, offset, rows.ptr, count, size);
      for (const { offset, rows, size } of this.frames) kernels.gatherRows(places.ptr, offset, rows.ptr, count, size);
      plan.run();
      for (const { offset, rows, size } of this.states) kernels.scatterRows(places.ptr, offset, rows.ptr, count, size);
      return this.results(streams);
    } finally {
      plan.leave();
    }
  }

  /** What each stream gets: an array, or a list for a model with several outputs. */
  private results(streams: readonly Live[]): StepResult[] {
    const all = this.plan.outputs.map((_, k) => this.rowsOfOutput(k, streams.length));
    const [first = []] = all;
    if (all.length === 1) return streams.map(({ out }, row) => copied(first[row] as Row, out as Row | undefined));
    return streams.map(({ out }, row) => all.map((rows, k) => copied(rows[row] as Row, (out as Outputs)?.[k])));
  }

  private rowsOfOutput(k: number, count: number): Outputs {
    const { ptr, size, dtype } = this.plan.outputs[k] as Slab;
    const { arena } = this.plan.engine;
    const memory = dtype === "int32" ? arena.i32 : arena.f32;
    const known = this.views[k];
    if (known?.memory === memory && known.ptr === ptr) return known.rows;
    const width = size / count;
    const rows = Array.from({ length: count }, (_, row) =>
      memory.subarray((ptr >> 2) + row * width, (ptr >> 2) + (row + 1) * width),
    );
    this.views[k] = { memory, ptr, rows };
    return rows;
  }
}

function copied(view: Row, out: Row | undefined): Row {
  if (!out) return view.slice();
  out.set(view);
  return out;
}
