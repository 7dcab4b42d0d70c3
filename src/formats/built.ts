/** A Keras configuration made for models that other programs describe in their own words. */
import { FormatError, show } from "../errors";
import type { Json, JsonObject, LayerWeights, ModelFormat, ModelSpec, NamedWeight, WeightTensor } from "../spec";
import { elementCount } from "./dtypes";
import type { Allowance } from "./limits";

/** A layer to be written into a configuration; its name is its place. */
export interface BuiltLayer {
  readonly className: string;
  readonly config: JsonObject;
  readonly weights: readonly NamedWeight[];
}

/** The input's shape without the batch axis, layers in order; `skip`: so many input features are added to the end. */
export interface BuiltModel {
  readonly format: ModelFormat;
  readonly name: string;
  readonly inputShape: readonly (number | null)[];
  readonly layers: readonly BuiltLayer[];
  readonly skip?: number;
}

const tensor = (layer: string): Json => ({ class_name: "__keras_tensor__", config: { keras_history: [layer, 0, 0] } });
const slice = (stop: number | null): Json => ({ class_name: "__slice__", config: { start: null, stop, step: null } });
const call = (...args: Json[]): Json => [{ args, kwargs: {} }];

/** A functional model in dialect 3 with positional weights. */
export function builtSpec({ format, name, inputShape, layers, skip = 0 }: BuiltModel): ModelSpec {
  const entries: Json[] = [object("InputLayer", "input", { batch_shape: [null, ...inputShape] }, [])];
  const weights: LayerWeights[] = [];
  let last = "input";
  for (const [i, layer] of layers.entries()) {
    const layerName = `layer_${i}`;
    entries.push(object(layer.className, layerName, layer.config, call(tensor(last))));
    weights.push({ name: layerName, weights: layer.weights });
    last = layerName;
  }
  if (skip > 0) {
    const all = skip === inputShape.at(-1);
    const features: Json = [slice(null), slice(null), slice(skip)];
    if (!all) entries.push(object("GetItem", "skipped", {}, call(tensor("input"), features), "keras.src.ops.numpy"));
    entries.push(object("Add", "sum", {}, call([tensor(last), tensor(all ? "input" : "skipped")])));
    last = "sum";
  }
  const ends = { input_layers: [["input", 0, 0]], output_layers: [[last, 0, 0]] };
  const config = { name: "model", trainable: true, layers: entries, ...ends };
  return {
    format,
    name,
    kerasVersion: null,
    dialect: 3,
    architecture: { module: "keras", class_name: "Functional", config, registered_name: "Functional" },
    weights: { kind: "layers", layers: weights },
    ignored: [],
  };
}

function object(className: string, name: string, config: JsonObject, inbound: Json, module = "keras.layers"): Json {
  const common = { module, class_name: className, registered_name: null, name };
  return { ...common, config: { name, ...config }, inbound_nodes: inbound };
}

/** Nested lists of numbers → a weight. @throws {FormatError} when they are ragged or hold anything else. */
export function nestedArray(json: Json | undefined, where: string, allowance: Allowance): WeightTensor {
  const shape: number[] = [];
  for (let level = json; Array.isArray(level); level = level[0]) shape.push(level.length);
  const count = elementCount(shape, where);
  allowance.spendWeight(where);
  allowance.spendBytes(where, 4 * count);
  const data = new Float32Array(count);
  let at = 0;
  const fill = (part: Json | undefined, depth: number): void => {
    if (depth === shape.length && typeof part === "number") data[at++] = part;
    else if (depth < shape.length && Array.isArray(part) && part.length === shape[depth]) {
      for (const item of part) fill(item, depth + 1);
    } else throw new FormatError(where, `nested lists of numbers, [${shape.join(", ")}]`, show(part));
  };
  fill(json, 0);
  return { shape, dtype: "float32", data };
}

/** A whole number of at least 1 among the settings of a file. @throws {FormatError} */
export function countOf(value: Json | undefined, where: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new FormatError(where, "a positive whole number", show(value));
}
