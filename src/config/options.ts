/** A Keras configuration → options as users type them, in the dialect of the file. */
import { show, UnsupportedError } from "../errors";
import type { Dialect, Json, JsonObject } from "../spec";
import { isJsonObject } from "./object";

/** `return_sequences` → `returnSequences`. */
export function camelKey(key: string): string {
  return key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Class → Keras key → option, where camelCase alone is not the name. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  InputLayer: { batch_input_shape: "batchShape", input_shape: "shape" },
  LeakyReLU: { alpha: "negativeSlope" },
};

/** Class → option → what an absent key meant to the writers of Keras 2. */
const ABSENT_IN_KERAS_2: Readonly<Record<string, JsonObject>> = {
  GRU: { resetAfter: false },
  GRUCell: { resetAfter: false },
};

/** Keys of weights that were quantized or extended after training: null, or not done here. */
const ONLY_NULL = ["lora_rank", "lora_alpha", "quantization_config", "quantization_mode"];

const ACTIVATIONS = ["activation", "recurrent_activation"];

/**
 * Translates the configuration of one object: keys become camelCase; Keras objects among the values (layers, cells,
 * initializers) stay raw JSON.
 *
 * In dialect 2 `hard_sigmoid` becomes `hard_sigmoid_keras2` and a GRU without `reset_after` gets `resetAfter: false`.
 * A dtype policy becomes its name, an activation given as a function object its name.
 *
 * @throws {UnsupportedError} for quantized and low-rank-adapted layers and for `time_major`.
 */
export function optionsFromConfig(
  className: string,
  config: JsonObject,
  dialect: Dialect,
  where: string,
): Record<string, Json> {
  const renamed = Object.hasOwn(RENAMED, className) ? RENAMED[className]! : {};
  const options = new Map<string, Json>();
  for (const [key, value] of Object.entries(config)) {
    if (isRefused(key, value)) throw new UnsupportedError(`${where}.${key}`, "null or false", show(value));
    options.set(Object.hasOwn(renamed, key) ? renamed[key]! : camelKey(key), translated(key, value, dialect));
  }
  if (className === "BatchNormalization") options.set("axis", single(options.get("axis") ?? -1));
  if (className === "Bidirectional" && dialect === 2) turnedForKeras2(options);
  const absent = dialect === 2 && Object.hasOwn(ABSENT_IN_KERAS_2, className) ? ABSENT_IN_KERAS_2[className]! : {};
  for (const [option, value] of Object.entries(absent)) if (!options.has(option)) options.set(option, value);
  return Object.fromEntries(options);
}

function isRefused(key: string, value: Json): boolean {
  if (ONLY_NULL.includes(key)) return value !== null;
  return key === "time_major" && value !== false && value !== null;
}

function translated(key: string, value: Json, dialect: Dialect): Json {
  if (key === "dtype") return policyName(value);
  if (ACTIVATIONS.includes(key)) return activationName(value, dialect);
  return value;
}

/** `float32`, `mixed_float16`, …, from a plain name or a policy object of either dialect. */
export function policyName(dtype: Json): Json {
  if (!isJsonObject(dtype)) return dtype;
  return isJsonObject(dtype.config) ? (dtype.config.name ?? null) : null;
}

/** A name stays a name, but for the one function that changed; a layer used as an activation stays an object. */
export function activationName(value: Json, dialect: Dialect): Json {
  const named = isJsonObject(value) && value.class_name === "function" ? (value.config ?? null) : value;
  return named === "hard_sigmoid" && dialect === 2 ? "hard_sigmoid_keras2" : named;
}

/** Keras 2 writes the axis of a batch normalization as a list of one. */
function single(axis: Json): Json {
  return Array.isArray(axis) && axis.length === 1 ? axis[0]! : axis;
}

/** Keras 2 ran the second layer against the first, whichever way that went; Keras 3 refuses a first that goes back. */
function turnedForKeras2(options: Map<string, Json>): void {
  const layer = options.get("layer");
  if (!isJsonObject(layer) || !isJsonObject(layer.config) || !layer.config.go_backwards) return;
  if (options.get("backwardLayer")) return;
  const name = `backward_${layer.config.name ?? "layer"}`;
  options.set("backwardLayer", { ...layer, config: { ...layer.config, go_backwards: false, name } });
}
