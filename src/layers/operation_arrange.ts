/** Operations that move or repeat elements. */

import { UnsupportedError } from "../errors";
import { emitConcat, emitFill, emitPlace } from "../ops/copy";
import { emitElementwise, stepsOf } from "../ops/elementwise";
import type { Slab } from "../ops/slab";
import { type OperationKind, type OperationTable, refuseBatchAxis } from "./operation";
import { emitCast } from "./operation_cast";
import { axisOf, type Given, type Typed } from "./operation_given";
import type { SymbolicShape } from "./symbolic";

/** An axis other than that of samples. */
export function sampleAxis(given: Given<Typed>, name: string, fallback: number, rank: number): number {
  const axis = axisOf(given, given.integer(name, fallback), rank);
  return axis === 0 ? refuseBatchAxis(given, "moving elements") : axis;
}

/** The elements along one axis from other places: the result's `k` is the operand's `from(k)`, in one run or two. */
type Runs = (length: number, given: Given<Typed>) => readonly Run[];
interface Run {
  readonly to: number;
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

function moving(name: string, runs: Runs, sizeOf: (length: number, given: Given<Typed>) => number): OperationKind {
  const shapeOf = (given: Given<Typed>, shape: SymbolicShape, axis: number) =>
    shape.map((d, k) => (k === axis && d !== null ? sizeOf(d, given) : d));
  return {
    takes: ["x"],
    result: (given) => {
      const { shape, dtype } = given.tensor("x");
      return [{ shape: shapeOf(given, shape, sampleAxis(given, name, 0, shape.length)), dtype }];
    },
    plan: (plan, given) => {
      const x = given.tensor("x");
      const axis = sampleAxis(given, name, 0, x.shape.length);
      const shape = shapeOf(given, x.shape, axis) as number[];
      const y = plan.slab(shape, x.dtype);
      const [own, steps] = [stepsOf(x.shape), stepsOf(shape)];
      for (const { to, from, count, step } of runs(x.dim(axis), given)) {
        const counts = shape.map((d, k) => (k === axis ? count : d));
        const along = (all: readonly number[], by: number) => all.map((s, k) => (k === axis ? s * by : s));
        const [unit, unitOwn] = [steps[axis] as number, own[axis] as number];
        const source = { slab: x, start: from * unitOwn, steps: along(own, step) };
        emitElementwise(plan, "copy", counts, { slab: y, start: to * unit, steps: along(steps, 1) }, [source]);
      }
      return [y];
    },
  };
}

const flip = () =>
  moving(
    "axis",
    (length) => [{ to: 0, from: length - 1, count: length, step: -1 }],
    (length) => length,
  );

const roll = () =>
  moving(
    "axis",
    (length, given) => {
      const shift = length === 0 ? 0 : ((given.integer("shift", 0) % length) + length) % length;
      const head = { to: shift, from: 0, count: length - shift, step: 1 };
      return shift === 0 ? [head] : [head, { to: 0, from: length - shift, count: shift, step: 1 }];
    },
    (length) => length,
  );

/** Each element several times. */
const repeat: OperationKind = {
  takes: ["x"],
  result: (given) => {
    const { shape, dtype } = given.tensor("x");
    const axis = sampleAxis(given, "axis", 0, shape.length);
    const times = given.integer("repeats", 1);
    return [{ shape: shape.map((d, k) => (k === axis && d !== null ? d * times : d)), dtype }];
  },
  plan: (plan, given) => {
    const x = given.tensor("x");
    const axis = sampleAxis(given, "axis", 0, x.shape.length);
    const times = given.integer("repeats", 1);
    const y = plan.slab(
      x.shape.map((d, k) => (k === axis ? d * times : d)),
      x.dtype,
    );
    const own = stepsOf(x.shape);
    const counts = [...x.shape.slice(0, axis + 1), times, ...x.shape.slice(axis + 1)];
    const source = { slab: x, steps: [...own.slice(0, axis + 1), 0, ...own.slice(axis + 1)] };
    emitElementwise(plan, "copy", counts, { slab: y, steps: stepsOf(counts) }, [source]);
    return [y];
  },
};

/** The whole several times along each axis, one axis after another. */
const tile: OperationKind = {
  takes: ["x"],
  result: (given) => {
    const { shape, dtype } = given.tensor("x");
    return [{ shape: shape.map((d, k) => (d === null ? null : d * (timesOf(given)[k] as number))), dtype }];
  },
  plan: (plan, given) => {
    const x = given.tensor("x");
    const y = timesOf(given).reduce<Slab>((slab, times, axis) => {
      return times === 1 ? slab : emitConcat(plan, new Array<Slab>(times).fill(slab), axis);
    }, x);
    return [y];
  },
};

function timesOf(given: Given<Typed>): readonly number[] {
  const rank = given.tensor("x").shape.length;
  const times = given.integers("repeats") ?? [1];
  if (times.length > rank) throw new UnsupportedError(given.where, `at most ${rank} repeats`, String(times.length));
  const all = [...new Array<number>(rank - times.length).fill(1), ...times];
  return all[0] === 1 ? all : refuseBatchAxis(given, "repeating");
}

/** A frame of one number around the elements. */
const pad: OperationKind = {
  takes: ["x", "constant_values"],
  result: (given) => {
    const { shape, dtype } = given.tensor("x");
    return [
      {
        shape: shape.map((d, k) =>
          d === null ? null : d + (framesOf(given)[k]?.[0] ?? 0) + (framesOf(given)[k]?.[1] ?? 0),
        ),
        dtype,
      },
    ];
  },
  plan: (plan, given) => {
    const x = given.tensor("x");
    const y = plan.slab(pad.result(given)[0]?.shape as number[]);
    emitFill(plan, y, given.number("constant_values", 0));
    emitPlace(
      plan,
      emitCast(plan, x, "float32"),
      y,
      framesOf(given).map(([before]) => before),
    );
    return [emitCast(plan, y, x.dtype)];
  },
};

function framesOf(given: Given<Typed>): readonly (readonly [before: number, after: number])[] {
  if (given.text("mode", "constant") !== "constant") {
    throw new UnsupportedError(`${given.where}.mode`, '"constant"', given.text("mode", ""));
  }
  const width = given.raw("pad_width");
  const frames = [width.kind === "value" ? width.value : null].flat() as readonly unknown[];
  if (frames.length === given.tensor("x").shape.length && frames.every(isFrame)) {
    return frames[0]?.[0] === 0 && frames[0][1] === 0 ? frames : refuseBatchAxis(given, "padding");
  }
  throw new UnsupportedError(`${given.where}.pad_width`, "two numbers for each axis", JSON.stringify(width));
}

function isFrame(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Keras' class → kind. */
export const arrangeOperations = (): OperationTable => ({
  Flip: flip(),
  Roll: roll(),
  Repeat: repeat,
  Tile: tile,
  Pad: pad,
});
