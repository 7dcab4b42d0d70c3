/** A model as a table and as a graph. */

import type { Model, OnnxModel, SymbolicTensor } from "recurra";
import { shapeText } from "../numbers";
import { type AnyModel, isLayered } from "./open";

/** One line of the summary. */
export interface Row {
  readonly name: string;
  readonly kind: string;
  readonly shape: string;
  readonly params: number;
}

export interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly role: "input" | "layer" | "output";
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The shape of what flows. */
  readonly label: string;
}

export interface Picture {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** An input as the page asks for it. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly (number | string | null)[];
  /** For whole numbers: how many different ones there are. */
  readonly ids: number | null;
}

type Call = SymbolicTensor["node"];

/** The calls of a layered model in an order in which they can be run, and each call's number. */
function callsOf(model: Model): ReadonlyMap<Call, string> {
  const order = new Map<Call, string>();
  const visit = (node: Call) => {
    if (order.has(node)) return;
    for (const source of node.sources) visit(source.node);
    order.set(node, `n${order.size}`);
  };
  for (const tensor of [...model.inputs, ...model.outputs]) visit(tensor.node);
  return order;
}

export function rowsOf(model: AnyModel): readonly Row[] {
  if (!isLayered(model)) return onnxRows(model);
  return [...callsOf(model).keys()].map(({ layer, outputs }) => ({
    name: layer.name,
    kind: layer.className,
    shape: outputs.map(({ shape }) => shapeText(shape)).join(", "),
    params: layer.built ? layer.countParams() : 0,
  }));
}

export function pictureOf(model: AnyModel): Picture {
  return isLayered(model) ? layeredPicture(model) : onnxPicture(model);
}

function layeredPicture(model: Model): Picture {
  const calls = callsOf(model);
  const inputs = new Set(model.inputs.map(({ node }) => node));
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const [call, id] of calls) {
    const role = inputs.has(call) ? "input" : "layer";
    nodes.push({ id, title: call.layer.name, kind: role === "input" ? "Input" : call.layer.className, role });
    for (const source of call.sources) {
      edges.push({ from: calls.get(source.node) as string, to: id, label: shapeText(source.shape) });
    }
  }
  model.outputs.forEach((tensor, k) => {
    const title = model.outputs.length > 1 ? `output ${k}` : "output";
    nodes.push({ id: `o${k}`, title, kind: shapeText(tensor.shape), role: "output" });
    edges.push({ from: calls.get(tensor.node) as string, to: `o${k}`, label: "" });
  });
  return { nodes, edges };
}

function onnxRows({ spec }: OnnxModel): readonly Row[] {
  const { nodes, initializers } = spec.graph;
  return nodes.map(({ name, op, inputs, outputs }, k) => ({
    name: name || outputs[0] || `${op} ${k}`,
    kind: op,
    shape: outputs.filter(Boolean).join(", "),
    params: inputs.reduce((sum, value) => sum + (initializers.get(value)?.data.length ?? 0), 0),
  }));
}

function onnxPicture({ spec }: OnnxModel): Picture {
  const { nodes: steps, inputs, outputs } = spec.graph;
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const makers = new Map<string, string>();
  inputs.forEach(({ name, shape }, k) => {
    nodes.push({ id: `i${k}`, title: name, kind: shapeText(shape), role: "input" });
    makers.set(name, `i${k}`);
  });
  steps.forEach(({ op, name, inputs: taken, outputs: made }, k) => {
    nodes.push({ id: `n${k}`, title: op, kind: name || op, role: "layer" });
    for (const value of new Set(taken)) {
      const from = makers.get(value);
      if (from) edges.push({ from, to: `n${k}`, label: "" });
    }
    for (const value of made) makers.set(value, `n${k}`);
  });
  outputs.forEach(({ name, shape }, k) => {
    nodes.push({ id: `o${k}`, title: name, kind: shapeText(shape), role: "output" });
    const from = makers.get(name);
    if (from) edges.push({ from, to: `o${k}`, label: "" });
  });
  return { nodes, edges };
}

export function slotsOf(model: AnyModel): readonly Slot[] {
  if (!isLayered(model)) {
    return model.inputs.map(({ name, shape, dtype }) => ({
      name,
      shape: shape ?? [],
      ids: dtype.includes("int") ? 2 : null,
    }));
  }
  return model.inputs.map(({ shape, layer, consumers, dtype }) => {
    const embedding = consumers.find(({ className }) => className === "Embedding") as { inputDim?: number } | undefined;
    return { name: layer.name, shape, ids: embedding?.inputDim ?? (dtype === "int32" ? 2 : null) };
  });
}
