/** Masks: 1 where an element counts, 0 where it does not. */

import { emitFill } from "./copy";
import { emitBroadcast } from "./elementwise";
import type { Plan } from "./plan";
import { Slab } from "./slab";

/** A mask of leading axes, seen as one that broadcasts against `rank` axes. */
export function alongside(mask: Slab, rank: number): Slab {
  return mask.view([...mask.shape, ...new Array<number>(Math.max(0, rank - mask.shape.length)).fill(1)]);
}

/** One number as a slab that broadcasts. */
export function emitScalar(plan: Plan, value: number): Slab {
  const slab = plan.slab([1]);
  emitFill(plan, slab, value);
  return slab;
}

/** x where the mask counts, else `other`; the mask covers the leading axes of x. */
export function emitWhere(plan: Plan, mask: Slab, x: Slab, other: Slab | number): Slab {
  const fallback = other instanceof Slab ? other : emitScalar(plan, other);
  return emitBroadcast(plan, "select", [alongside(mask, x.shape.length), x, fallback]);
}

/** 1 where any mask has 1. */
export function emitEither(plan: Plan, masks: readonly Slab[]): Slab {
  return masks.reduce((a, b) => emitBroadcast(plan, "logicalOr", [a, b], "bool"));
}
