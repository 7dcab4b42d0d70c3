/** Keras objects as files hold them: `{ class_name, config, module?, registered_name? }`, checked. */
import { FormatError, show, UnsupportedError } from "../errors";
import { isRecord } from "../options";
import type { Json, JsonObject, ObjectSpec } from "../spec";

/** Class names that older writers used for what Keras now calls otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  Model: "Functional",
  ModelV2: "Functional",
  CuDNNLSTM: "LSTM",
  CuDNNGRU: "GRU",
  LSTMV2: "LSTM",
  GRUV2: "GRU",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
};

/** What the name said that the new one does not. */
const IMPLIED: Readonly<Record<string, JsonObject>> = {
  CuDNNLSTM: { activation: "tanh", recurrent_activation: "sigmoid", use_bias: true },
  CuDNNGRU: { activation: "tanh", recurrent_activation: "sigmoid", use_bias: true, reset_after: true },
};

/** A JSON object, not a list or null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

/** True for what {@link objectSpec} reads: an initializer, a layer, a cell among the values of a configuration. */
export function isObjectSpec(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value.class_name === "string" && "config" in value;
}

/**
 * Reads a Keras object. Old class names become today's; a config that is a bare list of layers (Keras 2.2 and older)
 * becomes `{ layers }`.
 *
 * @throws {FormatError} when it is none. @throws {UnsupportedError} for a `__lambda__`, which is code.
 */
export function objectSpec(value: unknown, where: string): ObjectSpec {
  if (!isJsonObject(value)) throw new FormatError(where, "an object", show(value));
  const { class_name: className, config, module, registered_name: registeredName } = value;
  if (typeof className !== "string") throw new FormatError(`${where}.class_name`, "a name", show(className));
  if (className === "__lambda__") throw new UnsupportedError(where, "no code in a file", "a Python lambda");
  const settings = Array.isArray(config) ? { layers: config } : (config ?? {});
  if (!isJsonObject(settings)) throw new FormatError(`${where}.config`, "an object", show(config));
  return {
    className: Object.hasOwn(RENAMED, className) ? RENAMED[className]! : className,
    module: typeof module === "string" ? module : null,
    registeredName: typeof registeredName === "string" ? registeredName : null,
    config: Object.hasOwn(IMPLIED, className) ? { ...settings, ...IMPLIED[className] } : settings,
  };
}

/** A list of Keras objects at `key` of a configuration: the layers of a model, the cells of a stack. */
export function objectList(config: JsonObject, key: string, where: string): ObjectSpec[] {
  const list: Json | undefined = config[key];
  if (!Array.isArray(list)) throw new FormatError(`${where}.${key}`, "a list", show(list));
  return list.map((item, i) => objectSpec(item, `${where}.${key}[${i}]`));
}
