/** A model in a few lines of text. */

import type { OnnxGraph, OnnxSpec } from "../spec";
import { type OnnxInput, showDimensions } from "./shapes";

/** What goes in and out, how often each operator occurs, and how many weights there are. */
export function summaryText(spec: OnnxSpec, inputs: readonly OnnxInput[]): string {
  const { name, producer, opsets, graph } = spec;
  const counts = new Map<string, number>();
  const weights = count(graph, counts);
  const line = ({ name: value, dtype, shape }: OnnxInput) => `  ${value}  ${dtype} ${showDimensions(shape)}`;
  const operators = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const lines = [
    `Model: "${name}" (ONNX ${opsets.get("") ?? "?"}${producer && `, written by ${producer}`})`,
    "Inputs",
    ...inputs.map(line),
    "Outputs",
    ...graph.outputs.map(line),
    "Operators",
    `  ${operators.map(([op, times]) => (times > 1 ? `${op} ×${times}` : op)).join(", ")}`,
    `Weights: ${weights.toLocaleString("en-US")}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Counts operators, branches included, and gives the number of floats among the initializers. */
function count(graph: OnnxGraph, counts: Map<string, number>): number {
  let weights = 0;
  for (const { dtype, data } of graph.initializers.values()) if (dtype.includes("float")) weights += data.length;
  for (const { op, attributes } of graph.nodes) {
    counts.set(op, (counts.get(op) ?? 0) + 1);
    for (const value of attributes.values()) {
      if (typeof value === "object" && "nodes" in value) weights += count(value, counts);
    }
  }
  return weights;
}
