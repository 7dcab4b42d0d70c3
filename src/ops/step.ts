/** What plans are made of. */

import type { Home } from "./slab";

/** A kernel call of a plan. */
export interface Step {
  (): void;
  /** What of it another thread could do instead. */
  readonly errand?: Errand;
}

/** A whole sequence: its descriptor, and how many gates its kernel has. */
export interface Errand {
  readonly pass: Home;
  readonly gates: number;
}
