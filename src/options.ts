/** Options as callers give them. */

import { ArgumentError, show } from "./errors";

/** True for an object that is neither a list nor an array of numbers. */
export function isRecord(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
}

/**
 * @param method That of the object `where`; names are put together for messages alone, not in every call.
 * @throws {ArgumentError} for options that are none, `null` among them.
 */
export function checkOptions(given: unknown, where: string, method?: string): void {
  if (isRecord(given)) return;
  throw new ArgumentError(method ? `${where}.${method}` : where, "an object of options", show(given));
}

/**
 * Fills in defaults; an option that is undefined is as good as absent.
 * @throws {ArgumentError} for an option that is not among the defaults.
 */
export function readGiven<D extends object>(where: string, given: Partial<D>, defaults: D): D {
  checkOptions(given, where);
  const unknown = Object.keys(given).find((key) => !(key in defaults));
  if (unknown !== undefined) {
    throw new ArgumentError(where, `options among ${Object.keys(defaults).join(", ")}`, unknown);
  }
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(known) };
}
