/** Initializers by name and by object. */

import { ConfigError, show } from "../errors";
import { isRecord } from "../options";
import { KINDS } from "./kinds";

/**
 * A Keras name (`glorot_uniform`, `GlorotUniform`, `glorotUniform`), or an object `{ className, config }`, or a Keras
 * object `{ class_name, config }` as files hold it and `initializers.glorotUniform({ seed: 1 })` gives it.
 */
export type InitializerOption = string | Readonly<Record<string, unknown>>;

/** Other names that Keras knows. */
const ALIASES: Readonly<Record<string, string>> = {
  one: "Ones",
  zero: "Zeros",
  normal: "RandomNormal",
  uniform: "RandomUniform",
  IdentityInitializer: "Identity",
  OrthogonalInitializer: "Orthogonal",
};

/** A class of KINDS and all its arguments by Keras' keys. */
export interface Resolved {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Finds the class and fills in its defaults; null means `glorot_uniform`, as in Keras.
 * @throws {ConfigError} for names and arguments that Keras does not know.
 */
export function resolve(where: string, option: InitializerOption | null): Resolved {
  const given = typeof option === "string" ? { className: option } : (option ?? { className: "GlorotUniform" });
  const { className: own, class_name: name = own, config = {} } = given as Record<string, unknown>;
  const className = typeof name === "string" ? (ALIASES[name] ?? classOf(name)) : "";
  if (!Object.hasOwn(KINDS, className)) {
    throw new ConfigError(where, `an initializer among ${Object.keys(KINDS).join(", ")}`, show(name ?? option));
  }
  if (!isRecord(config)) throw new ConfigError(`${where}.config`, "an object", show(config));
  const { defaults } = KINDS[className]!;
  const values: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(config)) {
    const known = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (known in defaults) values[known] = value;
    // Keras 2 writes the type of the numbers, too.
    else if (known !== "dtype") {
      throw new ConfigError(`${where}.${key}`, `one of ${Object.keys(defaults).join(", ")}`, "an unknown option");
    }
  }
  return { className, config: values };
}

/** `glorot_uniform` and `glorotUniform` → `GlorotUniform`. */
function classOf(name: string): string {
  return name.replace(/(^|_)[a-z]/g, (start) => start.slice(-1).toUpperCase());
}

/** As a Keras object. */
export function kerasObject({ className, config }: Resolved): Readonly<Record<string, unknown>> {
  return { module: "keras.initializers", class_name: className, config, registered_name: null };
}
