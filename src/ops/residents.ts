/** What a plan keeps in WebAssembly memory from run to run: descriptors and states. */

import type { Block } from "../wasm/arena";
import type { Engine } from "../wasm/engine";
import { type Home, Slab } from "./slab";

interface Resident {
  readonly home: Home;
  readonly bytes: number;
  /** Descriptors have words, states have none. */
  readonly words?: () => readonly number[];
}

/** The memory of one user of a plan. The plan itself has one; streams that share a plan have one each. */
export interface Instance {
  readonly block: Block | undefined;
  /** The scratch address, and the count of moved weights, for which the descriptors were written. */
  base: number;
  epoch: number;
}

export class Residents {
  private readonly all: Resident[] = [];
  /** A step may refuse what it is given when others have changed states already. */
  atRisk = false;
  private attached: Instance | undefined;
  /** Where a copy of an instance's states stands while a run may fail. */
  private spare: Block | undefined;

  constructor(private readonly engine: Engine) {}

  /** A slab that keeps its contents; zeros at first. */
  state(shape: readonly number[]): Slab {
    const home = { ptr: 0 };
    const slab = new Slab(shape, "float32", home);
    this.all.push({ home, bytes: 4 * slab.size });
    return slab;
  }

  descriptor(words: () => readonly number[]): Home {
    const home = { ptr: 0 };
    this.all.push({ home, bytes: 4 * words().length, words });
    return home;
  }

  /** Elements of all states. */
  get stateSize(): number {
    return this.all.reduce((sum, { bytes, words }) => sum + (words ? 0 : bytes / 4), 0);
  }

  clearStates(instance: Instance): void {
    const { f32 } = this.engine.arena;
    this.eachState(instance, (at, _, size) => f32.fill(0, at, at + size));
  }

  /** Where they are at risk, copies the states of an instance, for {@link putBack}, without garbage. */
  putAside({ block }: Instance): void {
    if (!block || !this.atRisk) return;
    this.spare ??= this.reserved(this, block.bytes);
    this.move(block, this.spare);
  }

  /** Makes the states at risk what they were before. */
  putBack({ block }: Instance): void {
    if (block && this.spare) this.move(this.spare, block);
  }

  /** Gives the memory of the plan itself back. */
  free(own: Instance): void {
    own.block?.free();
    this.spare?.free();
    this.spare = undefined;
  }

  private move(from: Block, to: Block): void {
    this.engine.arena.f32.copyWithin(to.ptr >> 2, from.ptr >> 2, (from.ptr + from.bytes) >> 2);
  }

  /** The states one after another. */
  copyStates(instance: Instance): Float32Array {
    const { f32 } = this.engine.arena;
    const copy = new Float32Array(this.stateSize);
    this.eachState(instance, (at, from, size) => copy.set(f32.subarray(at, at + size), from));
    return copy;
  }

  pasteStates(instance: Instance, copy: Float32Array): void {
    const { f32 } = this.engine.arena;
    this.eachState(instance, (at, from, size) => f32.set(copy.subarray(from, from + size), at));
  }

  /** Calls `visit` with each state's place: its first element in memory, its first in a snapshot, its size. */
  eachState(instance: Instance, visit: (at: number, from: number, size: number) => void): void {
    let ptr = instance.block?.ptr ?? 0;
    let from = 0;
    for (const { bytes, words } of this.all) {
      if (!words) {
        visit(ptr >> 2, from, bytes / 4);
        from += bytes / 4;
      }
      ptr += aligned(bytes);
    }
  }

  /** A block for all of it, freed with `owner`. */
  instance(owner: object): Instance {
    const bytes = this.all.reduce((sum, resident) => sum + aligned(resident.bytes), 0);
    if (bytes === 0) return { block: undefined, base: -1, epoch: -1 };
    return { block: this.reserved(owner, bytes), base: -1, epoch: -1 };
  }

  private reserved(owner: object, bytes: number): Block {
    const { arena } = this.engine;
    const block = arena.reserve(bytes);
    arena.freeWith(owner, block);
    return block;
  }

  /** Makes the addresses those of an instance, and writes its descriptors where they are out of date. */
  attach(instance: Instance, base: number, epoch: number): void {
    if (instance !== this.attached) {
      let ptr = instance.block?.ptr ?? 0;
      for (const { home, bytes } of this.all) {
        home.ptr = ptr;
        ptr += aligned(bytes);
      }
      this.attached = instance;
    }
    if (instance.base === base && instance.epoch === epoch) return;
    for (const { home, words } of this.all) if (words) this.engine.arena.i32.set(words(), home.ptr >> 2);
    instance.base = base;
    instance.epoch = epoch;
  }
}

/** Every state starts on a cache line. */
function aligned(bytes: number): number {
  return (bytes + 63) & ~63;
}
