/** The configuration of a functional model → its layers, their calls in an order that can be run, and its ends. */
import { FormatError, show } from "../errors";
import type { Dialect, Json, JsonObject, ObjectSpec } from "../spec";
import { isJsonObject, objectSpec } from "./object";
import {
  type GraphValue,
  mapTensors,
  readKeras2Value,
  readValue,
  type TensorRef,
  tensorRef,
  tensorsIn,
} from "./references";

/** One call. Dialect 2 gives an RNN its initial states after the input, in one list; dialect 3 as `initial_state`. */
export interface GraphCall {
  readonly dialect: Dialect;
  readonly args: readonly GraphValue[];
  readonly kwargs: Readonly<Record<string, GraphValue>>;
  /** Written here, not by Keras: the mask that the input carries counts though there is an initial state. */
  readonly impliedMask?: boolean;
}

/** A layer, or an operation that Keras 3 keeps among the layers (told apart by `spec.module`). */
export interface GraphLayer {
  readonly name: string;
  readonly spec: ObjectSpec;
  /** Empty for an input layer. */
  readonly calls: readonly GraphCall[];
}

export interface FunctionalGraph {
  readonly name: string | null;
  /** In the order of the file, which is that of `model.layers` and of the groups of weights. */
  readonly layers: readonly GraphLayer[];
  /** Every call after those whose results it takes. */
  readonly order: readonly { readonly layer: GraphLayer; readonly node: number }[];
  /** A tensor, or lists and objects of tensors. */
  readonly inputs: GraphValue;
  readonly outputs: GraphValue;
}

/**
 * Reads `{ name, layers, input_layers, output_layers }` of either dialect.
 *
 * @throws {FormatError} when a name comes twice, a reference leads nowhere or the calls go round in a circle.
 * @throws {UnsupportedError} when an argument holds code.
 */
export function readGraph(config: JsonObject, where: string): FunctionalGraph {
  const entries = config.layers;
  if (!Array.isArray(entries)) throw new FormatError(`${where}.layers`, "a list", show(entries));
  const names = entries.map((entry, i) => layerName(entry, `${where}.layers[${i}]`));
  const known = new Set(names);
  if (known.size < names.length) {
    const twice = names.find((name, i) => names.indexOf(name) < i);
    throw new FormatError(`${where}.layers`, "different names", `${show(twice)} twice`);
  }
  const isLayer = (name: string) => known.has(name);
  const written = entries.map((entry, i) => readLayer(entry as JsonObject, names[i]!, isLayer, `${where}.${names[i]}`));
  const ends = [config.input_layers, config.output_layers] as const;
  const { layers, inputs, outputs } = countFromZero(
    written,
    readEnds(ends[0], `${where}.input_layers`),
    readEnds(ends[1], `${where}.output_layers`),
  );
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  for (const ref of [inputs, outputs].flatMap(tensorsIn)) find(byName, ref, where);
  const name = typeof config.name === "string" ? config.name : null;
  return { name, layers, order: orderCalls(layers, byName, where), inputs, outputs };
}

/**
 * The calls of a model inside a model are counted from 1 by tf.keras, everywhere (Keras 2.2 and older counted from 0;
 * every call is used, so a 0 tells), and by Keras 3 among `input_layers` and `output_layers` only.
 *
 * Source: Keras 3, models/functional.py, `get_config` and `functional_from_config`.
 */
function countFromZero(layers: readonly GraphLayer[], inputs: GraphValue, outputs: GraphValue) {
  const isKeras3 = layers.some(({ calls }) => calls.some((call) => call.dialect === 3));
  const inCalls = layers.flatMap(({ calls }) => calls.flatMap(sourcesOf));
  const zero = new Set(
    [...inCalls, ...tensorsIn(inputs), ...tensorsIn(outputs)].flatMap((r) => (r.node ? [] : [r.layer])),
  );
  const shifted = new Set<string>();
  for (const { name, spec } of layers) {
    if (isKeras3 ? "input_layers" in spec.config : "layers" in spec.config && !zero.has(name)) shifted.add(name);
  }
  const shift = (ref: TensorRef) => (shifted.has(ref.layer) && ref.node > 0 ? { ...ref, node: ref.node - 1 } : ref);
  const shiftIn = (value: GraphValue) => mapTensors(value, shift);
  const ends = { inputs: shiftIn(inputs), outputs: shiftIn(outputs) };
  if (isKeras3 || shifted.size === 0) return { layers, ...ends };
  const renumbered = layers.map((layer) => ({
    ...layer,
    calls: layer.calls.map(({ args, kwargs, dialect }) => ({
      dialect,
      args: args.map(shiftIn),
      kwargs: Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, shiftIn(value)])),
    })),
  }));
  return { layers: renumbered, ...ends };
}

function sourcesOf({ args, kwargs }: GraphCall): TensorRef[] {
  return [...args, ...Object.values(kwargs)].flatMap(tensorsIn);
}

function layerName(entry: Json, where: string): string {
  if (!isJsonObject(entry)) throw new FormatError(where, "an object", show(entry));
  const name = entry.name ?? (isJsonObject(entry.config) ? entry.config.name : undefined);
  if (typeof name !== "string") throw new FormatError(`${where}.name`, "a name", show(name));
  return name;
}

function readLayer(entry: JsonObject, name: string, isLayer: (name: string) => boolean, where: string): GraphLayer {
  const nodes = entry.inbound_nodes ?? [];
  if (!Array.isArray(nodes)) throw new FormatError(`${where}.inbound_nodes`, "a list", show(nodes));
  const calls = nodes.map((node, i) => {
    const at = `${where}.inbound_nodes[${i}]`;
    return isJsonObject(node) && "args" in node ? keras3Call(node, at) : keras2Call(node, isLayer, at);
  });
  return { name, spec: objectSpec(entry, where), calls };
}

function keras3Call(node: JsonObject, where: string): GraphCall {
  const { args, kwargs = {} } = node;
  if (!Array.isArray(args)) throw new FormatError(`${where}.args`, "a list", show(args));
  if (!isJsonObject(kwargs)) throw new FormatError(`${where}.kwargs`, "an object", show(kwargs));
  const named = Object.entries(kwargs).map(([key, json]) => [key, readValue(json, `${where}.kwargs.${key}`)]);
  const read = args.map((arg, i) => readValue(arg, `${where}.args[${i}]`));
  const mask = node.implied_mask === true ? { impliedMask: true } : {};
  return { dialect: 3, args: read, kwargs: Object.fromEntries(named), ...mask };
}

/** `[["a", 0, 0, {kwargs}], …]`, or one such reference alone, or objects of them; a list of one means its element. */
function keras2Call(node: Json, isLayer: (name: string) => boolean, where: string): GraphCall {
  const value = readKeras2Value(node, () => true, where);
  if (tensorsIn(value).length === 0) throw new FormatError(where, "references to layers of this model", show(node));
  const only = value.kind === "list" && value.items.length === 1 ? value.items[0]! : value;
  const kwargs = Object.entries(keras2Arguments(node)).map(([key, json]) => {
    return [key, readKeras2Value(json, isLayer, `${where}.${key}`)];
  });
  return { dialect: 2, args: [only], kwargs: Object.fromEntries(kwargs) };
}

/** They stand fourth in every reference, the same each time; the first counts. */
function keras2Arguments(node: Json): JsonObject {
  if (isJsonObject(node)) return keras2Arguments(Object.values(node)[0] ?? null);
  if (!Array.isArray(node)) return {};
  if (typeof node[0] === "string") return isJsonObject(node[3] ?? null) ? (node[3] as JsonObject) : {};
  return keras2Arguments(node[0] ?? null);
}

/** `["x", 0, 0]` is one tensor, a list of those several; nested lists and objects stay as they are. */
function readEnds(json: Json | undefined, where: string): GraphValue {
  if (Array.isArray(json)) {
    if (typeof json[0] === "string" && json.length === 3 && typeof json[1] === "number") return tensorRef(json, where);
    return { kind: "list", items: json.map((item, i) => readEnds(item, `${where}[${i}]`)) };
  }
  if (isJsonObject(json)) {
    const entries = Object.entries(json).map(([key, item]) => [key, readEnds(item, `${where}.${key}`)]);
    return { kind: "object", entries: Object.fromEntries(entries) };
  }
  throw new FormatError(where, "references to layers", show(json));
}

/** The layer of a reference; an input layer has one call that the file does not list. */
function find(byName: ReadonlyMap<string, GraphLayer>, ref: TensorRef, where: string): GraphLayer {
  const layer = byName.get(ref.layer);
  if (!layer) throw new FormatError(where, "references to layers of this model", show(ref.layer));
  if (ref.node >= Math.max(1, layer.calls.length)) {
    throw new FormatError(
      `${where}.${ref.layer}`,
      `calls 0 to ${Math.max(1, layer.calls.length) - 1}`,
      String(ref.node),
    );
  }
  return layer;
}

/** Depth first, without recursion: graphs may be long. */
function orderCalls(
  layers: readonly GraphLayer[],
  byName: ReadonlyMap<string, GraphLayer>,
  where: string,
): FunctionalGraph["order"] {
  const order: { layer: GraphLayer; node: number }[] = [];
  const state = new Map<string, "open" | "done">();
  const roots = layers.flatMap((layer) =>
    Array.from({ length: Math.max(1, layer.calls.length) }, (_, node) => ({ layer, node })),
  );
  for (const root of roots) {
    const stack = [root];
    while (stack.length > 0) {
      const { layer, node } = stack.at(-1)!;
      const key = `${node} ${layer.name}`;
      const call = layer.calls[node];
      if (!state.has(key)) {
        state.set(key, "open");
        for (const ref of call ? sourcesOf(call) : []) {
          const source = find(byName, ref, `${where}.${layer.name}`);
          const seen = state.get(`${ref.node} ${ref.layer}`);
          if (seen === "open")
            throw new FormatError(`${where}.${layer.name}`, "a graph without circles", `one through ${ref.layer}`);
          if (!seen) stack.push({ layer: source, node: ref.node });
        }
        continue;
      }
      stack.pop();
      if (state.get(key) === "open") order.push({ layer, node });
      state.set(key, "done");
    }
  }
  return order;
}
