/** Steps that move elements without changing them. */

import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** Axes that one copy can walk over. */
export const MAX_RANK = 6;

/** Elements from one index to the next along each axis, of a tensor in C order. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length).fill(1);
  for (let k = shape.length - 2; k >= 0; k--) steps[k] = (steps[k + 1] as number) * (shape[k + 1] as number);
  return steps;
}

/** A walk over some axes: where it starts and how far apart the elements are, in elements. */
export interface Strided {
  readonly slab: Slab;
  readonly start?: number;
  readonly steps: readonly number[];
}

/** dst[i·dstSteps] = src[i·srcSteps] for all i below `dims`; steps may be 0 (repeat) or negative (flip). */
export function emitStridedCopy(plan: Plan, dims: readonly number[], src: Strided, dst: Strided): void {
  const pad = (values: readonly number[]) => [...values, ...new Array<number>(MAX_RANK - values.length).fill(0)];
  const address = ({ slab, start = 0 }: Strided) => slab.ptr + 4 * start;
  const descriptor = plan.descriptor(() => [
    address(src),
    address(dst),
    dims.length,
    ...pad(dims),
    ...pad(src.steps),
    ...pad(dst.steps),
  ]);
  plan.step([src.slab, dst.slab], () => plan.engine.kernels.copyStrided(descriptor.ptr));
}

/** Copies the first `columns` of each row between slabs whose rows may differ in width. */
export function emitCopyRows(plan: Plan, src: Slab, dst: Slab, columns: number): void {
  emitStridedCopy(
    plan,
    [src.rows, columns],
    { slab: src, steps: [src.dim(-1), 1] },
    { slab: dst, steps: [dst.dim(-1), 1] },
  );
}

/** Sets every element. */
export function emitFill(plan: Plan, slab: Slab, value: number): void {
  plan.step([slab], () => plan.engine.kernels.fill(slab.ptr, slab.size, value));
}

/** The same numbers as floats; the slab itself when it holds floats. */
export function emitFloat(plan: Plan, slab: Slab): Slab {
  if (slab.dtype !== "int32") return slab;
  const floats = plan.slab(slab.shape);
  floats.mask = slab.mask;
  plan.step([slab, floats], () => plan.engine.kernels.toFloat(slab.ptr, floats.ptr, slab.size));
  return floats;
}
