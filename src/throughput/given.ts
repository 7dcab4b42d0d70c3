/** What batchers and pools are made of, as callers give it. */

import { ArgumentError, show } from "../errors";

/**
 * Fills in defaults; an option that is undefined is as good as absent.
 * @throws {ArgumentError} for an option that is not among the defaults.
 */
export function readGiven<D extends object>(where: string, given: Partial<D>, defaults: D): D {
  const unknown = Object.keys(given).find((key) => !(key in defaults));
  if (unknown !== undefined) {
    throw new ArgumentError(where, `options among ${Object.keys(defaults).join(", ")}`, unknown);
  }
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(known) };
}

/**
 * @param marks Members, one of which it must have.
 * @throws {ArgumentError} for what has none, as the graph of an ONNX file has nothing of a model of layers.
 */
export function checkMade(where: string, wanted: string, given: unknown, marks: readonly string[]): void {
  if (given !== null && typeof given === "object" && marks.some((mark) => mark in given)) return;
  throw new ArgumentError(where, wanted, show(given));
}
