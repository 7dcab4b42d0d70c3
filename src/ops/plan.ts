/** A list of kernel calls for one set of input shapes, with the memory that they need. */

import { type DType, Tensor, type TensorData, sizeOf } from "../tensor";
import type { Engine, Packed, Versioned } from "../wasm/engine";
import { type Lifetime, place } from "./placement";
import { type Home, Slab } from "./slab";

interface Use {
  readonly owner: Versioned;
  readonly packed: Packed;
  readonly fill: (ptr: number) => void;
  /** Where the packed copy lay when this plan was bound. */
  ptr: number;
}

/**
 * Built once, run often. Slabs live in scratch memory that all plans of an engine share; the places are chosen from
 * the steps that use each slab. Descriptors live in a block of the plan's own.
 *
 * Order of life: `input`, `slab`, `step` … while layers plan themselves, then `seal`, then `execute` any number of
 * times. Nothing is checked while it runs: shapes were checked when it was made.
 */
export class Plan {
  readonly inputs: Slab[] = [];
  private outputs: readonly Slab[] = [];
  private readonly lifetimes = new Map<Home, Lifetime>();
  private readonly steps: (() => void)[] = [];
  private readonly lastSteps: (() => void)[] = [];
  private readonly uses: Use[] = [];
  private readonly descriptors: { home: Home; words: () => readonly number[] }[] = [];
  private scratchBytes = 0;
  private base = -1;

  constructor(readonly engine: Engine) {}

  /** A slab that `execute` fills from what it is given. */
  input(shape: readonly number[], dtype: DType): Slab {
    const slab = this.slab(shape, dtype);
    this.inputs.push(slab);
    return slab;
  }

  /** A slab that lasts from the first step that uses it to the last. Its contents are undefined at first. */
  slab(shape: readonly number[], dtype: DType = "float32"): Slab {
    const home = { ptr: 0 };
    const from = this.steps.length;
    this.lifetimes.set(home, { home, bytes: 4 * sizeOf(shape), from, to: from });
    return new Slab(shape, dtype, home);
  }

  /** Appends a kernel call; `slabs` are all that it reads or writes. */
  step(slabs: readonly (Slab | undefined)[], run: () => void): void {
    for (const slab of slabs) {
      const lifetime = slab && this.lifetimes.get(slab.home);
      if (lifetime) lifetime.to = Math.max(lifetime.to, this.steps.length);
    }
    this.steps.push(run);
  }

  /** Has `run` called after all steps have succeeded, with what `slabs` then hold: how states are kept. */
  afterwards(slabs: readonly Slab[], run: () => void): void {
    this.keep(slabs);
    this.lastSteps.push(run);
  }

  /** Lets slabs live to the end of the run. */
  private keep(slabs: readonly Slab[]): void {
    for (const { home } of slabs) {
      const lifetime = this.lifetimes.get(home);
      if (lifetime) lifetime.to = Number.POSITIVE_INFINITY;
    }
  }

  /**
   * Weights as kernels want them. `fill` writes them at an address; it is called again after the owner's version
   * changed.
   */
  packed(owner: Versioned & object, key: string, floats: number, fill: (ptr: number) => void): Packed {
    const packed = this.engine.packedFor(owner, key, 4 * floats);
    this.uses.push({ owner, packed, fill, ptr: -1 });
    return packed;
  }

  /** Numbers that are the same for every run, as a slab. */
  constant(owner: Versioned & object, key: string, shape: readonly number[], values: () => ArrayLike<number>): Slab {
    const fill = (ptr: number) => this.engine.arena.f32.set(values(), ptr >> 2);
    return new Slab(shape, "float32", this.packed(owner, key, sizeOf(shape), fill));
  }

  /** A kernel's descriptor; `words` is called whenever the addresses have changed. */
  descriptor(words: () => readonly number[]): Home {
    const home = { ptr: 0 };
    this.descriptors.push({ home, words });
    return home;
  }

  /** Ends the planning: chooses the places of all slabs. */
  seal(outputs: readonly Slab[]): this {
    this.outputs = outputs;
    for (const slab of this.inputs) (this.lifetimes.get(slab.home) as Lifetime).from = -1;
    this.keep(outputs);
    this.scratchBytes = place([...this.lifetimes.values()]);
    const words = this.descriptors.map((d) => d.words().length);
    if (words.length > 0) {
      const block = this.engine.arena.reserve(4 * words.reduce((a, b) => a + b, 0));
      this.engine.arena.freeWith(this, block);
      let ptr = block.ptr;
      this.descriptors.forEach((d, k) => {
        d.home.ptr = ptr;
        ptr += 4 * (words[k] as number);
      });
    }
    return this;
  }

  /** Bytes of scratch memory that a run takes. */
  get bytes(): number {
    return this.scratchBytes;
  }

  /**
   * Copies the inputs in, runs, and copies the outputs out.
   * @param inputs One array an input, with as many elements as its slab.
   */
  execute(inputs: readonly TensorData[]): Tensor[] {
    const { arena, scratch } = this.engine;
    const base = scratch.enter(this.scratchBytes);
    try {
      this.bind(base);
      this.inputs.forEach((slab, k) => {
        const to = slab.dtype === "int32" ? arena.i32 : arena.f32;
        to.set(inputs[k] as TensorData, slab.ptr >> 2);
      });
      for (const run of this.steps) run();
      for (const run of this.lastSteps) run();
      return this.outputs.map((slab) => readSlab(this.engine, slab));
    } finally {
      scratch.leave();
    }
  }

  private bind(base: number): void {
    let moved = base !== this.base;
    for (const use of this.uses) {
      const { owner, packed } = use;
      if (packed.version !== owner.version) {
        this.engine.ensure(packed);
        use.fill(packed.ptr);
        packed.version = owner.version;
      }
      if (packed.ptr === use.ptr) continue;
      use.ptr = packed.ptr;
      moved = true;
    }
    if (!moved) return;
    for (const { home, offset } of this.lifetimes.values()) home.ptr = base + (offset as number);
    const words = this.engine.arena.i32;
    for (const d of this.descriptors) words.set(d.words(), d.home.ptr >> 2);
    this.base = base;
  }
}

/** A slab's contents as a tensor of the caller's own. */
export function readSlab(engine: Engine, slab: Slab): Tensor {
  const at = slab.ptr >> 2;
  const { f32, i32 } = engine.arena;
  if (slab.dtype === "int32") return new Tensor(slab.shape, "int32", i32.slice(at, at + slab.size));
  const values = f32.subarray(at, at + slab.size);
  return new Tensor(slab.shape, slab.dtype, slab.dtype === "bool" ? Uint8Array.from(values) : values.slice());
}

/** The bits of a float32, for descriptors. */
export function floatBits(value: number): number {
  FLOAT[0] = value;
  return BITS[0] as number;
}
const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);
