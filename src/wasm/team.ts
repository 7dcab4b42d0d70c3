/** A thread as the leader of others: what it may ask them for while it runs a plan. */

import type { TeamKernels } from "./abi";
import type { Arena } from "./arena";
import { Choice } from "./choice";
import { now } from "./clock";
import { type Places, SLOT } from "./space";

/** Milliseconds that a helper may be late, and the part of the time that the leader took for a like piece of work. */
const PATIENCE = 0.05;
const PATIENT = 0.5;

/** How long helpers look for more work: so many times what a run takes, and so many milliseconds at most. */
const AWAKE = 3;
const LONGEST_AWAKE = 20;

/** Rows that a thread should have at least: the kernels multiply six at a time. */
const LEAST_ROWS = 8;
/** Multiplications that a thread should have at least: some ten microseconds, against two for an order. */
const LEAST_WORK = 1 << 18;

/** A descriptor, which may move. */
interface Place {
  readonly ptr: number;
}

/** A sequence. */
interface Work<H> {
  readonly batch: number;
  /** Multiplications a row. */
  readonly each: number;
  readonly gates: number;
  /** A descriptor of the rows from one to another. */
  part(from: number, until: number): H;
  /** Calls the kernel. */
  call(pass: H): void;
}

export class Team {
  /** For descriptors: who can be asked. The sequence kernels hire them timestep by timestep. */
  readonly roster: number;
  private readonly threads: number;
  /** False for a worker: its rows are a part already. */
  private readonly isCaller: boolean;
  private readonly slots: readonly number[];

  constructor(
    private readonly kernels: TeamKernels,
    private readonly arena: Arena,
    places: Places,
  ) {
    const { workers, own } = places.space;
    this.threads = workers;
    this.isCaller = own === workers;
    this.slots = Array.from({ length: workers }, (_, k) => places.slot(k));
    this.roster = arena.reserve(4 * (3 + workers)).ptr;
    arena.i32.set([workers, workers, own, ...this.slots.map((slot) => 4 * slot)], this.roster >> 2);
  }

  /** A function that runs a sequence with or without the others: one row by columns, many rows by parts. */
  running<H extends Place>(whole: H, { batch, each, gates, part, call }: Work<H>): () => void {
    const choose = this.choosing();
    const all = () => call(whole);
    if (batch === 1) {
      const alone = () => this.alone(all);
      if (each < 2 * LEAST_WORK) return alone;
      const together = () => this.helped(all);
      return () => choose(alone, together);
    }
    const count = Math.min(this.threads, Math.floor(batch / LEAST_ROWS), Math.floor((batch * each) / LEAST_WORK));
    if (count < 2 || !this.isCaller) return all;
    const first = (k: number) => Math.round((batch * k) / count);
    const [own, ...others] = Array.from({ length: count }, (_, k) => part(first(k), first(k + 1)));
    const together = () => this.beside(others, gates, () => call(own as H), call);
    return () => choose(all, together);
  }

  /**
   * A function that does one thing in one of two ways, see {@link Choice}. Helpers of the caller look for work from one
   * time to the next, but not after it was done alone: on busy cores they would hold up what is measured then. Those of
   * a worker do not: the caller wants a processor to take the result.
   */
  choosing(): (alone: () => void, together: () => boolean) => void {
    const choice = new Choice();
    return (alone, together) => {
      const start = now();
      const isTogether = choice.run(alone, together, now);
      if (!this.isCaller) return;
      const awake = isTogether ? Math.min(AWAKE * (now() - start), LONGEST_AWAKE) : 0;
      const { i32 } = this.arena;
      for (const slot of this.slots) i32[slot + SLOT.awake] = 1e3 * awake;
    };
  }

  /** Runs it, and tells whether anybody was asked for help. */
  private helped(run: () => void): boolean {
    const before = this.orders();
    run();
    return this.orders() !== before;
  }

  /** Counts what helpers have been asked for, modulo 2^32. */
  private orders(): number {
    const { i32 } = this.arena;
    let sum = 0;
    for (const slot of this.slots) sum = (sum + Atomics.load(i32, slot + SLOT.go)) | 0;
    return sum;
  }

  private alone(run: () => void): void {
    const { i32 } = this.arena;
    const at = this.roster >> 2;
    i32[at] = 1;
    try {
      run();
    } finally {
      i32[at] = this.threads;
    }
  }

  /**
   * Runs pieces of work of about the same size at once: the sequences of descriptors elsewhere, `here` here.
   * @param instead Called for each of them that nobody was there for, or not in time; its place is as it was before.
   * @returns whether anybody was there.
   */
  beside<H extends Place>(passes: readonly H[], gates: number, here: () => void, instead: (pass: H) => void): boolean {
    const { kernels } = this;
    const slots = passes.map(({ ptr }) => kernels.offer(ptr, gates));
    const start = now();
    here();
    const until = start + (1 + PATIENT) * (now() - start) + PATIENCE;
    for (let k = 0; k < slots.length; k++) {
      const pass = passes[k] as H;
      if (!this.collects(pass.ptr, slots[k] as number, until)) instead(pass);
    }
    return slots.some((slot) => slot !== 0);
  }

  private collects(pass: number, slot: number, until: number): boolean {
    if (slot === 0) return false;
    const { i32 } = this.arena;
    while (Atomics.load(i32, (slot >> 2) + SLOT.arrived) === 0 && now() < until);
    return this.kernels.collect(pass, slot) !== 0;
  }
}
