/** Keras objects → layers. */

import { dialectOf } from "../config/dialect";
import { isObjectSpec, objectSpec } from "../config/object";
import { optionsFromConfig } from "../config/options";
import { UnsupportedError } from "../errors";
import { checkOptions } from "../options";
import type { Dialect, ObjectSpec } from "../spec";
import type { Layer, Result } from "./layer";
import { FROM_FILE } from "./options";
import { type CustomLayer, checkedLayer, customLayer, knownLayer, knownLayers } from "./registry";

/** What reading a file knows, and what it collects for the report. */
export interface Reading {
  readonly dialect: Dialect;
  /** Class name → what makes a user's layer. */
  readonly custom: Readonly<Record<string, CustomLayer>>;
  /** Makes the models inside layers; absent where only layers are read. */
  readonly model?: (spec: ObjectSpec, where: string, reading: Reading) => Layer<Result>;
  /** Keys that no layer here knows: `lstm.implementation`. */
  readonly ignored: Set<string>;
  /** Types other than float32 that layers were to compute in. */
  readonly policies: Set<string>;
}

/** A reading of one dialect, with nothing collected yet. */
export function newReading(dialect: Dialect, parts: Partial<Reading> = {}): Reading {
  return { dialect, custom: {}, ignored: new Set(), policies: new Set(), ...parts };
}

const MODELS = ["Sequential", "Functional"];

/** Options of layers that hold layers. */
const NESTED = ["layer", "backwardLayer", "cell", "cells"];

/** Keys of Keras 2 that change nothing here. */
const WITHOUT_EFFECT = ["implementation", "timeMajor", "inputLength"];

/**
 * Makes a layer of a Keras object.
 *
 * @throws {UnsupportedError} naming the layer when there is none of that class, or when it holds code.
 * @throws {ConfigError} when its configuration is wrong. @throws {FormatError} when it is no Keras object.
 */
export function readLayer(json: unknown, where: string, reading: Reading): Layer<Result> {
  return makeLayer(objectSpec(json, where), where, reading);
}

/** The same for an object whose envelope has been read. */
export function makeLayer(spec: ObjectSpec, where: string, reading: Reading): Layer<Result> {
  const { className, registeredName, config } = spec;
  const custom = customLayer(className, registeredName, reading.custom);
  if (custom) return checkedLayer(where, custom(config), config.name);
  if (MODELS.includes(className) && reading.model) return reading.model(spec, where, reading);
  const name = typeof config.name === "string" ? config.name : where;
  const given: Record<string | symbol, unknown> = optionsFromConfig(className, config, reading.dialect, name);
  for (const [key, value] of Object.entries(given)) {
    const code = isObjectSpec(value) && value.class_name === "__lambda__";
    if (code) throw new UnsupportedError(`${name}.${key}`, "no code in a file", "a Python lambda");
    if (NESTED.includes(key)) given[key] = nested(value, `${name}.${key}`, reading);
  }
  const { dtype } = given;
  if (typeof dtype === "string" && className !== "InputLayer" && dtype !== "float32") reading.policies.add(dtype);
  const leaveOut = (key: string) => {
    const value = given[key];
    if (value !== null && value !== undefined && !WITHOUT_EFFECT.includes(key)) reading.ignored.add(`${name}.${key}`);
  };
  given[FROM_FILE] = leaveOut;
  const layer = knownLayer(className, given);
  if (layer) return layer;
  throw new UnsupportedError(
    `layer ${className} (${name})`,
    `one of ${knownLayers().join(", ")}`,
    reasonFor(className),
  );
}

function nested(value: unknown, where: string, reading: Reading): unknown {
  if (Array.isArray(value)) return value.map((item, k) => nested(item, `${where}[${k}]`, reading));
  return isObjectSpec(value) ? readLayer(value, where, reading) : value;
}

function reasonFor(className: string): string {
  if (className === "Lambda") return "Lambda, which is Python code";
  if (MODELS.includes(className)) return "a model inside a layer, which modelFromJSON and loadModel read";
  return className;
}

/** What {@link deserialize} may be told. */
export interface DeserializeOptions {
  /** Which Keras wrote the configuration: its names, defaults and `hard_sigmoid`. Default 3. */
  kerasVersion?: 2 | 3 | (string & {});
  /** Class name → what makes a user's layer of its configuration. */
  customLayers?: Readonly<Record<string, CustomLayer>>;
}

/**
 * Makes a layer of a Keras configuration. Keys that it does not know are left out.
 *
 * @throws {UnsupportedError} when there is no such layer here. @throws {ConfigError} when a value is wrong.
 *
 * @example
 * const lstm = layers.deserialize({ class_name: "LSTM", config: { units: 4, return_sequences: true } });
 * lstm.name; // "lstm"
 */
export function deserialize(
  spec: { readonly class_name: string; readonly config: Readonly<Record<string, unknown>> },
  options: DeserializeOptions = {},
): Layer<Result> {
  checkOptions(options, "deserialize");
  const dialect = dialectOf(options.kerasVersion ?? 3, "deserialize");
  const reading = newReading(dialect, { custom: options.customLayers ?? {} });
  return readLayer(spec, "deserialize", reading);
}
