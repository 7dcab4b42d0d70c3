/** Values of an ONNX graph while it is planned: numbers known by now, or a place where a run will put them. */

import { UnsupportedError } from "../errors";
import { emitCopyRows, emitFloat } from "../ops/copy";
import { emitElementwise, type Strided, stepsOf } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import { Slab } from "../ops/slab";
import { type DType, sizeOf } from "../tensor";

export type Numbers = Float32Array | Float64Array;

/** Numbers that are known at planning time, in C order. It owns what kernels have packed of it. */
export class Known {
  readonly version = 0;

  /** @param dtype As ONNX has it: `float32`, `int64`, `bool`, … Floats are in a Float32Array, all else in doubles. */
  constructor(
    readonly shape: readonly number[],
    readonly dtype: string,
    readonly data: Numbers,
  ) {}

  get kind(): DType {
    return kindOf(this.dtype);
  }
}

/** Numbers that a run computes: a walk over a slab. Moving axes makes another walk, no copy. */
export class Live {
  private copy: Slab | undefined;

  constructor(
    readonly slab: Slab,
    readonly shape: readonly number[] = slab.shape,
    readonly start = 0,
    readonly steps: readonly number[] = stepsOf(shape),
  ) {}

  get kind(): DType {
    return this.slab.dtype;
  }

  /** Its numbers in C order: the slab itself where they lie so, else a copy, made once. */
  dense(plan: Plan): Slab {
    if (liesDense(this.shape, this.steps)) return this.slab.view(this.shape, this.start);
    if (this.copy) return this.copy;
    const copy = plan.slab(this.shape, this.kind);
    emitElementwise(plan, "copy", this.shape, { slab: copy, steps: stepsOf(this.shape) }, [this]);
    this.copy = copy;
    return copy;
  }
}

export type Value = Known | Live;

/** What a type of ONNX is computed in. */
export function kindOf(dtype: string): DType {
  if (dtype === "bool") return "bool";
  return dtype.includes("float") ? "float32" : "int32";
}

/** True where a walk passes every element in C order; axes of one element do not count. */
function liesDense(shape: readonly number[], steps: readonly number[]): boolean {
  const dense = stepsOf(shape);
  return shape.every((d, axis) => d === 1 || steps[axis] === dense[axis]);
}

/** True where the shape is one and the walk stays within its memory: odd attributes may lead an operator out of it. */
export function isSound(x: Value): boolean {
  if (!x.shape.every((d) => Number.isSafeInteger(d) && d >= 0)) return false;
  if (x instanceof Known) return x.data.length === sizeOf(x.shape);
  if (sizeOf(x.shape) === 0) return true;
  let [low, high] = [x.start, x.start];
  x.shape.forEach((d, axis) => {
    const reach = (d - 1) * (x.steps[axis] as number);
    if (reach < 0) low += reach;
    else high += reach;
  });
  return low >= 0 && high < x.slab.size;
}

/** The steps of a value's own walk. */
export function stepsIn(x: Value): readonly number[] {
  return x instanceof Known ? stepsOf(x.shape) : x.steps;
}

/** A value in C order, with its own type. */
export function denseSlab(plan: Plan, x: Value): Slab {
  if (x instanceof Live) return x.dense(plan);
  if (x.kind !== "int32") return constantSlab(plan, x).as(x.kind);
  const whole = plan.packed(x, "whole", x.data.length, (ptr) => {
    plan.engine.arena.i32.set(x.data.map(toInt32), ptr >> 2);
  });
  return new Slab(x.shape, "int32", whole);
}

/** A value in C order as floats; booleans are 0 and 1. */
export function floatSlab(plan: Plan, x: Value): Slab {
  if (x instanceof Known) return constantSlab(plan, x);
  return emitFloat(plan, x.dense(plan));
}

/** A walk over a value as floats, for element-wise kernels. */
export function floatWalk(plan: Plan, x: Value): Strided {
  if (x instanceof Live && x.kind !== "int32") return x;
  return { slab: floatSlab(plan, x), steps: stepsOf(x.shape) };
}

function constantSlab(plan: Plan, x: Known): Slab {
  return plan.constant(x, "values", x.shape, () => x.data);
}

/** ONNX writes the largest 64-bit numbers for "to the end". */
function toInt32(value: number): number {
  return Math.max(-0x80000000, Math.min(0x7fffffff, value));
}

/** Elements that a folded constant may have: a small file can ask for any number of them. */
const MOST = 1 << 26;

/** @throws {UnsupportedError} for more elements than one constant may have. */
export function newNumbers(where: string, dtype: string, shape: readonly number[]): Numbers {
  const size = sizeOf(shape);
  if (size > MOST) throw new UnsupportedError(where, `a constant of at most ${MOST} numbers`, String(size));
  return dtype.includes("float") ? new Float32Array(size) : new Float64Array(size);
}

/** A copy of what lies in a state. */
export function detached(plan: Plan, slab: Slab, homes: ReadonlySet<Slab["home"]>): Slab {
  if (!homes.has(slab.home)) return slab;
  const copy = plan.slab(slab.shape, slab.dtype);
  emitCopyRows(plan, slab.view([1, slab.size]), copy.view([1, slab.size]), slab.size);
  return copy;
}
