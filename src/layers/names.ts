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

/** Layers by the keys under which Keras' weight files hold those of a list: `layers/lstm`, `layers/lstm_1`, … */
export function numbered<L extends { readonly className: string }>(
  list: string,
  layers: readonly L[],
): readonly (readonly [string, L])[] {
  const seen = new Map<string, number>();
  return layers.map((layer) => {
    const base = snakeCase(layer.className);
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return [`${list}/${count === 0 ? base : `${base}_${count}`}`, layer] as const;
  });
}
