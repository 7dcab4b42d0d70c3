/** `x[key]` as Python has it: whole numbers, slices, the ellipsis and new axes. */

import type { GraphValue } from "../config/references";
import { ConfigError, UnsupportedError } from "../errors";
import { emitSlice } from "../ops/copy";
import { type OperationTable, refuseBatchAxis } from "./operation";
import type { Given, Typed } from "./operation_given";
import type { SymbolicShape } from "./symbolic";

/** What one axis of the operand becomes. A new axis stands before the next one of the operand. */
type Part =
  | { readonly kind: "index"; readonly axis: number; readonly at: number }
  | {
      readonly kind: "slice";
      readonly axis: number;
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number;
    }
  | { readonly kind: "new" };

/** The key as one part for each axis, and new axes between. */
function partsOf(given: Given<Typed>, rank: number): readonly Part[] {
  const items = keyItems(given.raw("key"));
  const taken = items.filter((item) => item.kind !== "ellipsis" && !isNull(item)).length;
  if (taken > rank) throw new ConfigError(`${given.where}.key`, `at most ${rank} indices`, String(taken));
  const open = items.some((item) => item.kind === "ellipsis");
  if (!open) items.push({ kind: "ellipsis" });
  const parts: Part[] = [];
  let axis = 0;
  for (const item of items) {
    if (item.kind === "ellipsis") {
      for (let left = rank - taken; left > 0; left--)
        parts.push({ kind: "slice", axis: axis++, start: null, stop: null, step: 1 });
    } else if (isNull(item)) parts.push({ kind: "new" });
    else parts.push(partOf(given, item, axis++));
  }
  const first = parts[0] as Part;
  const whole = first.kind === "slice" && first.start === null && first.stop === null && first.step === 1;
  return whole ? parts : refuseBatchAxis(given, "a choice");
}

function keyItems(key: GraphValue): GraphValue[] {
  if (key.kind === "list") return [...key.items];
  if (key.kind === "value" && Array.isArray(key.value)) return key.value.map((value) => ({ kind: "value", value }));
  return [key];
}

function isNull(item: GraphValue): boolean {
  return item.kind === "value" && item.value === null;
}

function partOf(given: Given<Typed>, item: GraphValue, axis: number): Part {
  if (item.kind === "value" && Number.isSafeInteger(item.value))
    return { kind: "index", axis, at: item.value as number };
  if (item.kind !== "slice") {
    throw new UnsupportedError(`${given.where}.key`, "whole numbers, slices, ... and None", `a ${item.kind}`);
  }
  const [start, stop, step] = [item.start, item.stop, item.step].map((bound) => {
    if (bound.kind === "value" && (bound.value === null || Number.isSafeInteger(bound.value)))
      return bound.value as number | null;
    throw new UnsupportedError(`${given.where}.key`, "slices between whole numbers", `a ${bound.kind}`);
  }) as [number | null, number | null, number | null];
  if (step === 0) throw new ConfigError(`${given.where}.key`, "a step other than 0", "0");
  return { kind: "slice", axis, start, stop, step: step ?? 1 };
}

/** Python's rule for slices: where they begin, and how many elements they take of `length`. */
function run(part: Part & { kind: "slice" }, length: number): { from: number; count: number } {
  const { start, stop, step } = part;
  const bound = (value: number | null, fallback: number) => {
    if (value === null) return fallback;
    const at = value < 0 ? value + length : value;
    return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
  };
  const from = bound(start, step > 0 ? 0 : length - 1);
  const to = bound(stop, step > 0 ? length : -1);
  return { from, count: Math.max(0, Math.ceil((to - from) / step)) };
}

function resultShape(parts: readonly Part[], shape: SymbolicShape): SymbolicShape {
  return parts.flatMap((part) => {
    if (part.kind === "new") return [1];
    if (part.kind === "index") return [];
    const length = shape[part.axis] ?? null;
    return [length === null ? null : run(part, length).count];
  });
}

/** The first element of a whole number's axis. */
function indexOf(given: Given<Typed>, at: number, length: number): number {
  const from = at < 0 ? at + length : at;
  if (from >= 0 && from < length) return from;
  throw new ConfigError(`${given.where}.key`, `an index into ${length} elements`, String(at));
}

/** Keras' class → kind. */
export const itemOperations = (): OperationTable => ({
  GetItem: {
    takes: ["x", "key"],
    result: (given) => {
      const { shape, dtype } = given.tensor("x");
      return [{ shape: resultShape(partsOf(given, shape.length), shape), dtype }];
    },
    plan: (plan, given) => {
      const x = given.tensor("x");
      const parts = partsOf(given, x.shape.length);
      const axes = parts.flatMap((part) => {
        if (part.kind === "new") return [];
        const length = x.dim(part.axis);
        if (part.kind === "index") return [{ from: indexOf(given, part.at, length), count: 1, step: 1 }];
        return [{ ...run(part, length), step: part.step }];
      });
      const y = emitSlice(
        plan,
        x,
        axes.map(({ from }) => from),
        axes.map(({ count }) => count),
        axes.map(({ step }) => step),
      );
      return [y.view(resultShape(parts, x.shape) as number[])];
    },
    pointwise: (given) => {
      const x = given.tensor("x");
      const [, second] = partsOf(given, x.shape.length);
      return x.timed && second?.kind === "slice" && second.start === null && second.stop === null && second.step === 1;
    },
  },
});
