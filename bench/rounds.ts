/** Timing in rounds: benny runs its cases one after another, so the order is rotated from round to round. */

import benny from "benny";
import { median } from "./median";

/** Something to time. */
export interface Contestant {
  readonly name: string;
  readonly run: () => void;
}

/** Seconds a call. */
export interface Timing {
  readonly median: number;
  readonly best: number;
  /** Between the rounds' medians: (largest − smallest) / median. */
  readonly spread: number;
}

const OPTIONS = { minTime: 0.02, maxTime: 0.1, minSamples: 5 };

/** Times all contestants in every round. */
export async function rounds(
  suite: string,
  contestants: readonly Contestant[],
  count: number,
): Promise<ReadonlyMap<string, Timing>> {
  const medians = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const best = new Map<string, number>();
  for (let round = 0; round < count; round++) {
    const order = contestants.map((_, k) => contestants[(k + round) % contestants.length] as Contestant);
    const { results } = await benny.suite(
      `${suite}, round ${round + 1} of ${count}`,
      ...order.map(({ name, run }) => benny.add(name, run, OPTIONS)),
    );
    for (const { name, details } of results) {
      medians.get(name)?.push(details.median);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, details.min));
    }
  }
  return new Map(
    [...medians].map(([name, all]) => {
      const middle = median(all);
      const spread = (Math.max(...all) - Math.min(...all)) / middle;
      return [name, { median: middle, best: best.get(name) as number, spread }];
    }),
  );
}
