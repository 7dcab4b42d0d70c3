/** The float64 twin of a workload: its output for some rows. */

import type { Tensor } from "../src/tensor";
import { gruReference } from "../test/reference/gru";
import { lstmReference } from "../test/reference/lstm";
import { simpleRnnReference } from "../test/reference/simple_rnn";
import type { LayerShape, Workload } from "./shapes";

const TWINS = { LSTM: lstmReference, GRU: gruReference, SimpleRNN: simpleRnnReference };

/**
 * @param weights Of every layer, in Keras' order.
 * @param rows Which rows of the input to compute: the twin is slow.
 */
export function twin(workload: Workload, weights: readonly Tensor[][], x: Tensor, rows: readonly number[]): number[] {
  const size = x.data.length / workload.batch;
  let y = rows.flatMap((row) => [...x.data.subarray(row * size, (row + 1) * size)]);
  workload.layers.forEach((layer, k) => {
    const own = (weights[k] as Tensor[]).map(({ data }) => data as Float32Array);
    y = layerTwin(layer, own, y, rows.length, workload.timesteps);
  });
  return y;
}

function layerTwin(layer: LayerShape, weights: Float32Array[], x: number[], batch: number, timesteps: number) {
  const { kind, units, bidirectional } = layer;
  const [first, second] = weights as [Float32Array, Float32Array];
  if (kind === "Embedding") return x.flatMap((id) => [...first.subarray(id * units, (id + 1) * units)]);
  if (kind === "Dense") return softmaxRows(x, first, second, batch);
  if (!bidirectional) return recurrentTwin(layer, weights, x, batch, timesteps, false);
  const forward = recurrentTwin(layer, weights.slice(0, 3), x, batch, timesteps, false);
  const backward = recurrentTwin(layer, weights.slice(3), x, batch, timesteps, true);
  return joined(forward, backward, units);
}

function recurrentTwin(
  { kind, units, sequences }: LayerShape,
  [kernel, recurrentKernel, bias]: readonly Float32Array[],
  x: number[],
  batch: number,
  timesteps: number,
  backwards: boolean,
): number[] {
  const zeros = new Float32Array(batch * units);
  const { y, states } = TWINS[kind as keyof typeof TWINS]({
    x,
    batch,
    timesteps,
    inputDim: x.length / batch / timesteps,
    units,
    kernel: kernel as Float32Array,
    recurrentKernel: recurrentKernel as Float32Array,
    bias,
    states: [zeros, zeros].slice(0, kind === "LSTM" ? 2 : 1),
    backwards,
    ...(kind === "GRU" ? { resetAfter: true } : {}),
  });
  if (!sequences) return states[0] as number[];
  return backwards ? inTimeOrder(y, batch, timesteps, units) : y;
}

/** Rows of timesteps in reverse. */
function inTimeOrder(y: number[], batch: number, timesteps: number, units: number): number[] {
  const at = (b: number, t: number) => y.slice((b * timesteps + t) * units, (b * timesteps + t + 1) * units);
  return Array.from({ length: batch * timesteps }, (_, k) => {
    const b = Math.floor(k / timesteps);
    return at(b, timesteps - 1 - (k % timesteps));
  }).flat();
}

function joined(a: number[], b: number[], width: number): number[] {
  const rows = Array.from({ length: a.length / width }, (_, k) => k * width);
  return rows.flatMap((from) => [...a.slice(from, from + width), ...b.slice(from, from + width)]);
}

function softmaxRows(x: number[], kernel: Float32Array, bias: Float32Array, batch: number): number[] {
  const width = x.length / batch;
  return Array.from({ length: batch }, (_, b) => {
    const row = x.slice(b * width, (b + 1) * width);
    const scores = [...bias].map((from, n) =>
      Math.exp(row.reduce((sum, value, k) => sum + value * (kernel[k * bias.length + n] as number), from)),
    );
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => score / sum);
  }).flat();
}
