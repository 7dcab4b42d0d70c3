/** The answers in float64, from the equations, for single rows of a batch: what every contestant is checked against. */

import { inputOf, isRecurrent, type Laid, laid, type Weight, type Workload } from "./workloads";

type Rows = readonly Float64Array[];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** x · W + b, where b is a row of a bias. */
function affine(x: Float64Array, { data, shape }: Weight, bias?: ArrayLike<number>, from = 0): Float64Array {
  const columns = shape[1] as number;
  const sum = Float64Array.from({ length: columns }, (_, k) => bias?.[from + k] ?? 0);
  x.forEach((value, row) => {
    for (let k = 0; k < columns; k++) sum[k] = (sum[k] as number) + value * (data[row * columns + k] as number);
  });
  return sum;
}

/** One timestep: [h, c] → [h, c]. `resetBefore`: the GRU of TF.js, with the first row of the bias alone. */
function stepped(layer: Laid, weights: readonly Weight[], x: Float64Array, [h, c]: Rows, resetBefore: boolean): Rows {
  const [kernel, recurrent, bias] = weights as [Weight, Weight, Weight];
  const { units, kind } = layer;
  const at = (values: Float64Array, gate: number, u: number) => values[gate * units + u] as number;
  const input = affine(x, kernel, bias.data);
  const state = h as Float64Array;
  if (kind === "GRU") {
    const back = affine(state, recurrent, resetBefore ? undefined : bias.data, 3 * units);
    const gates = [0, 1].map((gate) => state.map((_, u) => sigmoid(at(input, gate, u) + at(back, gate, u))));
    const [z, r] = gates as [Float64Array, Float64Array];
    const looked = resetBefore
      ? affine(
          state.map((value, u) => value * (r[u] as number)),
          recurrent,
        )
      : back;
    return [
      state.map((value, u) => {
        const term = resetBefore ? at(looked, 2, u) : (r[u] as number) * at(looked, 2, u);
        const candidate = Math.tanh(at(input, 2, u) + term);
        return (z[u] as number) * value + (1 - (z[u] as number)) * candidate;
      }),
    ];
  }
  const back = affine(state, recurrent);
  const sum = input.map((value, k) => value + (back[k] as number));
  if (kind === "SimpleRNN") return [sum.map(Math.tanh)];
  const cell = (c as Float64Array).map(
    (kept, u) => sigmoid(at(sum, 1, u)) * kept + sigmoid(at(sum, 0, u)) * Math.tanh(at(sum, 2, u)),
  );
  return [cell.map((value, u) => sigmoid(at(sum, 3, u)) * Math.tanh(value)), cell];
}

function walked(layer: Laid, weights: readonly Weight[], xs: Rows, backwards: boolean, resetBefore: boolean): Rows {
  let states: Rows = [new Float64Array(layer.units), new Float64Array(layer.units)];
  const outputs = xs.map((_, k) => {
    states = stepped(layer, weights, xs[backwards ? xs.length - 1 - k : k] as Float64Array, states, resetBefore);
    return states[0] as Float64Array;
  });
  if (!layer.sequences) return [states[0] as Float64Array];
  return backwards ? outputs.reverse() : outputs;
}

function softmax(logits: Float64Array): Float64Array {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function applied(layer: Laid, xs: Rows, resetBefore: boolean): Rows {
  const { kind, weights, bidirectional } = layer;
  if (kind === "Embedding") {
    const [{ data }] = weights as [Weight];
    return xs.map(([id = 0]) => Float64Array.from(data.subarray(id * layer.units, (id + 1) * layer.units)));
  }
  if (!isRecurrent(kind)) return xs.map((x) => softmax(affine(x, weights[0] as Weight, weights[1]?.data)));
  const forwards = walked(layer, weights.slice(0, 3), xs, false, resetBefore);
  if (!bidirectional) return forwards;
  const back = walked(layer, weights.slice(3), xs, true, resetBefore);
  return forwards.map((row, t) => Float64Array.from([...row, ...(back[t] as Float64Array)]));
}

/** The answer for one row of the batch, flat. */
export function referenceRow(workload: Workload, row: number, resetBefore: boolean): Float64Array {
  const { timesteps, features, layers } = workload;
  const width = layers[0]?.kind === "Embedding" ? 1 : features;
  const input = inputOf(workload);
  const xs: Rows = Array.from({ length: timesteps }, (_, t) => {
    const from = (row * timesteps + t) * width;
    return Float64Array.from(input.subarray(from, from + width));
  });
  const rows = laid(workload).reduce((values, layer) => applied(layer, values, resetBefore), xs);
  return Float64Array.from(rows.flatMap((values) => [...values]));
}
