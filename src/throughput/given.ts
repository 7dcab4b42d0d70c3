/** What batchers and pools are made of, as callers give it. */

import { ArgumentError, show } from "../errors";

/**
 * @param marks Members, one of which it must have.
 * @throws {ArgumentError} for what has none, as the graph of an ONNX file has nothing of a model of layers.
 */
export function checkMade(where: string, wanted: string, given: unknown, marks: readonly string[]): void {
  if (given !== null && typeof given === "object" && marks.some((mark) => mark in given)) return;
  throw new ArgumentError(where, wanted, show(given));
}
