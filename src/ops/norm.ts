/** Normalization of rows, and scaling by column. */

import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** How rows are normalized. */
export interface RowNorm {
  readonly epsilon: number;
  /** [columns] each. */
  readonly gamma?: Slab | undefined;
  readonly beta?: Slab | undefined;
  /** Leaves the mean in: `rms_scaling` of Keras. */
  readonly uncentred?: boolean;
}

/** (x − μ) / √(σ² + ε) · gamma + beta over rows of `columns` elements, as a new slab. */
export function emitNormalizeRows(plan: Plan, x: Slab, columns: number, norm: RowNorm): Slab {
  const { epsilon, gamma, beta } = norm;
  const y = plan.slab(x.shape);
  const rows = x.size / columns;
  const uncentred = norm.uncentred ? 1 : 0;
  const { kernels } = plan.engine;
  plan.step([x, y, gamma, beta], () =>
    kernels.layerNorm(x.ptr, y.ptr, rows, columns, gamma?.ptr ?? 0, beta?.ptr ?? 0, epsilon, uncentred),
  );
  return y;
}

/** x · scale + shift, column by column, as a new slab; `scale` and `shift` are [columns]. */
export function emitScaleShift(plan: Plan, x: Slab, scale: Slab, shift: Slab): Slab {
  const y = plan.slab(x.shape);
  const { kernels } = plan.engine;
  plan.step([x, y, scale, shift], () => kernels.scaleShift(x.ptr, y.ptr, x.rows, x.dim(-1), scale.ptr, shift.ptr));
  return y;
}
