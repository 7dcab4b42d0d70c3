/** Keras' configurations → models. */

import { type GraphCall, readGraph } from "../config/graph";
import { objectList } from "../config/object";
import { camelKey } from "../config/options";
import { type GraphValue, type TensorRef, tensorsIn } from "../config/references";
import { FormatError, show, UnsupportedError } from "../errors";
import { Bidirectional } from "../layers/bidirectional";
import { makeLayer, type Reading } from "../layers/deserialize";
import { InputLayer } from "../layers/input_layer";
import type { Layer, Result } from "../layers/layer";
import type { Operation } from "../layers/operation";
import { isOperation, makeOperation } from "../layers/operations";
import { Recurrent } from "../layers/recurrent/recurrent";
import type { SymbolicMask, SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import type { JsonObject, ObjectSpec } from "../spec";
import { Functional } from "./functional";
import type { Model } from "./model";
import { Network } from "./network";
import { Sequential } from "./sequential";

/**
 * Makes a model, and all models inside it, of a Keras object.
 *
 * @throws {FormatError} when the configuration is damaged. @throws {UnsupportedError} naming what is not done here.
 */
export function modelFromSpec(spec: ObjectSpec, where: string, reading: Reading): Model {
  const within: Reading = { ...reading, model: modelFromSpec };
  if (spec.className === "Sequential") return sequentialFrom(spec, where, within);
  if (spec.className === "Functional") return functionalFrom(spec, where, within);
  throw new UnsupportedError(where, "a Sequential or a functional model", spec.className);
}

function optionsOf({ config }: ObjectSpec): { name?: string; trainable?: boolean } {
  const { name, trainable } = config;
  return { ...(typeof name === "string" && { name }), ...(typeof trainable === "boolean" && { trainable }) };
}

function sequentialFrom(spec: ObjectSpec, where: string, reading: Reading): Sequential {
  const name = typeof spec.config.name === "string" ? spec.config.name : where;
  const model = new Sequential(optionsOf(spec));
  for (const layer of objectList(spec.config, "layers", name)) model.add(makeLayer(layer, name, reading));
  const shape = spec.config.build_input_shape;
  if (!model.built && isShape(shape)) model.build(shape);
  return model;
}

function isShape(value: unknown): value is SymbolicShape {
  return Array.isArray(value) && value.every((d) => d === null || Number.isSafeInteger(d));
}

function functionalFrom(spec: ObjectSpec, where: string, reading: Reading): Functional {
  const graph = readGraph(spec.config, where);
  const layers = new Map<string, Layer<Result> | Operation>();
  const results = new Map<string, readonly SymbolicTensor[]>();
  const find = (ref: TensorRef): SymbolicTensor => {
    const found = results.get(`${ref.node} ${ref.layer}`)?.[ref.tensor];
    if (found) return found;
    throw new FormatError(
      `${where}.${ref.layer}`,
      "a result of this layer",
      `number ${ref.tensor} of call ${ref.node}`,
    );
  };
  for (const { layer: entry, node } of graph.order) {
    const call = entry.calls[node];
    if (!call && entry.spec.className !== "InputLayer") continue;
    const layer = layers.get(entry.name) ?? make(entry.spec, entry.name, reading);
    layers.set(entry.name, layer);
    const made = call ? connect(layer, call, find, entry.name) : [(layer as InputLayer).tensor()];
    results.set(`${node} ${entry.name}`, made);
  }
  const ends = { inputs: flat(graph.inputs).map(find), outputs: flat(graph.outputs).map(find) };
  const order = graph.layers.map(({ name }) => name);
  return new Functional({ ...optionsOf(spec), ...ends }, order);
}

/** The name in the graph is the one that references use. */
function make(spec: ObjectSpec, name: string, reading: Reading): Layer<Result> {
  if (isOperation(spec)) return makeOperation(spec, name);
  const config: JsonObject = { ...spec.config, name };
  const layer = makeLayer({ ...spec, config }, name, reading);
  if (spec.className !== "InputLayer" || layer instanceof InputLayer) return layer;
  throw new FormatError(name, "an input layer", show(layer));
}

/** Keras flattens objects in the order of their keys. */
function flat(ends: GraphValue): readonly TensorRef[] {
  if (ends.kind === "list") return ends.items.flatMap(flat);
  if (ends.kind !== "object") return tensorsIn(ends);
  return Object.keys(ends.entries)
    .sort()
    .flatMap((key) => flat(ends.entries[key] as GraphValue));
}

type Find = (ref: TensorRef) => SymbolicTensor;

/** Draws one call of a file into the graph. */
function connect(layer: Layer<Result>, call: GraphCall, find: Find, name: string): readonly SymbolicTensor[] {
  const operation = layer as Operation;
  if (layer.isOperation) {
    const refs = [...call.args, ...Object.values(call.kwargs)].flatMap(tensorsIn);
    return operation.draw(call, refs.map(find));
  }
  const { inputs, states, kwargs } =
    layer instanceof Recurrent || layer instanceof Bidirectional
      ? recurrentCall(call)
      : { inputs: inputsOf(layer, call), states: [], kwargs: call.kwargs };
  if (inputs.length === 0) throw new FormatError(name, "a call with tensors", "none");
  const tensors = inputs.map(find);
  // Keras 3 uses no implied mask where there is an initial state; Keras 2 does.
  const implied = states.length > 0 && call.dialect === 3 ? "none" : null;
  const masks = masksOf(kwargs, inputs.length, implied, find);
  return layer.connect(tensors, { masks, initialState: states.map(find), args: ownArguments(layer, kwargs, name) });
}

/** Keras 2 appends the states to the inputs; in Keras 3 they are the second argument, by place or by name. */
function recurrentCall({ args, kwargs, dialect }: GraphCall) {
  const [first, second, third] = args;
  const all = first ? tensorsIn(first) : [];
  if (dialect === 2) {
    const { constants, ...rest } = kwargs;
    if (constants && tensorsIn(constants).length > 0) throw new UnsupportedError("constants", "none", "tensors");
    return { inputs: all.slice(0, 1), states: [...all.slice(1), ...statesIn(rest)], kwargs: rest };
  }
  const named = { ...(second && { initial_state: second }), ...(third && { mask: third }), ...kwargs };
  return { inputs: all, states: statesIn(named), kwargs: named };
}

function statesIn({ initial_state: given }: Readonly<Record<string, GraphValue>>): readonly TensorRef[] {
  return given ? tensorsIn(given) : [];
}

/** A model takes its inputs by name, too. */
function inputsOf(layer: Layer<Result>, { args }: GraphCall): readonly TensorRef[] {
  const [first] = args;
  if (!(layer instanceof Network) || first?.kind !== "object") return args.flatMap(tensorsIn);
  const names = layer.inputs.map((t) => t.layer.name).filter((name) => Object.hasOwn(first.entries, name));
  return (names.length === layer.inputs.length ? names : Object.keys(first.entries).sort()).flatMap((name) =>
    tensorsIn(first.entries[name] as GraphValue),
  );
}

/** The masks that a call names; one for all inputs, or a list with one for each. */
function masksOf(
  { mask }: Readonly<Record<string, GraphValue>>,
  count: number,
  implied: SymbolicMask,
  find: Find,
): readonly SymbolicMask[] {
  const given = mask?.kind === "list" ? mask.items : [mask];
  return Array.from({ length: count }, (_, k) => (given[k]?.kind === "tensor" ? find(given[k]) : implied));
}

const COMMON = ["mask", "initial_state", "training"];

/** The arguments of the layer's own. One that it does not take may only say no. */
function ownArguments(
  layer: Layer<Result>,
  kwargs: Readonly<Record<string, GraphValue>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kwargs)) {
    const plain = value.kind === "value" ? value.value : undefined;
    if (plain === null || plain === false) continue;
    const option = camelKey(key);
    if (layer.callArguments.includes(option) && plain !== undefined) own[option] = plain;
    else if (!COMMON.includes(key) || key === "training") {
      throw new UnsupportedError(`layer ${layer.className} (${name}), argument ${key}`, "null or false", show(plain));
    }
  }
  return own;
}
