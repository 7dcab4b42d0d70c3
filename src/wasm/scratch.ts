/** Memory that lasts for one run, shared by all plans of an engine. */

import type { Arena, Block } from "./arena";

/**
 * One block a nesting level: a user's own cell runs eager operations while the plan around it is running, and must
 * not write over it. A level grows when a larger plan comes and never shrinks.
 */
export class Scratch {
  private readonly levels: (Block | undefined)[] = [];
  private depth = 0;

  constructor(private readonly arena: Arena) {}

  /** Enters a level of at least `bytes` and returns its address; `leave` must follow. */
  enter(bytes: number): number {
    let block = this.levels[this.depth];
    if (!block || block.bytes < bytes) {
      block?.free();
      this.levels[this.depth] = undefined;
      block = this.arena.reserve(bytes);
      this.levels[this.depth] = block;
    }
    this.depth++;
    return block.ptr;
  }

  leave(): void {
    this.depth--;
  }
}
