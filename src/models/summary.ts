/** The table of a model: what its rows say. How it is drawn is the matter of the styles. */

import { ArgumentError, show } from "../errors";
import type { Layer, Result } from "../layers/layer";
import type { GraphNode } from "../layers/symbolic";
import { callNumbers, type Graph } from "./graph";
import { boxTable } from "./summary_box";
import { classicTable } from "./summary_classic";
import type { Summary, SummaryRow } from "./summary_rows";
import { weightsByTraining } from "./trainable";

/** How to show a summary. */
export interface SummaryOptions {
  /** Gets the text; default is the console. `false`: nobody. */
  print?: ((text: string) => void) | false;
  /** Columns. Default 65, or 98 where connections are shown; 88 and 108 for `box`. */
  lineLength?: number;
  /** `classic`: the table of the Keras documents. `box`: that of Keras 3. */
  style?: "classic" | "box";
}

/** What a summary needs of a model. */
interface Summarized {
  readonly name: string;
  readonly layers: readonly Layer<Result>[];
  readonly built: boolean;
}

/**
 * The table as text.
 * @param graph Undefined where no input shape is known yet.
 */
export function summaryText(
  model: Layer<Result> & Summarized,
  graph: Graph | undefined,
  options: SummaryOptions,
): string {
  const { style = "classic", lineLength } = options;
  if (lineLength !== undefined && !(Number.isSafeInteger(lineLength) && lineLength > 0)) {
    throw new ArgumentError(`${model.name}.summary, lineLength`, "a positive integer", show(lineLength));
  }
  if (style !== "classic" && style !== "box") {
    throw new ArgumentError(`${model.name}.summary, style`, '"classic" or "box"', show(style));
  }
  const summary = summarize(model, graph);
  return style === "box" ? boxTable(summary, lineLength) : classicTable(summary, lineLength);
}

function summarize(model: Layer<Result> & Summarized, graph: Graph | undefined): Summary {
  const functional = model.className === "Functional";
  const connected = functional && graph !== undefined && !isChain(graph);
  const numbers = graph ? callNumbers(graph) : new Map<GraphNode, number>();
  const rows = (functional && graph ? graph.layers : model.layers).map((layer) => row(layer, graph, numbers));
  const { trainable, fixed } = weightsByTraining(model);
  const count = (weights: readonly { size: number }[]) => weights.reduce((sum, { size }) => sum + size, 0);
  return { name: model.name, rows, connected, trainable: count(trainable), fixed: count(fixed) };
}

function row(layer: Layer<Result>, graph: Graph | undefined, numbers: ReadonlyMap<GraphNode, number>): SummaryRow {
  const calls = graph ? callsOf(layer, graph) : [];
  const sources = calls.flatMap((node) => (graph?.nodes.includes(node) ? node.sources : []));
  return {
    name: layer.name,
    className: layer.className,
    calls: calls.map((node) => node.outputs.map((t) => t.shape)),
    params: layer.built ? layer.weights.reduce((sum, { size }) => sum + size, 0) : null,
    connections: sources.map((t) => `${t.layer.name}[${numbers.get(t.node) ?? 0}][${t.index}]`),
  };
}

/** The calls of a layer in the order in which they are numbered; an input layer has one. */
function callsOf(layer: Layer<Result>, graph: Graph): readonly GraphNode[] {
  const calls = graph.nodes.filter((node) => node.layer === layer);
  return calls.length > 0 ? calls : graph.inputs.flatMap(({ node }) => (node.layer === layer ? [node] : []));
}

/** Each call takes one result, that of the call before, and no layer is called twice. */
function isChain({ nodes, depths }: Graph): boolean {
  const calls = [...depths.keys()];
  const oneEach = new Set(depths.values()).size === calls.length;
  const noneTwice = new Set(calls.map((node) => node.layer)).size === calls.length;
  return oneEach && noneTwice && nodes.every((node) => node.sources.length <= 1);
}
