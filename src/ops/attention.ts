/** Scores of queries against keys, made into weights of the values. */

import type { Versioned } from "../wasm/engine";
import { emitPlace } from "./copy";
import { emitBroadcast, emitElementwise, stepsOf } from "./elementwise";
import { emitFunction } from "./function";
import type { Plan } from "./plan";
import { emitReduce } from "./reduce";
import type { Slab } from "./slab";

/** What is subtracted from scores that must not count, or put in their place. */
export const FAR_BELOW = 1e9;

/** Softmax over the last axis, as a new slab. */
export function emitSoftmax(plan: Plan, scores: Slab): Slab {
  const { kernels } = plan.engine;
  const y = plan.slab(scores.shape);
  plan.step([scores, y], () => kernels.softmax(scores.ptr, y.ptr, scores.rows, scores.dim(-1)));
  return y;
}

/** The scores where all masks have 1, else `other`. Masks broadcast against the scores. */
export function emitAllowed(plan: Plan, masks: readonly Slab[], scores: Slab, other: Slab): Slab {
  return masks.reduce((kept, mask) => emitBroadcast(plan, "select", [mask, kept, other]), scores);
}

/** The scores, pushed far below where a mask has 0: a row of which nothing counts weighs all values alike. */
export function emitPushedDown(plan: Plan, masks: readonly Slab[], scores: Slab): Slab {
  if (masks.length === 0) return scores;
  return emitAllowed(plan, masks, scores, emitFunction(plan, "affine", scores, 1, -FAR_BELOW));
}

/** [queries, keys]: 1 where the key is not later than the query. */
export function emitCausalMask(plan: Plan, owner: Versioned & object, queries: number, keys: number): Slab {
  return emitPairMask(plan, owner, "causal", queries, keys, (query, key) => key <= query);
}

/** [queries, keys]: 1 where key and query are fewer than `window` steps apart. */
export function emitBandMask(
  plan: Plan,
  owner: Versioned & object,
  queries: number,
  keys: number,
  window: number,
): Slab {
  return emitPairMask(plan, owner, `band ${window}`, queries, keys, (query, key) => Math.abs(query - key) < window);
}

function emitPairMask(
  plan: Plan,
  owner: Versioned & object,
  key: string,
  queries: number,
  keys: number,
  counts: (query: number, key: number) => boolean,
): Slab {
  return plan.constant(owner, `${key} ${queries}x${keys}`, [queries, keys], () =>
    Float32Array.from({ length: queries * keys }, (_, k) => (counts(Math.floor(k / keys), k % keys) ? 1 : 0)),
  );
}

/** Floats of sums of queries and keys that are made at a time. */
const SUMS = 1048576;

/** What {@link emitTanhScores} multiplies with: before tanh one number, after it one number an element. */
export interface TanhScale {
  readonly before?: Slab | undefined;
  readonly after?: Slab | undefined;
}

/** Σ after · tanh(before · (query + key)) over the elements, as a new slab [batch, queries, keys]. */
export function emitTanhScores(plan: Plan, query: Slab, key: Slab, { before, after }: TanhScale): Slab {
  const [batch, queries, width] = query.shape as [number, number, number];
  const keys = key.dim(1);
  const scores = plan.slab([batch, queries, keys]);
  const atOnce = Math.max(1, Math.floor(SUMS / (batch * keys * width)));
  for (let first = 0; first < queries; first += atOnce) {
    const shape = [batch, Math.min(atOnce, queries - first), keys, width];
    const sums = plan.slab(shape);
    emitElementwise(plan, "add", shape, { slab: sums, steps: stepsOf(shape) }, [
      { slab: query, start: first * width, steps: [queries * width, width, 0, 1] },
      { slab: key, steps: [keys * width, 0, width, 1] },
    ]);
    const scaled = before ? emitBroadcast(plan, "multiply", [sums, before]) : sums;
    const bent = emitFunction(plan, "tanh", scaled);
    const weighted = after ? emitBroadcast(plan, "multiply", [bent, after]) : bent;
    emitPlace(plan, emitReduce(plan, "sum", weighted, [3]), scores, [0, first, 0]);
  }
  return scores;
}
