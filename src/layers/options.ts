/** Options as users type them: every key known, every default that of Keras 3. */

import { ConfigError, show, UnsupportedError } from "../errors";
import { type InitializerOption, initializerSpec } from "../initializers";
import { isRecord } from "../options";
import type { SymbolicShape } from "./symbolic";

/** What every layer takes. */
export interface LayerOptions {
  /** Defaults to the class name in snake_case with a number, as in Keras. */
  name?: string;
  /** Kept for the configuration; without effect on inference. */
  trainable?: boolean;
  /** Kept for the configuration; everything is computed in float32. */
  dtype?: unknown;
  /** Shape of the input without the batch axis, for the first layer of a sequential model. */
  inputShape?: SymbolicShape;
  /** Shape of the input with the batch axis. */
  batchInputShape?: SymbolicShape;
  /** A static batch size, for stateful layers. */
  batchSize?: number | null;
  /** Kept for the configuration; without effect on inference. */
  activityRegularizer?: unknown;
}

/** Keys that every layer takes beside its own. */
export const COMMON_OPTIONS = [
  ..."name trainable dtype inputShape batchInputShape batchSize activityRegularizer".split(" "),
];

/** Options that a file holds carry this: it is told of each key that the layer does not know, instead of an error. */
export const FROM_FILE: unique symbol = Symbol("from a file");

type FromFile = { readonly [FROM_FILE]?: (key: string) => void };

/**
 * Fills in defaults and refuses what is not known or not done.
 *
 * @param where The layer's class in camelCase, for messages.
 * @param defaults Every option of the layer in Keras' order; `undefined` marks one that must be given.
 * @param nulls Keys that are taken when their value is null, and mean nothing.
 */
export function readOptions<D extends object>(
  where: string,
  given: object,
  defaults: D,
  nulls: readonly string[] = [],
): D {
  if (!isRecord(given)) throw new ConfigError(where, "an object of options", show(given));
  const leaveOut = (given as FromFile)[FROM_FILE];
  for (const [key, value] of Object.entries(given)) {
    if (key === "timeMajor" && value === false) continue;
    if (key === "timeMajor") throw new UnsupportedError(`${where}.timeMajor`, "false", show(value));
    if (nulls.includes(key) && value !== null && value !== undefined) {
      throw new UnsupportedError(`${where}.${key}`, "null", show(value));
    }
    if (Object.hasOwn(defaults, key) || nulls.includes(key) || COMMON_OPTIONS.includes(key)) continue;
    if (leaveOut) leaveOut(key);
    else {
      throw new ConfigError(`${where}.${key}`, `one of ${Object.keys(defaults).join(", ")}`, "an unknown option");
    }
  }
  const read = { ...defaults } as Record<string, unknown>;
  for (const key of Object.keys(defaults)) {
    const value = (given as Record<string, unknown>)[key];
    if (value !== undefined) read[key] = value;
    if (read[key] === undefined) throw new ConfigError(`${where}.${key}`, "a value", "none");
  }
  return read as D;
}

/** A whole number of at least 1. */
export function positiveInteger(where: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw new ConfigError(where, "a positive integer", show(value));
}

/** A whole number of at least `least` for each of `count` axes; one number stands for all of them. */
export function wholeNumbers(where: string, value: unknown, count: number, least = 1): readonly number[] {
  const list = Array.isArray(value) ? value : new Array(count).fill(value);
  if (list.length === count && list.every((n) => Number.isSafeInteger(n) && n >= least)) return list;
  throw new ConfigError(where, `whole numbers of at least ${least}, ${count} or one for all`, show(value));
}

/** A shape, or undefined where none is given. */
export function shapeOption(where: string, value: unknown): SymbolicShape | undefined {
  if (value === undefined || value === null) return undefined;
  const isSize = (d: unknown) => d === null || (Number.isSafeInteger(d) && (d as number) >= 0);
  if (Array.isArray(value) && value.every(isSize)) return value;
  throw new ConfigError(where, "a list of whole numbers and nulls", show(value));
}

/** A finite number. */
export function finiteNumber(where: string, value: unknown, least = Number.NEGATIVE_INFINITY): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= least) return value;
  throw new ConfigError(
    where,
    least > Number.NEGATIVE_INFINITY ? `a number of at least ${least}` : "a number",
    show(value),
  );
}

/** Where the channels are: last, the only order that is done. */
export function channelsLast(where: string, value: unknown): "channels_last" {
  if (value === null || value === "channels_last") return "channels_last";
  if (value === "channels_first") throw new UnsupportedError(where, "channels_last", "channels_first");
  throw new ConfigError(where, "channels_last", show(value));
}

/** One of a few words. */
export function oneOf<T>(where: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw new ConfigError(where, `one of ${allowed.map(show).join(", ")}`, show(value));
}

/** The options named by the keys of `like`. */
export function pick<T extends object>(options: T, like: object): T {
  return Object.fromEntries(Object.entries(options).filter(([key]) => key in like)) as T;
}

/** `returnSequences` → `return_sequences`. */
export function snakeKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Options in Keras' keys; initializers and layers among the values become Keras objects. */
export function configOf(options: object): Record<string, unknown> {
  const entries = Object.entries(options).map(([key, value]) => {
    const isInitializer = key.endsWith("Initializer") && value !== null;
    return [snakeKey(key), isInitializer ? initializerSpec(value as InitializerOption) : configValue(value)];
  });
  return Object.fromEntries(entries);
}

/** Whatever can describe itself as a Keras object. */
interface Describable {
  toSpec(): Record<string, unknown>;
}

function configValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(configValue);
  return typeof (value as Describable | null)?.toSpec === "function" ? (value as Describable).toSpec() : value;
}
