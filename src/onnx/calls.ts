/** Calls of a model: the shapes of what is given and of what is left out, and samples cut into batches. */

import { ArgumentError, ShapeError, showShape } from "../errors";
import { type Batches, batchesOf } from "../models/batches";
import type { OnnxValue } from "../spec";
import type { Tensor } from "../tensor";
import { type Dimension, type OnnxInput, showDimensions } from "./shapes";

/** What is given for the inputs, in their order; undefined: a state left out. */
export type Given = readonly (Tensor | undefined)[];

/** The shapes of all inputs; the lengths of states left out are those that other inputs give their names. */
export function shapesOf(
  inputs: readonly OnnxInput[],
  declared: readonly OnnxValue[],
  given: Given,
): readonly (readonly number[])[] {
  const lengths = new Map<string, number>();
  given.forEach((t, k) => {
    t?.shape.forEach((d, axis) => {
      const name = declared.find((value) => value.name === inputs[k]?.name)?.shape?.[axis];
      if (typeof name === "string") lengths.set(name, d);
    });
  });
  const batch = given.find((t) => t !== undefined)?.shape[0] ?? 1;
  return inputs.map(({ shape }, k) => {
    const dimensions: readonly Dimension[] = given[k]?.shape ?? shape ?? [];
    return dimensions.map((d) => (typeof d === "number" ? d : (d !== null && lengths.get(d)) || batch));
  });
}

/** What is given, batch by batch. */
export interface Calls {
  readonly batches: Batches;
  /** The tensors of a batch, with those left out among them. */
  readonly all: (tensors: readonly Tensor[]) => Given;
}

/**
 * One batch of all unless a size is asked for: whether samples are independent is not said in a graph.
 *
 * @throws {ArgumentError} for a size where the first axis of an input is not open.
 */
export function callsOf(
  where: string,
  inputs: readonly OnnxInput[],
  given: Given,
  batchSize: number | undefined,
): Calls {
  const tensors = given.filter((t): t is Tensor => t !== undefined);
  const samples = tensors[0]?.shape[0] ?? 1;
  const all = (cut: readonly Tensor[]) => {
    let at = 0;
    return given.map((t) => t && cut[at++]);
  };
  if (batchSize === undefined) return { all, batches: { samples, size: samples, count: 1, inputs: () => tensors } };
  const fixed = inputs.find(({ shape }, k) => given[k] && typeof shape?.[0] === "number");
  if (fixed) {
    throw new ArgumentError(`${where}, batchSize`, "inputs whose first axis is open", showDimensions(fixed.shape));
  }
  const batches = batchesOf(where, tensors, batchSize, false, () => 0);
  return { all, batches: batches.count > 0 ? batches : { ...batches, count: 1 } };
}

/** Results of a batch can be put behind one another when each has a row a sample. @throws {ShapeError} */
export function checkRows(where: string, outputs: readonly OnnxValue[], results: readonly Tensor[], rows: number) {
  const odd = results.findIndex(({ shape }) => shape[0] !== rows);
  if (odd < 0) return;
  const expected = `${rows} rows for as many samples, or no batchSize`;
  throw new ShapeError(`${where}, output ${outputs[odd]?.name}`, expected, showShape(results[odd]?.shape ?? []));
}
