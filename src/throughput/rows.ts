/** Many streams as the rows of one plan: gathered, run, and scattered back. */

import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { sizeOf } from "../tensor";

/** What a step gives: an array an output. */
export type Outputs = readonly (Float32Array | Int32Array)[];

/** A part of what is kept for a stream, and its place in the plan's memory; in elements. */
interface Column {
  /** From the start of what is kept. */
  readonly offset: number;
  readonly size: number;
  /** The first row's address in the plan; slabs tell theirs while it runs. */
  readonly at: number | Slab;
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

  constructor(
    readonly plan: Plan,
    batch: number,
  ) {
    plan.residents.eachState(plan.own, (at, from, size) => {
      this.states.push({ offset: from / batch, size: size / batch, at });
    });
    this.stateSize = plan.residents.stateSize / batch;
    let offset = this.stateSize;
    for (const slab of plan.inputs) {
      const size = slab.size / batch;
      this.frames.push({ offset, size, at: slab });
      offset += size;
    }
    this.frameSize = offset - this.stateSize;
  }

  /**
   * One timestep of all streams. States are changed when all has succeeded.
   *
   * @param kept Where in memory each stream's block begins, in elements; one a row of the plan.
   */
  step(kept: readonly number[]): Outputs[] {
    const { plan } = this;
    plan.enter(plan.own);
    try {
      for (const column of this.states) this.move(column, kept, true);
      for (const column of this.frames) this.move(column, kept, true);
      plan.run();
      for (const column of this.states) this.move(column, kept, false);
      return kept.map((_, row) => plan.outputs.map((slab) => this.read(slab, row)));
    } finally {
      plan.leave();
    }
  }

  private move({ offset, size, at }: Column, kept: readonly number[], gather: boolean): void {
    const { f32 } = this.plan.engine.arena;
    let row = typeof at === "number" ? at : at.ptr >> 2;
    for (let k = 0; k < kept.length; k++, row += size) {
      const own = (kept[k] as number) + offset;
      if (gather) f32.copyWithin(row, own, own + size);
      else f32.copyWithin(own, row, row + size);
    }
  }

  private read(slab: Slab, row: number): Float32Array | Int32Array {
    const { f32, i32 } = this.plan.engine.arena;
    const size = sizeOf(slab.shape.slice(1));
    const at = (slab.ptr >> 2) + row * size;
    return (slab.dtype === "int32" ? i32 : f32).slice(at, at + size);
  }
}
