/** Places in scratch memory for slabs that do not all live at the same time. */

import type { Home } from "./slab";

/** A slab's life in steps, both ends included. */
export interface Lifetime {
  readonly home: Home;
  readonly bytes: number;
  from: number;
  to: number;
  /** Where it lies, in bytes from the start of the scratch memory; chosen by {@link place}. */
  offset?: number;
}

const ALIGN = 64;

/**
 * Gives each slab the lowest place that no slab alive at the same time overlaps (first fit, in order of birth).
 * @returns the bytes that all of it takes.
 */
export function place(lifetimes: Lifetime[]): number {
  let bytes = 0;
  let alive: Lifetime[] = [];
  for (const slab of [...lifetimes].sort((a, b) => a.from - b.from)) {
    alive = alive.filter((other) => other.to >= slab.from);
    let offset = 0;
    for (const other of alive) {
      if (offset + slab.bytes <= (other.offset as number)) break;
      offset = Math.max(offset, endOf(other));
    }
    slab.offset = offset;
    alive.push(slab);
    alive.sort((a, b) => (a.offset as number) - (b.offset as number));
    bytes = Math.max(bytes, endOf(slab));
  }
  return bytes;
}

function endOf(slab: Lifetime): number {
  return Math.ceil(((slab.offset as number) + slab.bytes) / ALIGN) * ALIGN;
}
