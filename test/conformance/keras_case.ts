/** Cases in the form of Keras: a layer, its weights, one call or several. */

import { expect } from "vitest";
import { newReading, readLayer } from "../../src/layers/deserialize";
import { input } from "../../src/layers/input_layer";
import type { Layer, Result } from "../../src/layers/layer";
import type { SymbolicTensor } from "../../src/layers/symbolic";
import { statefulLayers } from "../../src/models/every_layer";
import { model } from "../../src/models/functional";
import { sequential } from "../../src/models/sequential";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";
import { testCells } from "./cells";
import { asTensor, expectVector, type Vector, type VectorTensor } from "./vectors";

export interface LayerJson {
  readonly class_name: string;
  readonly config: Record<string, unknown>;
}

interface KerasCall {
  readonly reset_states?: boolean;
  readonly input?: VectorTensor;
  readonly inputs?: readonly VectorTensor[];
  readonly mask?: VectorTensor;
  readonly masks?: readonly (VectorTensor | null)[];
  readonly initial_state?: readonly VectorTensor[];
  readonly expected?: readonly (VectorTensor | null)[] | null;
  readonly expected_mask?: VectorTensor;
}

export interface KerasCase extends KerasCall, Vector {
  readonly layer: LayerJson;
  readonly weights?: readonly VectorTensor[];
  readonly calls?: readonly KerasCall[];
  readonly hard_sigmoid?: "keras2";
}

interface FunctionalConfig {
  readonly inputs: readonly string[];
  readonly nodes: readonly (LayerJson & {
    name: string;
    inbound: readonly string[];
    initial_state?: readonly string[];
  })[];
  readonly outputs: readonly string[];
}

/** A layer, a model of layers, or a drawn graph, for inputs of these shapes. */
export function layerOf(
  json: LayerJson,
  shapes: readonly (readonly (number | null)[])[],
  keras: 2 | 3 = 3,
): Layer<Result> {
  const inner = (nested: LayerJson) => layerOf(nested, shapes, keras);
  if (json.class_name === "Sequential") return chain((json.config.layers as LayerJson[]).map(inner), shapes);
  if (json.class_name === "Functional") return graph(json.config as unknown as FunctionalConfig, shapes, inner);
  return readLayer(json, json.class_name, newReading(keras, { custom: testCells }));
}

/** A sequential model; a graph where its last layer gives several results. */
function chain(layers: readonly Layer<Result>[], [shape = []]: readonly (readonly (number | null)[])[]): Layer<Result> {
  const last = layers.at(-1) as Layer<Result> & { returnState?: boolean };
  if (!last.returnState) return sequential({ layers });
  const start = input({ batchShape: shape });
  const end = layers.reduce((x: unknown, layer) => layer.apply(x as SymbolicTensor), start);
  return model({ inputs: start, outputs: end as SymbolicTensor[] });
}

function graph(
  { inputs, nodes, outputs }: FunctionalConfig,
  shapes: readonly (readonly (number | null)[])[],
  inner: (json: LayerJson) => Layer<Result>,
): Layer<Result> {
  const made = new Map<string, readonly SymbolicTensor[]>();
  inputs.forEach((name, k) => {
    made.set(name, [input({ batchShape: shapes[k] as (number | null)[] })]);
  });
  const find = (reference: string) => {
    const [name, k = 0] = reference.split(":") as [string, string?];
    return made.get(name)?.[Number(k)] as SymbolicTensor;
  };
  const layers = nodes.map(inner);
  nodes.forEach((node, k) => {
    const taken = node.inbound.map(find);
    const options = node.initial_state ? { initialState: node.initial_state.map(find) } : {};
    const x = taken.length === 1 ? (taken[0] as SymbolicTensor) : taken;
    made.set(node.name, [layers[k]?.apply(x, options)].flat() as SymbolicTensor[]);
  });
  const whole = model({ inputs: inputs.map(find), outputs: outputs.map(find) });
  drawn.set(whole, layers);
  return whole;
}

export function runKerasCase(c: KerasCase): void {
  const calls = c.calls ?? [c];
  const [first] = calls as [KerasCall];
  const layer = layerOf(
    c.layer,
    inputsOf(c, first).map((x) => x.shape),
    c.hard_sigmoid === "keras2" ? 2 : 3,
  );
  layer.build(inputsOf(c, first).map((x) => x.shape));
  if (c.weights) setInTurn(partsOf(layer), c.weights.map(asTensor));
  for (const call of calls) runCall(c, layer, call);
}

/** Layers by the case's order of weights: node after node, which a drawn graph may order otherwise. */
const drawn = new WeakMap<Layer<Result>, readonly Layer<Result>[]>();

function partsOf(layer: Layer<Result>): readonly Layer<Result>[] {
  return drawn.get(layer) ?? [layer];
}

function setInTurn(layers: readonly Layer<Result>[], weights: readonly Tensor[]): void {
  let used = 0;
  for (const layer of layers) {
    const count = layer.weights.length;
    layer.setWeights(weights.slice(used, used + count));
    used += count;
  }
  expect(used).toBe(weights.length);
}

function inputsOf(c: KerasCase, call: KerasCall): readonly Tensor[] {
  const [one, many] = [call.input ?? c.input, call.inputs ?? c.inputs];
  return (many ?? [one as VectorTensor]).map(asTensor);
}

function runCall(c: KerasCase, layer: Layer<Result>, call: KerasCall): void {
  if (call.reset_states) for (const stateful of statefulLayers(layer)) stateful.resetStates();
  const inputs = inputsOf(c, call);
  const mask = call.mask ?? c.mask;
  const masks = call.masks ?? c.masks;
  const states = call.initial_state ?? c.initial_state;
  const options = {
    ...(mask ? { mask: asTensor(mask) } : {}),
    ...(masks ? { mask: masks.map((m) => m && asTensor(m)) } : {}),
    ...(states ? { initialState: states.map(asTensor) } : {}),
  };
  const x = inputs.length === 1 ? (inputs[0] as Tensor) : inputs;
  if (call.expected_mask) expectVector(layer.computeMask(x, options) ?? undefined, call.expected_mask, c);
  let outputs = [layer.apply(x, options)].flat() as Tensor[];
  if (c.layer.config.apply_mask && mask) {
    outputs = outputs.map((y) => ops.mul(y, ops.expandDims(asTensor(mask))));
  }
  if (!call.expected) return;
  expect(outputs.length).toBe(call.expected.length);
  call.expected.forEach((wanted, k) => {
    if (wanted) expectVector(outputs[k], wanted, c);
  });
}
