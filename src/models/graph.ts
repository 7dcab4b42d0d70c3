/** Graphs of layers: how they are cut out of larger ones, their order, and how they become one plan. */

import { ConfigError } from "../errors";
import { InputLayer } from "../layers/input_layer";
import type { Layer, PlannedCall, Result } from "../layers/layer";
import { GraphNode, SymbolicTensor } from "../layers/symbolic";
import { emitFloat } from "../ops/copy";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { type GraphOrder, kerasOrder, traverse } from "./traversal";

/** From symbolic inputs to symbolic outputs. */
export interface Graph extends GraphOrder {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** The calls, each after those that it needs; without those of the input layers. */
  readonly nodes: readonly GraphNode[];
}

/**
 * The graph that leads from `inputs` to `outputs`. An input may be the result of a layer: the graph is cut there.
 *
 * @throws {ConfigError} when an output needs an input that is not in the list, or two layers have one name.
 */
export function graphBetween(
  where: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): Graph {
  if (inputs.some((t) => !(t.layer instanceof InputLayer))) {
    const cut = cutAt(inputs, outputs);
    return graphBetween(where, cut.inputs, cut.outputs);
  }
  const traversal = traverse(inputs, outputs);
  const given = new Set(inputs.map((t) => t.node));
  const nodes = traversal.nodes.filter((node) => !given.has(node));
  const missing = nodes.find((node) => node.layer instanceof InputLayer);
  if (missing) {
    const wanted = `${missing.layer.name} among them, since an output needs it`;
    throw new ConfigError(`${where}.inputs`, wanted, "a list without it");
  }
  const order = kerasOrder(inputs, traversal);
  checkNames(where, order.layers);
  return { inputs, outputs, nodes, ...order };
}

function checkNames(where: string, layers: readonly Layer<Result>[]): void {
  const names = new Set<string>();
  for (const { name } of layers) {
    if (names.has(name)) throw new ConfigError(where, "a name of its own for each layer", `two called ${name}`);
    names.add(name);
  }
}

/** The same calls drawn again, with input layers in the place of the tensors at which the graph is cut. */
function cutAt(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): { inputs: readonly SymbolicTensor[]; outputs: readonly SymbolicTensor[] } {
  const copies = new Map<SymbolicTensor, SymbolicTensor>();
  for (const t of inputs) {
    const name = `${t.layer.name}_output${t.index === 0 ? "" : `_${t.index}`}`;
    copies.set(
      t,
      t.layer instanceof InputLayer ? t : new InputLayer({ batchShape: t.shape, dtype: t.dtype, name }).tensor(),
    );
  }
  const copyOf = (t: SymbolicTensor) => copies.get(t) ?? t;
  const ends = inputs.filter((t) => t.layer instanceof InputLayer);
  for (const node of traverse(ends, outputs).nodes) {
    if (node.layer instanceof InputLayer || node.outputs.every((t) => copies.has(t))) continue;
    const { masks, initialState, args } = node.call;
    const call = {
      masks: masks.map((mask) => (mask instanceof SymbolicTensor ? copyOf(mask) : mask)),
      initialState: initialState.map(copyOf),
      args,
    };
    const dtypes = node.outputs.map((t) => t.dtype);
    const shapes = node.outputs.map((t) => t.shape);
    const copy = new GraphNode(node.layer, node.inputs.map(copyOf), call, shapes, dtypes);
    node.outputs.forEach((t, k) => {
      if (!copies.has(t)) copies.set(t, copy.outputs[k] as SymbolicTensor);
    });
  }
  return { inputs: inputs.map(copyOf), outputs: outputs.map(copyOf) };
}

/** Which call of its layer each call is. */
export function callNumbers({ nodes }: Graph): ReadonlyMap<GraphNode, number> {
  const counts = new Map<unknown, number>();
  return new Map(
    nodes.map((node) => {
      const count = counts.get(node.layer) ?? 0;
      counts.set(node.layer, count + 1);
      return [node, count] as const;
    }),
  );
}

/** How one call of a graph is planned. */
export type PlanNode = (node: GraphNode, inputs: readonly Slab[], call: PlannedCall) => readonly Slab[];

/** Appends the steps of a graph, node by node; the result maps every tensor of it to its slab. */
export function planGraph(
  plan: Plan,
  planNode: PlanNode,
  { nodes, inputs }: Graph,
  slabs: readonly Slab[],
): ReadonlyMap<SymbolicTensor, Slab> {
  const at = new Map<SymbolicTensor, Slab>(inputs.map((t, k) => [t, slabs[k] as Slab]));
  const slabOf = (t: SymbolicTensor) => at.get(t) as Slab;
  for (const node of nodes) {
    const { masks, initialState, args } = node.call;
    const taken = node.inputs.map((t, k) => {
      const [slab, mask] = [slabOf(t), masks[k] ?? null];
      if (mask === null) return slab;
      return slab.withMask(mask === "none" ? undefined : asMask(plan, slabOf(mask)));
    });
    const made = planNode(node, taken, { initialState: initialState.map(slabOf), args });
    node.outputs.forEach((t, k) => {
      at.set(t, made[k] as Slab);
    });
  }
  return at;
}

/** A mask as layers read it, [batch][timesteps] of 0 and 1; [batch][timesteps][1] and whole numbers are taken too. */
function asMask(plan: Plan, slab: Slab): Slab {
  const floats = emitFloat(plan, slab);
  return floats.shape.length === 3 && floats.dim(2) === 1 ? floats.view(floats.shape.slice(0, 2)) : floats;
}
