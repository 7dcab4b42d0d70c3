/** Sums, means and the like along axes. */

import { sizeOf } from "../tensor";
import { REDUCTION } from "../wasm/op_codes";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

/**
 * Joins the elements along some axes, as a new slab without these axes.
 * @param axes Not negative, ascending.
 */
export function emitReduce(plan: Plan, op: keyof typeof REDUCTION, x: Slab, axes: readonly number[]): Slab {
  const last = axes.at(-1);
  if (last === undefined) return x;
  // Neighbouring axes are one; the others follow, the last ones first.
  let first = last;
  while (axes.includes(first - 1)) first--;
  const outer = sizeOf(x.shape.slice(0, first));
  const length = sizeOf(x.shape.slice(first, last + 1));
  const inner = sizeOf(x.shape.slice(last + 1));
  const y = plan.slab([...x.shape.slice(0, first), ...x.shape.slice(last + 1)], x.dtype);
  const { kernels } = plan.engine;
  plan.step([x, y], () => kernels.reduce(REDUCTION[op], x.ptr, y.ptr, outer, length, inner));
  return emitReduce(
    plan,
    op,
    y,
    axes.filter((axis) => axis < first),
  );
}
