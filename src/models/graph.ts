/** Graphs of layers: their order, and how they become one plan. */

import { ConfigError } from "../errors";
import { InputLayer } from "../layers/input_layer";
import type { PlannedCall } from "../layers/layer";
import type { GraphNode, SymbolicTensor } from "../layers/symbolic";
import type { Slab } from "../ops/slab";

/**
 * The calls that lead from `inputs` to `outputs`, each after those that it needs; inputs first.
 * @throws {ConfigError} when an output needs an input that is not in the list.
 */
export function orderedNodes(
  where: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): readonly GraphNode[] {
  const done = new Set<GraphNode>(inputs.map((t) => t.node));
  const ordered = [...done];
  const stack = outputs.map((t) => t.node).reverse();
  while (stack.length > 0) {
    const node = stack.at(-1) as GraphNode;
    const missing = done.has(node) ? [] : node.sources.map((t) => t.node).filter((source) => !done.has(source));
    if (missing.length > 0) {
      stack.push(...missing.reverse());
      continue;
    }
    stack.pop();
    if (done.has(node)) continue;
    if (node.layer instanceof InputLayer) {
      throw new ConfigError(
        `${where}.inputs`,
        `${node.layer.name} among them, since an output needs it`,
        "a list without it",
      );
    }
    done.add(node);
    ordered.push(node);
  }
  return ordered;
}

/** How one call of a graph is planned. */
export type PlanNode = (node: GraphNode, inputs: readonly Slab[], call: PlannedCall) => readonly Slab[];

/** Appends the steps of a graph, node by node; the result maps every tensor of it to its slab. */
export function planGraph(
  planNode: PlanNode,
  nodes: readonly GraphNode[],
  inputs: readonly SymbolicTensor[],
  slabs: readonly Slab[],
): ReadonlyMap<SymbolicTensor, Slab> {
  const at = new Map<SymbolicTensor, Slab>(inputs.map((t, k) => [t, slabs[k] as Slab]));
  const slabOf = (t: SymbolicTensor) => at.get(t) as Slab;
  const given = new Set(inputs.map((t) => t.node));
  for (const node of nodes) {
    if (given.has(node)) continue;
    const { masks, initialState, args } = node.call;
    const taken = node.inputs.map((t, k) => {
      const mask = masks[k];
      return mask ? slabOf(t).withMask(slabOf(mask)) : slabOf(t);
    });
    const made = planNode(node, taken, { initialState: initialState.map(slabOf), args });
    node.outputs.forEach((t, k) => {
      at.set(t, made[k] as Slab);
    });
  }
  return at;
}
