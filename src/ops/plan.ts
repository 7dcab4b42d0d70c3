/** A list of kernel calls for one set of input shapes, with the memory that they need. */

import { type DType, sizeOf, type Tensor, type TensorData } from "../tensor";
import type { Engine, Packed, Versioned } from "../wasm/engine";
import { PackedUses } from "./packed_uses";
import { type Lifetime, place } from "./placement";
import { readSlab } from "./read_slab";
import { type Instance, Residents } from "./residents";
import { type Home, Slab } from "./slab";
import type { Step } from "./step";

/**
 * Built once, run often. Slabs live in scratch memory that all plans of an engine share; the places are chosen from
 * the steps that use each slab. Descriptors and states live in a block of an instance's own.
 *
 * Order of life: `input`, `slab`, `step` … while layers plan themselves, then `seal`, then `execute` any number of
 * times. Nothing is checked while it runs: shapes were checked when it was made.
 */
export class Plan {
  readonly inputs: Slab[] = [];
  private results: readonly Slab[] = [];
  private readonly lifetimes = new Map<Home, Lifetime>();
  private readonly steps: Step[] = [];
  /** Counts the steps appended so far, those of a repeated body too: lifetimes are told by it. */
  private clock = 0;
  private readonly lastSteps: (() => void)[] = [];
  private readonly uses: PackedUses;
  /** What instances keep: descriptors and states. */
  readonly residents: Residents;
  private scratchBytes = 0;
  private base = -1;
  /** The memory of the plan itself. */
  own!: Instance;

  /** @param remembers Whether what comes {@link Plan.afterwards} is done: a plan that only looks changes nothing. */
  constructor(
    readonly engine: Engine,
    private readonly remembers = true,
  ) {
    this.residents = new Residents(engine);
    this.uses = new PackedUses(engine);
  }

  /** A slab that `execute` fills from what it is given. */
  input(shape: readonly number[], dtype: DType): Slab {
    const slab = this.slab(shape, dtype);
    this.inputs.push(slab);
    return slab;
  }

  /** A slab that lasts from the first step that uses it to the last. Its contents are undefined at first. */
  slab(shape: readonly number[], dtype: DType = "float32"): Slab {
    const home = { ptr: 0 };
    const from = this.clock;
    this.lifetimes.set(home, { home, bytes: 4 * sizeOf(shape), from, to: from });
    return new Slab(shape, dtype, home);
  }

  /** A slab that keeps its contents from run to run, each instance its own; zeros at first. */
  state(shape: readonly number[]): Slab {
    return this.residents.state(shape);
  }

  /** Appends a kernel call; `slabs` are all that it reads or writes. */
  step(slabs: readonly (Slab | undefined)[], run: Step): void {
    for (const slab of slabs) {
      const lifetime = slab && this.lifetimes.get(slab.home);
      if (lifetime) lifetime.to = Math.max(lifetime.to, this.clock);
    }
    this.steps.push(run);
    this.clock++;
  }

  /** Tells, when the plan runs, whether a step after the last one so far, or the caller, reads a slab. */
  readLater({ home }: Slab): () => boolean {
    const lifetime = this.lifetimes.get(home) as Lifetime;
    const { to } = lifetime;
    return () => lifetime.to > to;
  }

  /**
   * Has the steps that `body` appends run `count` times; `turn` is called with the number before each. Slabs made
   * before carry their contents from turn to turn, those made by `body` do not.
   */
  repeat(count: number, turn: (k: number) => void, body: () => void): void {
    const steps = this.taken(body);
    this.steps.push(() => {
      for (let k = 0; k < count; k++) {
        turn(k);
        for (let at = 0; at < steps.length; at++) (steps[at] as Step)();
      }
    });
  }

  /**
   * Has the steps of two bodies run at once where another thread can help: neither needs what the other makes.
   * @param run Given the steps of both, runs all of them.
   */
  fork(first: () => void, second: () => void, run: (first: readonly Step[], second: readonly Step[]) => void): void {
    const known = new Set(this.lifetimes.values());
    const start = this.clock;
    let steps: readonly Step[][] = [];
    this.taken(() => {
      steps = [this.taken(first), this.taken(second)];
    });
    for (const lifetime of this.lifetimes.values()) {
      if (!known.has(lifetime)) [lifetime.from, lifetime.to] = [start, Math.max(lifetime.to, this.clock)];
    }
    this.steps.push(() => run(steps[0] as Step[], steps[1] as Step[]));
  }

  /** The steps that a body appends, taken out again. What was made before and is used by it lasts until its end. */
  private taken(body: () => void): Step[] {
    const [first, start] = [this.steps.length, this.clock];
    const before = new Set(this.lifetimes.values());
    body();
    for (const lifetime of before) if (lifetime.to >= start) lifetime.to = Math.max(lifetime.to, this.clock);
    return this.steps.splice(first);
  }

  /** Has `run` called after all steps have succeeded, with what `slabs` then hold: how states are kept. */
  afterwards(slabs: readonly Slab[], run: () => void): void {
    if (!this.remembers) return;
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
   * Weights as kernels want them. `fill` writes them at an address; it is called again after the version changed, that
   * of the owner unless they are made of more than its weights.
   */
  packed(
    owner: Versioned & object,
    key: string,
    floats: number,
    fill: (ptr: number) => void,
    source: Versioned = owner,
  ): Packed {
    return this.uses.add(owner, key, 4 * floats, fill, source);
  }

  /** Numbers that are the same for every run, as a slab. */
  constant(owner: Versioned & object, key: string, shape: readonly number[], values: () => ArrayLike<number>): Slab {
    const fill = (ptr: number) => this.engine.arena.f32.set(values(), ptr >> 2);
    return new Slab(shape, "float32", this.packed(owner, key, sizeOf(shape), fill));
  }

  /** A kernel's descriptor; `words` is called whenever the addresses have changed. */
  descriptor(words: () => readonly number[]): Home {
    return this.residents.descriptor(words);
  }

  /** Ends the planning: chooses the places of all slabs. */
  seal(results: readonly Slab[]): this {
    this.results = results;
    for (const slab of this.inputs) (this.lifetimes.get(slab.home) as Lifetime).from = -1;
    this.keep(results);
    this.scratchBytes = place([...this.lifetimes.values()]);
    this.own = this.residents.instance(this);
    return this;
  }

  /** Bytes of scratch memory that a run takes. */
  get bytes(): number {
    return this.scratchBytes;
  }

  /** The slabs that `execute` reads out. */
  get outputs(): readonly Slab[] {
    return this.results;
  }

  /** Gives its memory back; it is not run again. */
  free(): void {
    this.residents.free(this.own);
  }

  /** Memory for one more user of this plan, freed with `owner`. */
  instance(owner: object): Instance {
    return this.residents.instance(owner);
  }

  /**
   * Copies the inputs in, runs, and copies the outputs out.
   * @param inputs One array an input, with as many elements as its slab; `out`: the same for the outputs, or new ones.
   * @param read How a slab becomes a tensor.
   */
  execute(inputs: readonly TensorData[], out?: readonly TensorData[], read = readSlab): Tensor[] {
    this.enter(this.own);
    try {
      for (let k = 0; k < inputs.length; k++) this.write(this.inputs[k] as Slab, inputs[k] as TensorData);
      this.run();
      return this.results.map((slab, k) => read(this.engine, slab, out?.[k]));
    } finally {
      this.leave();
    }
  }

  /** Takes scratch memory and makes all addresses right for an instance; `leave` must follow. */
  enter(instance: Instance): void {
    const base = this.engine.scratch.enter(this.scratchBytes);
    try {
      this.bind(base, instance);
    } catch (e) {
      this.leave();
      throw e;
    }
  }

  leave(): void {
    this.engine.scratch.leave();
  }

  /** Fills a slab. */
  write(slab: Slab, data: TensorData): void {
    const { arena } = this.engine;
    (slab.dtype === "int32" ? arena.i32 : arena.f32).set(data, slab.ptr >> 2);
  }

  /** Copies a slab out. */
  read(slab: Slab, to: Float32Array | Int32Array): void {
    const { arena } = this.engine;
    to.set(slab.within(slab.dtype === "int32" ? arena.i32 : arena.f32));
  }

  /** All kernel calls; between `enter` and `leave`. */
  run(): void {
    const { steps, lastSteps } = this;
    for (let k = 0; k < steps.length; k++) (steps[k] as () => void)();
    for (let k = 0; k < lastSteps.length; k++) (lastSteps[k] as () => void)();
  }

  private bind(base: number, instance: Instance): void {
    this.uses.refresh();
    if (base !== this.base) {
      for (const { home, offset } of this.lifetimes.values()) home.ptr = base + (offset as number);
      this.base = base;
    }
    this.residents.attach(instance, base, this.uses.epoch);
  }
}
