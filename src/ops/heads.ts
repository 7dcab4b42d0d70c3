/** Attention of several heads that lie side by side in each row. */

import { emitAllowed, emitSoftmax, FAR_BELOW } from "./attention";
import { emitFunction } from "./function";
import { emitScalar } from "./masks";
import { emitMatmul, type Matrices } from "./matmul";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** What Keras' fused attention puts in place of scores that must not count. */
const LOWEST = -2.372671e38;

/** [batch, steps, heads · width], head by head. */
function sideBySide(slab: Slab, heads: number): Matrices {
  const row = slab.dim(2);
  return { slab, outer: slab.dim(1) * row, inner: row / heads, row };
}

/** [batch, heads, queries, keys] */
function oneByOne(slab: Slab): Matrices {
  const row = slab.dim(3);
  return { slab, outer: slab.dim(1) * slab.dim(2) * row, inner: slab.dim(2) * row, row };
}

/** q kᵀ / √width for each head, as a new slab [batch, heads, queries, keys]. */
export function emitHeadScores(plan: Plan, query: Slab, key: Slab, heads: number): Slab {
  const [outer, m, n] = [query.dim(0), query.dim(1), key.dim(1)];
  const k = query.dim(2) / heads;
  const scaled = emitFunction(plan, "affine", query, 1 / Math.sqrt(k), 0);
  const scores = plan.slab([outer, heads, m, n]);
  const sizes = { outer, inner: heads, m, k, n, transposed: true };
  emitMatmul(plan, sizes, sideBySide(scaled, heads), sideBySide(key, heads), oneByOne(scores));
  return scores;
}

/**
 * Softmax of the scores over what all masks allow. Where they allow nothing all weights are equal; with `explicit`,
 * as when Keras gives the scores, they are 0.
 */
export function emitHeadWeights(plan: Plan, scores: Slab, masks: readonly Slab[], explicit: boolean): Slab {
  if (masks.length === 0) return emitSoftmax(plan, scores);
  const low = emitScalar(plan, explicit ? -FAR_BELOW : LOWEST);
  const weights = emitSoftmax(plan, emitAllowed(plan, masks, scores, low));
  return explicit ? emitAllowed(plan, masks, weights, emitScalar(plan, 0)) : weights;
}

/** The weighted means of the values for each head, as a new slab [batch, queries, heads · width]. */
export function emitHeadMeans(plan: Plan, weights: Slab, value: Slab): Slab {
  const [outer, heads, m, k] = weights.shape as [number, number, number, number];
  const n = value.dim(2) / heads;
  const means = plan.slab([outer, m, heads * n]);
  const sizes = { outer, inner: heads, m, k, n, transposed: false };
  emitMatmul(plan, sizes, oneByOne(weights), sideBySide(value, heads), sideBySide(means, heads));
  return means;
}
