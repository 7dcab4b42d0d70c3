/** What a step of a stream is given: a timestep, and arrays for its outputs. */

import { ArgumentError, show } from "../errors";
import type { Slab } from "../ops/slab";
import type { Outputs, StepResult } from "./rows";

/** One timestep: [features]; a list of them, in the order of the inputs, for a model with several. */
export type Frame = ArrayLike<number> | readonly ArrayLike<number>[];

/** @throws {ArgumentError} when it is not a timestep of these inputs. */
export function checkFrame(where: string, inputs: readonly Slab[], frame: Frame): void {
  if (inputs.length === 1) {
    checkValues(where, "frame", inputs[0] as Slab, frame as ArrayLike<number>);
    return;
  }
  if (frame?.length !== inputs.length) {
    throw new ArgumentError(`${where}.step, frame`, `a list of ${inputs.length}`, show(frame));
  }
  for (const [k, input] of inputs.entries()) checkValues(where, `frame[${k}]`, input, frame[k] as ArrayLike<number>);
}

function checkValues(where: string, name: string, { size, dtype }: Slab, values: ArrayLike<number>): void {
  if (values?.length !== size) {
    throw new ArgumentError(`${where}.step, ${name}`, `${size} numbers`, values ? `${values.length}` : show(values));
  }
  if (dtype === "int32") checkIds(`${where}.step, ${name}`, values);
}

function checkIds(where: string, values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++) {
    const id = values[at] as number;
    if ((id | 0) !== id) throw new ArgumentError(where, "whole numbers", String(id));
  }
}

/** @throws {ArgumentError} when it is not for these outputs. */
export function checkOut(where: string, outputs: readonly Slab[], out: StepResult): void {
  if (outputs.length === 1) checkArray(where, "out", outputs[0] as Slab, out);
  else for (const [k, output] of outputs.entries()) checkArray(where, `out[${k}]`, output, (out as Outputs)[k]);
}

function checkArray(where: string, name: string, { size, dtype }: Slab, array: StepResult | undefined): void {
  const kind = dtype === "int32" ? Int32Array : Float32Array;
  if (array instanceof kind && array.length === size) return;
  throw new ArgumentError(`${where}.step, ${name}`, `${kind.name} of ${size}`, show(array));
}

/** The same numbers, to be kept. */
export function copyOf(frame: Frame): Frame {
  const isList = typeof frame[0] === "object";
  if (!isList) return Float64Array.from(frame as ArrayLike<number>);
  return (frame as readonly ArrayLike<number>[]).map((values) => Float64Array.from(values));
}
