/** Which Keras wrote a file: its defaults, keys and functions follow from that, not from the library that reads it. */
import { UnsupportedError } from "../errors";
import type { Dialect } from "../spec";

/**
 * `3.9.2` → 3; `2.2.4-tf`, `2.1` and `tfjs-layers 4.22.0` → 2; a number counts as the major version.
 * Where the file is silent (null) or says something else, `silent` is the answer.
 *
 * @throws {UnsupportedError} for Keras 1 and older.
 */
export function dialectOf(kerasVersion: string | number | null, where: string, silent: Dialect = 3): Dialect {
  const text = String(kerasVersion ?? "");
  if (text.startsWith("tfjs-layers")) return 2;
  const major = Number(/^(\d+)(\.|$)/.exec(text)?.[1] ?? silent);
  if (major < 2) throw new UnsupportedError(where, "a file of Keras 2.0 or newer", `Keras ${text}`);
  return major === 2 ? 2 : 3;
}
