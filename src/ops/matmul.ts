/** Products of matrices that are both computed. */

import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** Where many matrices lie: the steps from one to the next along two axes, and from row to row, in elements. */
export interface Matrices {
  readonly slab: Slab;
  readonly outer: number;
  readonly inner: number;
  readonly row: number;
}

/** How many products, and of which sizes: [m][k] times [k][n]. */
export interface MatmulSizes {
  readonly outer: number;
  readonly inner: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** The second matrices are [n][k]. */
  readonly transposed: boolean;
}

/** y = a · b, or a · bᵀ, for all matrices; rows without gaps. */
export function emitMatmul(plan: Plan, sizes: MatmulSizes, a: Matrices, b: Matrices, y: Matrices): void {
  const { outer, inner, m, k, n, transposed } = sizes;
  const panels = plan.slab([k * ((n + 7) & ~7)]);
  const steps = [a, b, y].flatMap((at) => [at.outer, at.inner, at.row]);
  const pass = plan.descriptor(() => [
    a.slab.ptr,
    b.slab.ptr,
    y.slab.ptr,
    ...[outer, inner, m, k, n],
    ...steps,
    transposed ? 1 : 0,
    panels.ptr,
  ]);
  plan.step([a.slab, b.slab, y.slab, panels], () => plan.engine.kernels.matmul(pass.ptr));
}

/** [batch, m, k] times [batch, k, n], or [batch, n, k] when `transposed`, as a new slab [batch, m, n]. */
export function emitBatchedMatmul(plan: Plan, a: Slab, b: Slab, transposed: boolean): Slab {
  const [batch, m, k] = a.shape as [number, number, number];
  const n = b.dim(transposed ? 1 : 2);
  const y = plan.slab([batch, m, n]);
  const matrices = (slab: Slab) => ({ slab, outer: slab.dim(1) * slab.dim(2), inner: 0, row: slab.dim(2) });
  emitMatmul(plan, { outer: batch, inner: 1, m, k, n, transposed }, matrices(a), matrices(b), matrices(y));
  return y;
}
