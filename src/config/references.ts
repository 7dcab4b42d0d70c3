/** Arguments of the calls in a functional graph: tensors of other calls, values, slices; one form for both dialects. */
import { FormatError, show, UnsupportedError } from "../errors";
import type { Json, JsonObject } from "../spec";
import { isJsonObject } from "./object";

/** Output number `tensor` of call number `node` of a layer. */
export interface TensorRef {
  readonly kind: "tensor";
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** An argument. Lists and objects may hold tensors at any depth; `value` is plain JSON without any. */
export type GraphValue =
  | TensorRef
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "list"; readonly items: readonly GraphValue[] }
  | { readonly kind: "object"; readonly entries: Readonly<Record<string, GraphValue>> }
  | { readonly kind: "slice"; readonly start: GraphValue; readonly stop: GraphValue; readonly step: GraphValue }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "array"; readonly dtype: string; readonly values: Json };

/** All tensors in an argument, in the order of writing. */
export function tensorsIn(value: GraphValue): TensorRef[] {
  if (value.kind === "tensor") return [value];
  if (value.kind === "list") return value.items.flatMap(tensorsIn);
  if (value.kind === "object") return Object.values(value.entries).flatMap(tensorsIn);
  return value.kind === "slice" ? [value.start, value.stop, value.step].flatMap(tensorsIn) : [];
}

/** The same argument with its tensors replaced. */
export function mapTensors(value: GraphValue, change: (ref: TensorRef) => TensorRef): GraphValue {
  const map = (part: GraphValue) => mapTensors(part, change);
  if (value.kind === "tensor") return change(value);
  if (value.kind === "list") return { ...value, items: value.items.map(map) };
  if (value.kind === "slice")
    return { ...value, start: map(value.start), stop: map(value.stop), step: map(value.step) };
  if (value.kind !== "object") return value;
  return {
    ...value,
    entries: Object.fromEntries(Object.entries(value.entries).map(([key, part]) => [key, map(part)])),
  };
}

/** Keras 3: tagged objects among plain JSON. @throws {FormatError} @throws {UnsupportedError} for code. */
export function readValue(json: Json, where: string): GraphValue {
  if (Array.isArray(json)) return list(json.map((item, i) => readValue(item, `${where}[${i}]`)));
  if (!isJsonObject(json)) return { kind: "value", value: json };
  const { class_name: tag, config } = json;
  if (typeof tag === "string" && tag.startsWith("__")) return readTagged(tag, config, where);
  const entries = Object.entries(json).map(([key, item]) => [key, readValue(item, `${where}.${key}`)] as const);
  if (entries.every(([, item]) => item.kind === "value")) return { kind: "value", value: json };
  return { kind: "object", entries: Object.fromEntries(entries) };
}

function readTagged(tag: string, config: Json | undefined, where: string): GraphValue {
  const fields: JsonObject = isJsonObject(config) ? config : {};
  switch (tag) {
    case "__keras_tensor__":
      return tensorRef(fields.keras_history, `${where}.keras_history`);
    case "__slice__": {
      const bound = (key: string) => readValue(fields[key] ?? null, `${where}.${key}`);
      return { kind: "slice", start: bound("start"), stop: bound("stop"), step: bound("step") };
    }
    case "__ellipsis__":
      return { kind: "ellipsis" };
    case "__tensor__":
    case "__numpy__":
      return { kind: "array", dtype: String(fields.dtype ?? "float32"), values: fields.value ?? null };
    case "__lambda__":
      throw new UnsupportedError(where, "no code in a file", "a Python lambda");
    case "__bytes__":
    case "__typespec__":
      return { kind: "value", value: config ?? null };
    default:
      throw new FormatError(where, "an argument that Keras writes", tag);
  }
}

/**
 * Keras 2: `["layer", 0, 0]` or `["layer", 0, 0, {kwargs}]` is a tensor, `["_CONSTANT_VALUE", -1, value]` a value.
 *
 * @param isLayer Tells names of layers from other words, which may stand first in a list of arguments too.
 */
export function readKeras2Value(json: Json, isLayer: (name: string) => boolean, where: string): GraphValue {
  if (Array.isArray(json)) {
    const [name, node, tensor] = json;
    if (typeof name === "string" && json.length >= 3 && json.length <= 4) {
      if (name === "_CONSTANT_VALUE" && node === -1) return { kind: "value", value: tensor ?? null };
      if (isLayer(name) && typeof node === "number") return tensorRef(json, where);
    }
    const items = json.map((item, i) => readKeras2Value(item, isLayer, `${where}[${i}]`));
    return items.every((item) => item.kind === "value") ? { kind: "value", value: json } : list(items);
  }
  if (!isJsonObject(json)) return { kind: "value", value: json };
  const read = ([key, item]: [string, Json]) => [key, readKeras2Value(item, isLayer, `${where}.${key}`)] as const;
  const entries = Object.entries(json).map(read);
  if (entries.every(([, item]) => item.kind === "value")) return { kind: "value", value: json };
  return { kind: "object", entries: Object.fromEntries(entries) };
}

/** @throws {FormatError} when it is not `[name, node, tensor, …]`. */
export function tensorRef(json: Json | undefined, where: string): TensorRef {
  const [layer, node, tensor] = Array.isArray(json) ? json : [];
  const isIndex = (n: Json | undefined): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  if (typeof layer !== "string" || !isIndex(node) || !isIndex(tensor)) {
    throw new FormatError(where, "[layer name, call number, output number]", show(json));
  }
  return { kind: "tensor", layer, node, tensor };
}

/** A list without tensors is a plain value. */
function list(items: readonly GraphValue[]): GraphValue {
  if (!items.every((item) => item.kind === "value")) return { kind: "list", items };
  return { kind: "value", value: items.map((item) => (item as { value: Json }).value) };
}
