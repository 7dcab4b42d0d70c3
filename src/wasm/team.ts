/** A thread as the leader of others: what it may ask them for while it runs a plan. */

import type { TeamKernels } from "./abi";
import type { Arena } from "./arena";
import { Choice } from "./choice";
import { now } from "./clock";
import { type Places, SLOT } from "./space";

/** Milliseconds that a helper may be late, and the part of the time that the leader took for a like piece of work. */
const PATIENCE = 0.05;
const PATIENT = 0.5;

export class Team {
  /** For descriptors: who can be asked. The sequence kernels hire them timestep by timestep. */
  readonly roster: number;
  private readonly threads: number;

  constructor(
    private readonly kernels: TeamKernels,
    private readonly arena: Arena,
    places: Places,
  ) {
    const { workers, own } = places.space;
    this.threads = workers;
    const slots = Array.from({ length: workers }, (_, k) => 4 * places.slot(k));
    this.roster = arena.reserve(4 * (3 + workers)).ptr;
    arena.i32.set([workers, workers, own, ...slots], this.roster >> 2);
  }

  /** A function that runs a sequence with or without the others, as is faster. */
  leading(run: () => void): () => void {
    const choose = this.choosing();
    const alone = () => this.alone(run);
    return () => choose(alone, run);
  }

  /** A function that does one thing in one of two ways, that which is faster. */
  choosing(): (alone: () => void, together: () => void) => void {
    const choice = new Choice();
    return (alone, together) => choice.run(alone, together, now);
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
   * Runs two pieces of work of about the same size at once: the sequence of a descriptor elsewhere, `here` here.
   * @returns false when nobody was there for the first, or not in time; its place then is as it was before.
   */
  beside(pass: number, gates: number, here: () => void): boolean {
    const slot = this.kernels.offer(pass, gates);
    const start = now();
    here();
    if (slot === 0) return false;
    const took = now() - start;
    const until = start + (1 + PATIENT) * took + PATIENCE;
    const { i32 } = this.arena;
    while (Atomics.load(i32, (slot >> 2) + SLOT.arrived) === 0 && now() < until);
    return this.kernels.collect(pass, slot) !== 0;
  }
}
