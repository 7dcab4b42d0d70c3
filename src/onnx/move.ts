/** Moving elements without changing them: at once where they are known, by another walk or a copy where not. */

import { ShapeError, showShape } from "../errors";
import { broadcastSteps, emitElementwise, stepsOf } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import { sizeOf } from "../tensor";
import { denseSlab, Known, Live, newNumbers, stepsIn, type Value } from "./value";

/** What moving is done for: the plan, and who is named in messages. */
export interface Mover {
  readonly plan: Plan;
  readonly where: string;
}

/** Calls `visit` for every index of a shape, in C order, with the place to which a walk has come. */
export function eachPlace(
  shape: readonly number[],
  start: number,
  steps: readonly number[],
  visit: (place: number, k: number) => void,
): void {
  const size = sizeOf(shape);
  const index = shape.map(() => 0);
  let place = start;
  for (let k = 0; k < size; k++) {
    visit(place, k);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += steps[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      place -= (steps[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
}

/** Another walk over the same elements; `start` and `steps` count those of {@link stepsIn}. */
function rewalked({ where }: Mover, x: Value, shape: readonly number[], start: number, steps: readonly number[]) {
  if (x instanceof Live) return new Live(x.slab, shape, x.start + start, steps);
  const data = newNumbers(where, x.dtype, shape);
  eachPlace(shape, start, steps, (place, k) => {
    data[k] = x.data[place] as number;
  });
  return new Known(shape, x.dtype, data);
}

/** Axis k of the result is axis `order[k]` of x. */
export function transposed(mover: Mover, x: Value, order: readonly number[]): Value {
  const steps = stepsIn(x);
  const pick = (list: readonly number[]) => order.map((axis) => list[axis] as number);
  return rewalked(mover, x, pick(x.shape), 0, pick(steps));
}

/** `shape` elements from index `from` on, `stride` apart along each axis; negative strides walk back. */
export function sliced(
  mover: Mover,
  x: Value,
  from: readonly number[],
  shape: readonly number[],
  stride: readonly number[] = shape.map(() => 1),
): Value {
  if (shape.every((d, axis) => d === x.shape[axis] && stride[axis] === 1)) return x;
  const steps = stepsIn(x);
  const start = sizeOf(shape) === 0 ? 0 : from.reduce((sum, at, axis) => sum + at * (steps[axis] as number), 0);
  const strides = steps.map((step, axis) => step * (stride[axis] as number));
  return rewalked(mover, x, shape, start, strides);
}

/** A stretch of one axis. */
export function along(mover: Mover, x: Value, axis: number, from: number, count: number, stride = 1): Value {
  const put = (value: number, rest: readonly number[]) => rest.map((other, k) => (k === axis ? value : other));
  const zeros = x.shape.map(() => 0);
  const ones = x.shape.map(() => 1);
  return sliced(mover, x, put(from, zeros), put(count, x.shape), put(stride, ones));
}

/** x repeated along axes of one element, and along new ones in front. */
export function broadcast(mover: Mover, x: Value, shape: readonly number[]): Value {
  if (shape.length === x.shape.length && shape.every((d, axis) => d === x.shape[axis])) return x;
  const lead = shape.length - x.shape.length;
  const own = stepsIn(x);
  const steps = shape.map((_, axis) => (axis < lead || x.shape[axis - lead] === 1 ? 0 : (own[axis - lead] as number)));
  return rewalked(mover, x, shape, 0, steps);
}

/** New axes of one element at these places of the result. */
export function unsqueezed(x: Value, axes: readonly number[]): Value {
  const rank = x.shape.length + axes.length;
  let at = 0;
  const from = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? -1 : at++));
  const shape = from.map((axis) => (axis < 0 ? 1 : (x.shape[axis] as number)));
  if (x instanceof Known) return new Known(shape, x.dtype, x.data);
  const steps = from.map((axis) => (axis < 0 ? 0 : (x.steps[axis] as number)));
  return new Live(x.slab, shape, x.start, steps);
}

/** Without these axes, all of one element. */
export function squeezed(x: Value, axes: readonly number[]): Value {
  const keep = (list: readonly number[]) => list.filter((_, axis) => !axes.includes(axis));
  if (x instanceof Known) return new Known(keep(x.shape), x.dtype, x.data);
  return new Live(x.slab, keep(x.shape), x.start, keep(x.steps));
}

/** The same elements in C order under another shape. */
export function reshaped({ plan, where }: Mover, x: Value, shape: readonly number[]): Value {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new ShapeError(where, `${sizeOf(x.shape)} elements, as ${showShape(x.shape)} has`, showShape(shape));
  }
  if (x instanceof Known) return new Known(shape, x.dtype, x.data);
  return new Live(x.dense(plan).view(shape));
}

/** Values one after another along an axis. */
export function joined({ plan, where }: Mover, parts: readonly Value[], axis: number): Value {
  const full = parts.filter((part) => part.shape.length > 0 && sizeOf(part.shape) > 0);
  const [first] = (full.length > 0 ? full : parts) as [Value];
  if (full.length <= 1) return first;
  for (const { shape } of full) {
    if (shape.length === first.shape.length && shape.every((d, k) => k === axis || d === first.shape[k])) continue;
    throw new ShapeError(where, `shapes that differ in axis ${axis} alone`, full.map((p) => showShape(p.shape)).join());
  }
  const total = full.reduce((sum, part) => sum + (part.shape[axis] as number), 0);
  const shape = first.shape.map((d, k) => (k === axis ? total : d));
  const steps = stepsOf(shape);
  const starts: number[] = [];
  full.reduce((at, part) => {
    starts.push(at * (steps[axis] as number));
    return at + (part.shape[axis] as number);
  }, 0);
  if (first instanceof Known && full.every((part) => part instanceof Known)) {
    const data = newNumbers(where, first.dtype, shape);
    full.forEach((part, p) => {
      eachPlace(part.shape, starts[p] as number, steps, (place, k) => {
        data[place] = part.data[k] as number;
      });
    });
    return new Known(shape, first.dtype, data);
  }
  const y = plan.slab(shape, first.kind);
  full.forEach((part, p) => {
    const from = part instanceof Live ? part : { slab: denseSlab(plan, part), steps: stepsOf(part.shape) };
    emitElementwise(plan, "copy", part.shape, { slab: y, start: starts[p] as number, steps }, [from]);
  });
  return new Live(y);
}

/** A constant of one number. */
export function filled({ where }: Mover, shape: readonly number[], dtype: string, value: number): Known {
  return new Known(shape, dtype, newNumbers(where, dtype, shape).fill(value));
}

/** The steps with which a value is walked along the axes of a shape to which it broadcasts. */
export function stepsTo(walk: readonly number[], shape: readonly number[], to: readonly number[]): number[] {
  const repeated = broadcastSteps(shape, to);
  const lead = to.length - shape.length;
  return repeated.map((step, axis) => (step === 0 ? 0 : (walk[axis - lead] as number)));
}
