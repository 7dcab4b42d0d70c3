/** Steps that compute, or just move, element by element; all of them one kernel. */

import { ShapeError, showShape } from "../errors";
import type { DType } from "../tensor";
import { ELEMENTWISE } from "../wasm/op_codes";
import type { Plan } from "./plan";
import type { Home, Slab } from "./slab";

/** The kernel walks this many axes. */
const AXES = 6;

/** A walk over some axes: where it starts and how far apart the elements are, in elements. */
export interface Strided {
  readonly slab: Slab;
  readonly start?: number;
  readonly steps: readonly number[];
}

/** Elements from one index to the next along each axis, of a tensor in C order. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length).fill(1);
  for (let k = shape.length - 2; k >= 0; k--) steps[k] = (steps[k + 1] as number) * (shape[k + 1] as number);
  return steps;
}

/**
 * y[i] = op(a[i], b[i], c[i]) for all i below `counts`. A step of 0 repeats, a negative one flips.
 * @returns the descriptor, for {@link moveOperand}.
 */
export function emitElementwise(
  plan: Plan,
  op: keyof typeof ELEMENTWISE,
  counts: readonly number[],
  y: Strided,
  operands: readonly Strided[],
): Home {
  const walks = [y, ...operands];
  const merged = mergeAxes(
    counts,
    walks.map((walk) => walk.steps),
  );
  if (merged.counts.length > AXES) throw new ShapeError(op, `at most ${AXES} axes`, showShape(counts));
  const lead = AXES - merged.counts.length;
  const pad = (values: readonly number[], value: number) => [...new Array<number>(lead).fill(value), ...values];
  const unused = new Array<number>(AXES).fill(0);
  const pass = plan.descriptor(() => [
    ELEMENTWISE[op],
    ...[0, 1, 2, 3].map((k) => (walks[k] ? addressOf(walks[k] as Strided) : 0)),
    ...pad(merged.counts, 1),
    ...[0, 1, 2, 3].flatMap((k) => (merged.steps[k] ? pad(merged.steps[k] as number[], 0) : unused)),
  ]);
  plan.step(
    walks.map((walk) => walk.slab),
    () => plan.engine.kernels.elementwise(pass.ptr),
  );
  return pass;
}

/** Has an element-wise call read operand 1, 2 or 3 from another address from now on, or write y (operand 0) there. */
export function moveOperand(plan: Plan, pass: Home, operand: number, ptr: number): void {
  plan.engine.arena.i32[(pass.ptr >> 2) + 1 + operand] = ptr;
}

function addressOf({ slab, start = 0 }: Strided): number {
  return slab.ptr + 4 * start;
}

/** Joins neighbouring axes that every walk crosses evenly, and drops those of one element: longer rows run faster. */
function mergeAxes(
  counts: readonly number[],
  steps: readonly (readonly number[])[],
): { counts: number[]; steps: number[][] } {
  const merged: { counts: number[]; steps: number[][] } = { counts: [], steps: steps.map(() => []) };
  counts.forEach((count, axis) => {
    if (count === 1) return;
    const last = merged.counts.length - 1;
    const joins = steps.every((walk, k) => merged.steps[k]?.[last] === (walk[axis] as number) * count);
    if (last >= 0 && joins) {
      merged.counts[last] = (merged.counts[last] as number) * count;
      steps.forEach((walk, k) => {
        (merged.steps[k] as number[])[last] = walk[axis] as number;
      });
      return;
    }
    merged.counts.push(count);
    steps.forEach((walk, k) => {
      merged.steps[k]?.push(walk[axis] as number);
    });
  });
  return merged;
}

/**
 * The shape to which shapes broadcast, as in NumPy.
 * @throws {ShapeError} when they do not.
 */
export function broadcastShape<D extends number | null>(where: string, shapes: readonly (readonly D[])[]): D[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1 as D;
    for (const shape of shapes) {
      const d = shape[axis - rank + shape.length];
      if (d === undefined || d === 1 || d === size) continue;
      if (size !== 1 && size !== null && d !== null) {
        throw new ShapeError(where, "shapes that broadcast", shapes.map((s) => showShape(s)).join(" and "));
      }
      if (size === 1 || d !== null) size = d;
    }
    return size;
  });
}

/** The steps with which a slab is walked along the axes of a broadcast shape. */
export function broadcastSteps(shape: readonly number[], to: readonly number[]): number[] {
  const own = stepsOf(shape);
  return to.map((_, axis) => {
    const k = axis - to.length + shape.length;
    return k < 0 || shape[k] === 1 ? 0 : (own[k] as number);
  });
}

/** y = op(a, b, c) with NumPy's broadcasting, as a new slab. */
export function emitBroadcast(
  plan: Plan,
  op: keyof typeof ELEMENTWISE,
  operands: readonly Slab[],
  dtype: DType = "float32",
): Slab {
  const shape = broadcastShape(
    op,
    operands.map((slab) => slab.shape),
  );
  const y = plan.slab(shape, dtype);
  emitElementwise(
    plan,
    op,
    shape,
    { slab: y, steps: stepsOf(shape) },
    operands.map((slab) => ({ slab, steps: broadcastSteps(slab.shape, shape) })),
  );
  return y;
}
