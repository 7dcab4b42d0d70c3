/** What happens inside a recurrent layer while it reads: its gates and states at every timestep. */

import { show, UnsupportedError } from "../../errors";
import { Plan } from "../../ops/plan";
import { checkOptions } from "../../options";
import { Tensor, type TensorLike, toTensor } from "../../tensor";
import { sharedEngine } from "../../wasm/engine";
import { Bidirectional } from "../bidirectional";
import { KernelCell } from "./kernel_cell";
import { Recurrent } from "./recurrent";

/** What one layer did over a sequence. Every tensor is [batch, timesteps, units], in the order of the input. */
export interface Trace {
  /** The name of the layer. */
  readonly layer: string;
  /** It read from the last timestep to the first. */
  readonly backwards: boolean;
  /**
   * LSTM: `input`, `forget`, `candidate`, `output`; GRU: `update`, `reset`, `candidate`; SimpleRNN: none. At a masked
   * timestep: what they would have been.
   */
  readonly gates: Readonly<Record<string, Tensor>>;
  /** After each timestep: `h`, and `c` of an LSTM. A masked timestep leaves them as they were. */
  readonly states: Readonly<Record<string, Tensor>>;
}

/** How a layer is traced; as it would be called. */
export interface TraceOptions {
  /** [batch, timesteps], true where the timestep counts. */
  mask?: TensorLike | null;
  /** One flat list: h before c, forward before backward; each [batch, units]. Zeros by default. */
  initialState?: readonly TensorLike[] | null;
}

/**
 * Reads a sequence with an LSTM, GRU or SimpleRNN, or a Bidirectional of them, and tells what went on inside. The
 * layer stays as it is: a stateful one begins with zeros too, and remembers nothing of it.
 *
 * @param x [batch, timesteps, inputDim]
 * @returns one trace; two, forwards and backwards, of a Bidirectional.
 * @throws {UnsupportedError} for other layers. @throws {ShapeError} when the input does not fit.
 *
 * @example
 * const lstm = layers.lstm({ units: 4 });
 * const [{ gates, states }] = trace(lstm, tensor(new Float32Array(30), [1, 10, 3]));
 * gates.forget.shape; // [1, 10, 4]
 */
export function trace(layer: unknown, x: TensorLike, options: TraceOptions = {}): readonly Trace[] {
  checkOptions(options, "trace");
  if (layer instanceof Bidirectional) {
    const { forwardLayer, backwardLayer } = layer;
    layer.build(toTensor(x).shape);
    const { mask = null } = options;
    const initialState = options.initialState ?? [];
    const count = forwardLayer.stateCount;
    return [
      oneWay(forwardLayer, toTensor(x), { mask, initialState: initialState.slice(0, count) }),
      oneWay(backwardLayer, toTensor(x), { mask, initialState: initialState.slice(count) }),
    ];
  }
  if (!(layer instanceof Recurrent) || !(layer.cell instanceof KernelCell)) {
    const name = (layer as { name?: unknown } | null)?.name;
    const wanted = "an LSTM, a GRU, a SimpleRNN, or a Bidirectional of them";
    throw new UnsupportedError("trace, layer", wanted, typeof name === "string" ? name : show(layer));
  }
  return [oneWay(layer, toTensor(x), options)];
}

function oneWay(layer: Recurrent, x: Tensor, { mask, initialState }: TraceOptions): Trace {
  layer.build(x.shape);
  const [batch, timesteps] = x.shape as [number, number];
  const sizes = layer.cell.stateSizes;
  const zeros = () => sizes.map((size) => new Tensor([batch, size], "float32", new Float32Array(batch * size)));
  const history = () =>
    sizes.map((size) => new Tensor([batch, timesteps, size], "float32", new Float32Array(batch * timesteps * size)));
  const [before, after] = [history(), history()];
  const counts = mask ? toTensor(mask) : undefined;
  const step = stepOf(layer);
  let states = initialState?.length ? initialState.map(toTensor) : zeros();
  for (let k = 0; k < timesteps; k++) {
    const t = layer.goBackwards ? timesteps - 1 - k : k;
    const masked = counts && { mask: timestep(counts, t) };
    const [, ...next] = step.apply(timestep(x, t), { initialState: states, ...masked }) as unknown as Tensor[];
    write(states, before, t);
    write(next, after, t);
    states = next;
  }
  const [h, c] = after as [Tensor, Tensor?];
  const gates = gatesOf(layer.cell as KernelCell, x, before);
  return { layer: layer.name, backwards: layer.goBackwards, gates, states: { h, ...(c && { c }) } };
}

/** [batch, timesteps, …] → [batch, 1, …], as floats. */
function timestep({ shape, data }: Tensor, t: number): Tensor {
  const [batch, timesteps, ...rest] = shape as [number, number, ...number[]];
  const width = rest.reduce((product, d) => product * d, 1);
  const rows = new Float32Array(batch * width);
  for (let b = 0; b < batch; b++) {
    const from = (b * timesteps + t) * width;
    rows.set(data.subarray(from, from + width), b * width);
  }
  return new Tensor([batch, 1, ...rest], "float32", rows);
}

/** Puts states [batch, size] at one timestep of their histories. */
function write(states: readonly Tensor[], histories: readonly Tensor[], t: number): void {
  states.forEach(({ data, shape: [batch = 0, size = 0] }, k) => {
    const { data: history, shape } = histories[k] as Tensor;
    for (let b = 0; b < batch; b++) {
      history.set(data.subarray(b * size, (b + 1) * size), (b * (shape[1] as number) + t) * size);
    }
  });
}

/** The layer with the same weights, one timestep at a time. */
function stepOf(layer: Recurrent): Recurrent {
  const one = { returnSequences: false, returnState: true, goBackwards: false, stateful: false, unroll: false };
  const step = layer.twin(one);
  step.build([null, 1, (layer.cell as KernelCell).inputDim]);
  step.setWeights(layer.getWeights());
  return step;
}

/** The gates at all timesteps: each timestep of each sequence is a row of one batch, with the states before it. */
function gatesOf(cell: KernelCell, x: Tensor, states: readonly Tensor[]): Record<string, Tensor> {
  const [batch, timesteps, inputDim] = x.shape as [number, number, number];
  const plan = new Plan(sharedEngine());
  try {
    const rows = [inputDim, ...cell.stateSizes].map((width) => plan.input([batch * timesteps, width], "float32"));
    const [input, ...from] = rows as [(typeof rows)[number]];
    const { gates = {} } = cell.planEquations(plan, input, from);
    plan.seal(Object.values(gates));
    const values = plan.execute([Float32Array.from(x.data), ...states.map((state) => state.data)]);
    const names = Object.keys(gates);
    const shape = [batch, timesteps, cell.units];
    return Object.fromEntries(values.map(({ data }, k) => [names[k], new Tensor(shape, "float32", data)]));
  } finally {
    plan.free();
  }
}
