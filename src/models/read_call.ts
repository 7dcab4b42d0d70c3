/** One call of a layer, as files hold it, drawn into a graph. */

import type { GraphCall } from "../config/graph";
import { camelKey } from "../config/options";
import { type GraphValue, type TensorRef, tensorsIn } from "../config/references";
import { FormatError, show, UnsupportedError } from "../errors";
import { Bidirectional } from "../layers/bidirectional";
import type { Layer, Result } from "../layers/layer";
import { MultiHeadAttention } from "../layers/multi_head_attention";
import { Operation } from "../layers/operation";
import { Recurrent } from "../layers/recurrent/recurrent";
import type { SymbolicMask, SymbolicTensor } from "../layers/symbolic";
import { Network } from "./network";

type Arguments = Readonly<Record<string, GraphValue>>;

/** What a call says, in one form for all layers. */
interface ReadCall {
  readonly inputs: readonly TensorRef[];
  readonly states: readonly TensorRef[];
  /** One an input, or one for all. */
  readonly masks: readonly (GraphValue | undefined)[];
  /** The other arguments. */
  readonly rest: Arguments;
}

/**
 * Draws a call into the graph.
 *
 * @param find The tensor that a reference names.
 * @throws {UnsupportedError} naming an argument that is not done here. @throws {FormatError}
 */
export function connectCall(
  layer: Layer<Result>,
  call: GraphCall,
  find: (ref: TensorRef) => SymbolicTensor,
  name: string,
): readonly SymbolicTensor[] {
  if (layer instanceof Operation) {
    const refs = [...call.args, ...Object.values(call.kwargs)].flatMap(tensorsIn);
    return layer.draw(call, refs.map(find));
  }
  const { inputs, states, masks, rest } = readCall(layer, call);
  if (inputs.length === 0) throw new FormatError(name, "a call with tensors", "none");
  // Keras 3 uses no implied mask where there is an initial state; Keras 2 does.
  const implied = states.length > 0 && call.dialect === 3 && !call.impliedMask ? "none" : null;
  const maskOf = (_: unknown, k: number): SymbolicMask => (masks[k]?.kind === "tensor" ? find(masks[k]) : implied);
  return layer.connect(inputs.map(find), {
    masks: inputs.map(maskOf),
    initialState: states.map(find),
    args: ownArguments(layer, rest, name),
  });
}

function readCall(layer: Layer<Result>, call: GraphCall): ReadCall {
  if (layer instanceof Recurrent || layer instanceof Bidirectional) return recurrentCall(call);
  if (layer instanceof MultiHeadAttention) return attentionCall(call);
  const { mask, ...rest } = call.kwargs;
  return { inputs: inputsOf(layer, call), states: [], masks: listed(mask), rest };
}

/** A list's items, or one value alone. */
function listed(value: GraphValue | undefined): readonly (GraphValue | undefined)[] {
  return value?.kind === "list" ? value.items : [value];
}

/** Keras 2 appends the states to the inputs; in Keras 3 they are the second argument, by place or by name. */
function recurrentCall({ args, kwargs, dialect }: GraphCall): ReadCall {
  const [first, second, third] = args;
  const all = first ? tensorsIn(first) : [];
  const named: Arguments = { ...(second && { initial_state: second }), ...(third && { mask: third }), ...kwargs };
  const { mask, initial_state: initial, ...rest } = named;
  const states = initial ? tensorsIn(initial) : [];
  if (dialect === 3) return { inputs: all, states, masks: [mask], rest };
  return { inputs: all.slice(0, 1), states: [...all.slice(1), ...states], masks: listed(mask), rest };
}

/** Query, value, and maybe key and attention mask, by place or by name. */
function attentionCall({ args, kwargs }: GraphCall): ReadCall {
  const names = ["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask"];
  const placed = args.flatMap((arg) => (arg.kind === "list" ? arg.items : [arg]));
  const all: Arguments = { ...Object.fromEntries(placed.map((arg, k) => [names[k], arg])), ...kwargs };
  const { query, value, key, query_mask, value_mask, key_mask, attention_mask: allowed, ...rest } = all;
  const isTensor = (arg: GraphValue | undefined) => arg?.kind === "tensor";
  const keys = isTensor(allowed) && !isTensor(key) ? value : key;
  const inputs = [query, value, keys, allowed].flatMap((arg) => (arg?.kind === "tensor" ? [arg] : []));
  return { inputs, states: [], masks: [query_mask, value_mask, key_mask], rest };
}

/** A model takes its inputs by name, too. */
function inputsOf(layer: Layer<Result>, { args }: GraphCall): readonly TensorRef[] {
  const [first] = args;
  if (!(layer instanceof Network) || first?.kind !== "object") return args.flatMap(tensorsIn);
  const { entries } = first;
  const names = layer.inputs.map((t) => t.layer.name);
  const ordered = names.every((name) => Object.hasOwn(entries, name)) ? names : Object.keys(entries).sort();
  return ordered.flatMap((name) => tensorsIn(entries[name] as GraphValue));
}

/** The arguments of the layer's own. One that it does not take may only say no. */
function ownArguments(layer: Layer<Result>, rest: Arguments, name: string): Readonly<Record<string, unknown>> {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) {
    const plain = value.kind === "value" ? value.value : undefined;
    const option = camelKey(key);
    if (plain === null || plain === false) continue;
    if (layer.callArguments.includes(option) && plain !== undefined) own[option] = plain;
    else
      throw new UnsupportedError(
        `layer ${layer.className} (${name}), argument ${key}`,
        "null or false",
        show(plain ?? value),
      );
  }
  return own;
}
