/** Names for layers that were given none: the class in snake_case, numbered in order of making. */

import { ConfigError, show } from "../errors";

const counts = new Map<string, number>();

/** `LSTM` → `lstm`, `SimpleRNN` → `simple_rnn`, `Conv1D` → `conv1d`: the rule of Keras. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** `lstm`, then `lstm_1`, `lstm_2`, … */
function defaultName(className: string): string {
  const base = snakeCase(className);
  const count = counts.get(base) ?? 0;
  counts.set(base, count + 1);
  return count === 0 ? base : `${base}_${count}`;
}

/** The name given, or the next default one. */
export function checkedName(className: string, given: unknown): string {
  if (given === undefined) return defaultName(className);
  if (typeof given === "string" && given !== "") return given;
  throw new ConfigError(`${className}.name`, "a non-empty string", show(given));
}
