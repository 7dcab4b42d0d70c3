/** The walk through a graph that Keras makes, and the order of layers that follows from it. */

import type { Layer, Result } from "../layers/layer";
import type { GraphNode, SymbolicTensor } from "../layers/symbolic";

/** The calls of a graph, each after those that it needs, and the place of each layer in the order of meeting. */
export interface Traversal {
  readonly nodes: readonly GraphNode[];
  readonly met: ReadonlyMap<Layer<Result>, number>;
}

/** Depth first from each output, through the sources in their order. Without recursion: graphs may be long. */
export function traverse(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): Traversal {
  const given = new Set(inputs.map((t) => t.node));
  const finished = new Set<GraphNode>();
  const met = new Map<Layer<Result>, number>();
  const stack: { readonly node: GraphNode; readonly sources: readonly SymbolicTensor[]; next: number }[] = [];
  const enter = (node: GraphNode) => {
    if (finished.has(node)) return;
    if (!met.has(node.layer)) met.set(node.layer, met.size);
    stack.push({ node, sources: given.has(node) ? [] : node.sources, next: 0 });
  };
  for (const output of outputs) {
    enter(output.node);
    while (stack.length > 0) {
      const top = stack.at(-1) as (typeof stack)[number];
      const source = top.sources[top.next++];
      if (source) enter(source.node);
      else {
        finished.add(top.node);
        stack.pop();
      }
    }
  }
  return { nodes: [...finished], met };
}

/** Which layers a graph has, and how many calls from the outputs each call is. */
export interface GraphOrder {
  readonly layers: readonly Layer<Result>[];
  readonly depths: ReadonlyMap<GraphNode, number>;
}

/**
 * Keras' order of the layers of a functional model: by their distance from the outputs, then as they were met. Summary,
 * weights and the groups of weight files follow it. Inputs that nothing uses come first among those at distance 0.
 *
 * @see Keras 3, keras/src/ops/function.py, `map_graph`.
 */
export function kerasOrder(inputs: readonly SymbolicTensor[], { nodes, met }: Traversal): GraphOrder {
  const depths = new Map<GraphNode, number>();
  const layerDepths = new Map<Layer<Result>, number>();
  const given = new Set(inputs.map((t) => t.node));
  for (const node of [...nodes].reverse()) {
    const depth = Math.max(depths.get(node) ?? 0, layerDepths.get(node.layer) ?? 0);
    layerDepths.set(node.layer, depth);
    depths.set(node, depth);
    for (const { node: source } of given.has(node) ? [] : node.sources) {
      depths.set(source, Math.max(depth + 1, depths.get(source) ?? 0));
    }
  }
  for (const { node } of inputs) {
    if (layerDepths.has(node.layer)) continue;
    layerDepths.set(node.layer, 0);
    depths.set(node, 0);
  }
  const place = (layer: Layer<Result>) => met.get(layer) ?? -1;
  const layers = [...layerDepths].sort(([a, i], [b, j]) => j - i || place(a) - place(b)).map(([layer]) => layer);
  return { layers, depths };
}
