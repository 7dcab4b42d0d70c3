/** What calls have cost so far, so that small ones need not go to another thread. */

import type { PlainTensor } from "./messages";

/** Shapes that are kept. */
const KEPT = 1000;

export class Costs {
  private readonly known = new Map<string, number>();

  /** The least milliseconds a sample that samples like these have taken; undefined before the first. */
  aSample(inputs: readonly PlainTensor[]): number | undefined {
    return this.known.get(keyOf(inputs));
  }

  /** Notes what some samples took. */
  note(inputs: readonly PlainTensor[], ms: number): void {
    const key = keyOf(inputs);
    const samples = inputs[0]?.shape[0] ?? 0;
    const known = this.known.get(key) ?? Number.POSITIVE_INFINITY;
    if (this.known.size >= KEPT) this.known.clear();
    if (ms > 0 && samples > 0) this.known.set(key, Math.min(known, ms / samples));
  }
}

function keyOf(inputs: readonly PlainTensor[]): string {
  return inputs.map(({ shape, dtype }) => `${dtype} ${shape.slice(1).join("x")}`).join(", ");
}
