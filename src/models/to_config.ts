/** Models → the configurations that Keras 3 reads. */

import type { GraphValue } from "../config/references";
import type { OperationCall } from "../layers/operation";
import { snakeKey } from "../layers/options";
import { type GraphNode, SymbolicTensor } from "../layers/symbolic";
import type { Json } from "../spec";
import { callNumbers, type Graph } from "./graph";

/** `layers`, `input_layers` and `output_layers` of a functional model. */
export function graphConfig(graph: Graph): Record<string, unknown> {
  const numbers = callNumbers(graph);
  const refer = (t: SymbolicTensor) => reference(t, numbers);
  const calls = (layer: unknown) => graph.nodes.filter((node) => node.layer === layer).map((node) => call(node, refer));
  const layers = graph.layers.map((layer) => ({
    ...layer.toSpec(),
    name: layer.name,
    inbound_nodes: calls(layer),
  }));
  const end = (t: SymbolicTensor) => {
    // Keras counts the calls of a functional model from 1 here, and from 0 everywhere else.
    const first = t.layer.className === "Functional" ? 1 : 0;
    return [t.layer.name, (numbers.get(t.node) ?? 0) + first, t.index];
  };
  const ends = (list: readonly SymbolicTensor[]) => {
    return list.length === 1 ? end(list[0] as SymbolicTensor) : list.map(end);
  };
  return { layers, input_layers: ends(graph.inputs), output_layers: ends(graph.outputs) };
}

function reference(t: SymbolicTensor, numbers: ReadonlyMap<GraphNode, number>): Json {
  const history = [t.layer.name, numbers.get(t.node) ?? 0, t.index];
  return tagged("__keras_tensor__", { shape: [...t.shape], dtype: t.dtype, keras_history: history });
}

type Refer = (t: SymbolicTensor) => Json;

function call(node: GraphNode, refer: Refer): Record<string, unknown> {
  if (node.layer.isOperation) return operationCall(node, refer);
  if (node.layer.className === "MultiHeadAttention") return attentionCall(node, refer);
  const { masks, initialState, args } = node.call;
  const several = node.inputs.length > 1 || (node.layer.takesList && node.layer.className !== "Functional");
  const given = masks.map((mask) => (mask instanceof SymbolicTensor ? refer(mask) : null));
  const mask = given.length > 1 ? given : (given[0] ?? null);
  return {
    args: [several ? node.inputs.map(refer) : refer(node.inputs[0] as SymbolicTensor)],
    kwargs: {
      ...(initialState.length > 0 && { initial_state: initialState.map(refer) }),
      ...(given.some((m) => m !== null) && { mask }),
      ...ownArguments(args),
    },
    // Keras passes over this key: its own rule is to drop the implied mask where there is an initial state.
    ...(initialState.length > 0 && masks[0] === null && { implied_mask: true }),
  };
}

function ownArguments(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [snakeKey(key), value]));
}

/** Query and value by place, the rest by name. */
function attentionCall({ inputs, call: { masks, args } }: GraphNode, refer: Refer): Record<string, unknown> {
  const [query, value, key, attentionMask] = inputs as readonly [SymbolicTensor, SymbolicTensor, ...SymbolicTensor[]];
  const kwargs: Record<string, unknown> = { ...(key && { key: refer(key) }), ...ownArguments(args) };
  if (attentionMask) kwargs.attention_mask = refer(attentionMask);
  ["query_mask", "value_mask", "key_mask"].forEach((name, k) => {
    const mask = masks[k];
    if (mask instanceof SymbolicTensor) kwargs[name] = refer(mask);
  });
  return { args: [refer(query), refer(value)], kwargs };
}

function operationCall({ inputs, call: { args } }: GraphNode, refer: Refer): Record<string, unknown> {
  const { args: positional, kwargs } = args as unknown as OperationCall;
  const rest = inputs.map(refer);
  const write = (value: GraphValue) => written(value, rest);
  const places = positional.map(write);
  const named = Object.entries(kwargs).map(([key, value]) => [key, write(value)]);
  return { args: places, kwargs: Object.fromEntries(named) };
}

/** An argument as JSON; its tensors are taken from `rest`, in the order of writing. */
function written(value: GraphValue, rest: Json[]): Json {
  switch (value.kind) {
    case "tensor":
      return rest.shift() ?? null;
    case "value":
      return value.value;
    case "list":
      return value.items.map((item) => written(item, rest));
    case "object":
      return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, written(item, rest)]));
    case "slice": {
      const [start = null, stop = null, step = null] = [value.start, value.stop, value.step].map((b) =>
        written(b, rest),
      );
      return tagged("__slice__", { start, stop, step });
    }
    case "ellipsis":
      return tagged("__ellipsis__", {});
    case "array":
      return tagged("__numpy__", { value: value.values, dtype: value.dtype });
  }
}

function tagged(tag: string, config: Json): Json {
  return { class_name: tag, config };
}
