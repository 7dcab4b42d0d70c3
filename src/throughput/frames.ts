/** What a step of a stream is given: a timestep, and arrays for its outputs. */

import { ArgumentError, show } from "../errors";
import { checkFrame, checkOut } from "../models/frame";
import type { Slab } from "../ops/slab";
import type { Outputs, StepResult } from "./rows";

/** One timestep: [features]; a list of them, in the order of the inputs, for a model with several. */
export type Frame = ArrayLike<number> | readonly ArrayLike<number>[];

/** @throws {ArgumentError} when it is not a timestep of these inputs. */
export function checkFrames(where: string, inputs: readonly Slab[], frame: Frame): void {
  if (inputs.length === 1) {
    checkFrame(where, "frame", inputs[0] as Slab, frame as ArrayLike<number>);
    return;
  }
  if (frame?.length !== inputs.length) {
    throw new ArgumentError(`${where}.step, frame`, `a list of ${inputs.length}`, show(frame));
  }
  for (const [k, input] of inputs.entries()) checkFrame(where, `frame[${k}]`, input, frame[k] as ArrayLike<number>);
}

/** @throws {ArgumentError} when it is not for these outputs. */
export function checkOuts(where: string, outputs: readonly Slab[], out: StepResult): void {
  if (outputs.length === 1) checkOut(where, "out", outputs[0] as Slab, out);
  else for (const [k, output] of outputs.entries()) checkOut(where, `out[${k}]`, output, (out as Outputs)[k]);
}

/** The same numbers, to be kept. */
export function copyOf(frame: Frame): Frame {
  const isList = typeof frame[0] === "object";
  if (!isList) return Float64Array.from(frame as ArrayLike<number>);
  return (frame as readonly ArrayLike<number>[]).map((values) => Float64Array.from(values));
}
