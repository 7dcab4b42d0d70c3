/** Steps that move elements without changing them. */

import { emitElementwise, stepsOf } from "./elementwise";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** Copies the first `columns` of each row between slabs whose rows may differ in width. */
export function emitCopyRows(plan: Plan, src: Slab, dst: Slab, columns: number): void {
  const walk = (slab: Slab) => ({ slab, steps: [slab.dim(-1), 1] });
  emitElementwise(plan, "copy", [src.rows, columns], walk(dst), [walk(src)]);
}

/** The axes in another order, as a new slab: axis k of the result is axis `order[k]` of `x`. */
export function emitTranspose(plan: Plan, x: Slab, order: readonly number[]): Slab {
  const shape = order.map((axis) => x.dim(axis));
  const steps = stepsOf(x.shape);
  const y = plan.slab(shape, x.dtype);
  const from = { slab: x, steps: order.map((axis) => steps[axis] as number) };
  emitElementwise(plan, "copy", shape, { slab: y, steps: stepsOf(shape) }, [from]);
  return y;
}

/** Copies a whole slab into a box of a larger one that starts at index `at` of each axis. */
export function emitPlace(plan: Plan, src: Slab, dst: Slab, at: readonly number[]): void {
  const steps = stepsOf(dst.shape);
  const start = at.reduce((sum, index, axis) => sum + index * (steps[axis] as number), 0);
  emitElementwise(plan, "copy", src.shape, { slab: dst, start, steps }, [{ slab: src, steps: stepsOf(src.shape) }]);
}

/** A box of a slab as a new slab: from index `from`, `shape` elements, `stride` apart along each axis. */
export function emitSlice(
  plan: Plan,
  x: Slab,
  from: readonly number[],
  shape: readonly number[],
  stride: readonly number[] = shape.map(() => 1),
): Slab {
  const steps = stepsOf(x.shape);
  const start = from.reduce((sum, index, axis) => sum + index * (steps[axis] as number), 0);
  const walk = { slab: x, start, steps: steps.map((step, axis) => step * (stride[axis] as number)) };
  const y = plan.slab(shape, x.dtype);
  emitElementwise(plan, "copy", shape, { slab: y, steps: stepsOf(shape) }, [walk]);
  return y;
}

/** The slabs one after another along an axis, as a new slab. */
export function emitConcat(plan: Plan, slabs: readonly Slab[], axis: number): Slab {
  const [first] = slabs as [Slab];
  const shape = [...first.shape];
  shape[axis] = slabs.reduce((sum, slab) => sum + slab.dim(axis), 0);
  const y = plan.slab(shape, first.dtype);
  const at = shape.map(() => 0);
  for (const slab of slabs) {
    emitPlace(plan, slab, y, at);
    at[axis] = (at[axis] as number) + slab.dim(axis);
  }
  return y;
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

/** The same numbers without their fractions, as whole numbers; the slab itself when it holds whole numbers. */
export function emitInt(plan: Plan, slab: Slab): Slab {
  if (slab.dtype === "int32") return slab;
  const whole = plan.slab(slab.shape, "int32");
  plan.step([slab, whole], () => plan.engine.kernels.toInt(slab.ptr, whole.ptr, slab.size));
  return whole;
}
