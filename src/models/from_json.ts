/** JSON → models: the architecture without the weights. */

import { dialectOf } from "../config/dialect";
import { isJsonObject, objectSpec } from "../config/object";
import { FormatError, show } from "../errors";
import { newReading } from "../layers/deserialize";
import type { Result } from "../layers/layer";
import type { CustomLayer } from "../layers/registry";
import type { SymbolicTensor } from "../layers/symbolic";
import { checkOptions } from "../options";
import type { JsonObject } from "../spec";
import type { Tensor } from "../tensor";
import { modelFromSpec } from "./from_config";
import type { Model } from "./model";

/** What a model gives of which nothing is known before it is there. */
export interface AnyResult extends Result {
  symbolic: SymbolicTensor | SymbolicTensor[];
  concrete: Tensor | Tensor[];
}

/** What {@link modelFromJSON} may be told. */
export interface FromJSONOptions {
  /** Which Keras wrote it; by default what the JSON says. */
  kerasVersion?: 2 | 3 | (string & {});
  /** Class name → what makes a user's layer of its configuration. */
  customLayers?: Readonly<Record<string, CustomLayer>>;
}

/**
 * Makes a model of what `model.toJSON()` gave here, or `model.to_json()` in Keras. Its weights begin as initializers
 * make them.
 *
 * @param json Text, or what it stands for.
 * @throws {FormatError} when it is no model. @throws {UnsupportedError} naming the layer that is not done here.
 *
 * @example
 * const copy = modelFromJSON(model.toJSON());
 * copy.setWeights(model.getWeights());
 */
export function modelFromJSON(json: string | object, options: FromJSONOptions = {}): Model<AnyResult> {
  const where = "modelFromJSON";
  checkOptions(options, where);
  const object = typeof json === "string" ? parsed(json, where) : json;
  if (!isJsonObject(object)) throw new FormatError(where, "an object", show(object));
  const version = options.kerasVersion ?? versionOf(object);
  const reading = newReading(dialectOf(version, where), { custom: options.customLayers ?? {} });
  return modelFromSpec(objectSpec(object, where), where, reading) as Model<AnyResult>;
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(where, "JSON", (cause as Error).message, { cause });
  }
}

/** Keras 2 names its version; Keras 3 does not, and names modules. */
function versionOf(json: JsonObject): string | number {
  if (typeof json.keras_version === "string") return json.keras_version;
  return "module" in json ? 3 : 2;
}
