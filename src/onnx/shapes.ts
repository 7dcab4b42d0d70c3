/** Shapes of inputs: as the file declares them, as the options say, and as data has them. */

import { ArgumentError, ShapeError, show } from "../errors";
import type { OnnxValue } from "../spec";

/** A length, the name of one, or null where nothing is said. */
export type Dimension = number | string | null;

/** An input with what is known of its shape; null: not even the number of axes. */
export interface OnnxInput {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly Dimension[] | null;
}

/** The declared shape with the lengths that an option says. @throws {ArgumentError} where they disagree. */
export function withShape(where: string, input: OnnxValue, given: readonly (number | null)[] | undefined): OnnxInput {
  const { name, dtype, shape } = input;
  if (given === undefined) return { name, dtype, shape };
  const fits = (d: number | null, axis: number) => {
    const declared = shape?.[axis];
    return d === null || (Number.isSafeInteger(d) && d >= 0 && (typeof declared !== "number" || declared === d));
  };
  if (!Array.isArray(given) || (shape && given.length !== shape.length) || !given.every(fits)) {
    throw new ArgumentError(`${where}, inputShapes.${name}`, showDimensions(shape), show(given));
  }
  return { name, dtype, shape: given.map((d, axis) => d ?? shape?.[axis] ?? null) };
}

/** Whether data fits, and names mean one length everywhere. @throws {ShapeError} */
export function checkShapes(where: string, inputs: readonly OnnxInput[], shapes: readonly (readonly number[])[]): void {
  const lengths = new Map<string, number>();
  inputs.forEach(({ name, shape }, k) => {
    const got = shapes[k] as readonly number[];
    const fits = (d: Dimension, axis: number) => {
      const length = got[axis] as number;
      if (typeof d === "string" && !lengths.has(d)) lengths.set(d, length);
      return d === null || length === (typeof d === "string" ? lengths.get(d) : d);
    };
    if (!shape || (shape.length === got.length && shape.every(fits))) return;
    const named = shape.map((d) => (typeof d === "string" ? `${d}${suffix(lengths.get(d))}` : d));
    throw new ShapeError(`${where}, input ${name}`, showDimensions(named), `[${got.join(", ")}]`);
  });
}

const suffix = (length: number | undefined) => (length === undefined ? "" : ` = ${length}`);

export function showDimensions(shape: readonly Dimension[] | null): string {
  return shape ? `[${shape.map((d) => d ?? "null").join(", ")}]` : "any shape";
}

/**
 * Shapes of one timestep. The axis called batch (or else the first one) of the first frame has `batch` elements; named
 * lengths are what the options say of them anywhere, else 1.
 *
 * @param declared The same inputs as the file declares them, with their names.
 */
export function frameShapes(
  where: string,
  inputs: readonly OnnxInput[],
  declared: readonly OnnxValue[],
  batch: number | undefined,
): readonly (readonly number[])[] {
  if (batch !== undefined && !(Number.isSafeInteger(batch) && batch > 0)) {
    throw new ArgumentError(`${where}.createStream, batch`, "a positive integer", show(batch));
  }
  const lengths = new Map<string, number>();
  inputs.forEach(({ shape }, k) => {
    shape?.forEach((d, axis) => {
      const name = declared[k]?.shape?.[axis];
      if (typeof d === "number" && typeof name === "string") lengths.set(name, d);
    });
  });
  const [first] = declared;
  const named = first?.shape?.findIndex((d) => typeof d === "string" && /batch/i.test(d)) ?? -1;
  const axisOfBatch = Math.max(0, named);
  const name = first?.shape?.[axisOfBatch];
  if (batch !== undefined && typeof name === "string") lengths.set(name, batch);
  return inputs.map(({ name: input, shape }, k) => {
    if (!shape) throw new ShapeError(`${where}, input ${input}`, "its shape in inputShapes", "none");
    return shape.map((d, axis) => {
      const known = declared[k]?.shape?.[axis] ?? d;
      if (typeof known === "string") return lengths.get(known) ?? 1;
      if (batch !== undefined && k === 0 && axis === axisOfBatch && d !== batch && d !== null) {
        throw new ShapeError(`${where}.createStream, batch`, `${d}, as the model has it`, String(batch));
      }
      return typeof d === "number" ? d : k === 0 && axis === axisOfBatch ? (batch ?? 1) : 1;
    });
  });
}
