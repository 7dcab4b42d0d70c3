/** What a stream is given: a timestep, an array for its outputs, a snapshot of its states. */

import { ArgumentError, show } from "../errors";
import type { Slab } from "../ops/slab";

/**
 * Checks the numbers of one timestep.
 * @throws {ArgumentError} when there are too few or too many, or one of an input of ids is not whole.
 */
export function checkFrame(where: string, name: string, { size, dtype }: Slab, values: ArrayLike<number>): void {
  if (values?.length !== size) {
    throw new ArgumentError(`${where}.step, ${name}`, `${size} numbers`, values ? `${values.length}` : show(values));
  }
  if (dtype === "int32") checkIds(where, name, values);
}

function checkIds(where: string, name: string, values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++) {
    const id = values[at] as number;
    if ((id | 0) !== id) throw new ArgumentError(`${where}.step, ${name}`, "whole numbers", String(id));
  }
}

/** @throws {ArgumentError} when the output does not fit into the array. */
export function checkOut(where: string, name: string, { size, dtype }: Slab, array: unknown): void {
  const kind = dtype === "int32" ? Int32Array : Float32Array;
  if (array instanceof kind && array.length === size) return;
  const got = array instanceof kind ? `${array.length}` : show(array);
  throw new ArgumentError(`${where}.step, ${name}`, `${kind.name} of ${size}`, got);
}

/**
 * The numbers of a snapshot, whose bytes may stand anywhere in a buffer.
 * @throws {ArgumentError} when it is none of so many numbers.
 */
export function statesOf(where: string, snapshot: Float32Array | Uint8Array, size: number): Float32Array {
  const isSnapshot = snapshot instanceof Float32Array || snapshot instanceof Uint8Array;
  if (isSnapshot && snapshot.byteLength === 4 * size) {
    const { buffer, byteOffset, byteLength } = snapshot;
    return new Float32Array(new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength)).buffer);
  }
  const got = isSnapshot ? `${snapshot.byteLength}` : show(snapshot);
  throw new ArgumentError(`${where}.setState`, `a snapshot of ${4 * size} bytes`, got);
}
