/** What goes on inside: traces of the recurrent layers, and what the model would say after each timestep. */

import { layers, type Model, model, type SymbolicTensor, type Tensor, type Trace, tensor, trace } from "recurra";

export interface Inside extends Trace {
  readonly kind: string;
}

const TRACED = new Set(["LSTM", "GRU", "SimpleRNN", "Bidirectional"]);

/** Traces of all recurrent layers in the model's own graph, for the first sample. */
export function tracesOf(net: Model, inputs: readonly Tensor[]): readonly Inside[] {
  const samples = inputs.map(firstSample);
  return recurrentCalls(net).flatMap((node) => {
    const [x] = node.inputs as [SymbolicTensor];
    const states = node.call.initialState;
    const values = valuesOf(net, [x, ...states], samples);
    const whole = samples.length > 1 ? samples : (samples[0] as Tensor);
    const mask = net.inputs.includes(x) ? null : partUntil(net, x).computeMask(whole);
    const [given, ...initialState] = values as [Tensor, ...Tensor[]];
    return trace(node.layer, given, { mask, initialState }).map((found) => ({ ...found, kind: node.layer.className }));
  });
}

function recurrentCalls(net: Model): readonly SymbolicTensor["node"][] {
  const seen = new Set<SymbolicTensor["node"]>();
  const visit = (node: SymbolicTensor["node"]) => {
    if (seen.has(node)) return;
    for (const source of node.sources) visit(source.node);
    seen.add(node);
  };
  for (const output of net.outputs) visit(output.node);
  const traceable = ({ layer }: SymbolicTensor["node"]) =>
    TRACED.has(layer.className) &&
    !("layer" in layer && !TRACED.has((layer as { layer?: { className: string } }).layer?.className ?? "LSTM"));
  return [...seen].filter(traceable);
}

/** Models that end in the middle of another, and models of any length, made once. */
const parts = new WeakMap<SymbolicTensor, Model>();
const openModels = new WeakMap<Model, Model | null>();

function partUntil(net: Model, end: SymbolicTensor): Model {
  const part = parts.get(end) ?? model({ inputs: [...net.inputs], outputs: end });
  parts.set(end, part);
  return part;
}

/** The values of tensors in the middle of a model. */
function valuesOf(net: Model, wanted: readonly SymbolicTensor[], samples: readonly Tensor[]): readonly Tensor[] {
  return wanted.map((t) => {
    const at = net.inputs.indexOf(t);
    if (at >= 0) return samples[at] as Tensor;
    return partUntil(net, t).predict([...samples]) as Tensor;
  });
}

function firstSample({ shape, data }: Tensor): Tensor {
  const size = shape.slice(1).reduce((product, d) => product * d, 1);
  return tensor(data.subarray(0, size), [1, ...shape.slice(1)]);
}

/** At most this many timesteps are read again and again. */
const LONGEST = 160;

/**
 * What the model would say if the sequence ended after each timestep: [timesteps, outputs], or null where the model
 * has several inputs or outputs, or answers at every timestep anyway.
 */
export function mindOver(
  net: Model,
  [x]: readonly Tensor[],
): { timesteps: number; width: number; values: Float32Array } | null {
  const [input, output] = [net.inputs[0], net.outputs[0]];
  const timesteps = x?.shape[1] ?? 0;
  const single = net.inputs.length === 1 && net.outputs.length === 1 && output?.shape.length === 2;
  if (!x || !single || recurrentCalls(net).length === 0 || timesteps < 2 || timesteps > LONGEST) return null;
  const open = input?.shape[1] === null ? net : openModels.has(net) ? openModels.get(net) : withOpenTime(net);
  openModels.set(net, open ?? null);
  if (!open) return null;
  const sample = firstSample(x);
  const step = sample.data.length / timesteps;
  const said = Array.from({ length: timesteps }, (_, t) => {
    const part = tensor(sample.data.subarray(0, (t + 1) * step), [1, t + 1, ...sample.shape.slice(2)]);
    return (open.predict(part) as Tensor).data as Float32Array;
  });
  const width = said[0]?.length ?? 0;
  return { timesteps, width, values: Float32Array.from(said.flatMap((row) => [...row])) };
}

/** The same chain of layers on sequences of any length; null where the graph is more than a chain. */
function withOpenTime(net: Model): Model | null {
  const [input] = net.inputs as [SymbolicTensor];
  const chain: SymbolicTensor["node"][] = [];
  for (
    let node = (net.outputs[0] as SymbolicTensor).node;
    node !== input.node;
    node = (node.inputs[0] as SymbolicTensor).node
  ) {
    if (node.sources.length !== 1) return null;
    chain.unshift(node);
  }
  const [batch, , ...rest] = input.shape;
  const start = layers.inputLayer({ batchShape: [batch ?? null, null, ...rest], dtype: input.dtype }).tensor();
  try {
    return model({
      inputs: start,
      outputs: chain.reduce<SymbolicTensor>((t, { layer }) => layer.apply(t) as SymbolicTensor, start),
    });
  } catch {
    return null; // a layer that needs the fixed length, Flatten before Dense for one
  }
}
