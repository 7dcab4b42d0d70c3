/** Keras' configurations → models. */

import { readGraph } from "../config/graph";
import { objectList } from "../config/object";
import { type GraphValue, type TensorRef, tensorsIn } from "../config/references";
import { FormatError, show, UnsupportedError } from "../errors";
import { makeLayer, type Reading } from "../layers/deserialize";
import { InputLayer } from "../layers/input_layer";
import type { Layer, Result } from "../layers/layer";
import type { Operation } from "../layers/operation";
import { isOperation, makeOperation } from "../layers/operations";
import type { SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import type { JsonObject, ObjectSpec } from "../spec";
import { Functional } from "./functional";
import type { Model } from "./model";
import { connectCall } from "./read_call";
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
    const made = call ? connectCall(layer, call, find, entry.name) : [(layer as InputLayer).tensor()];
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
