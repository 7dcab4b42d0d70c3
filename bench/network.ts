/** A recurrent layer of a workload with seeded weights, checked against its float64 twin before it is timed. */

import type { Layer, Result } from "../src/layers/layer";
import { gru } from "../src/layers/recurrent/gru";
import { lstm } from "../src/layers/recurrent/lstm";
import { simpleRNN } from "../src/layers/recurrent/simple_rnn";
import { type Sequential, sequential } from "../src/models/sequential";
import { sizeOf, Tensor, type TensorData } from "../src/tensor";
import { gruReference } from "../test/reference/gru";
import { lstmReference } from "../test/reference/lstm";
import type { Recurrence } from "../test/reference/recurrent";
import { simpleRnnReference } from "../test/reference/simple_rnn";
import type { Contestant } from "./rounds";
import type { Kind, Shape } from "./shapes";

/** A layer of each kind. */
function layerOf(kind: Kind, options: { units: number; returnSequences: boolean; inputShape: (number | null)[] }) {
  if (kind === "LSTM") return lstm(options);
  return kind === "GRU" ? gru(options) : simpleRNN(options);
}

/** Largest difference from float64 that a contestant may show, before and after. */
const TOLERANCE = 1e-4;

/** Seeded numbers in [-scale, scale). */
export function seeded(shape: readonly number[], seed: number, scale: number): Tensor {
  let state = seed >>> 0;
  const values = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
  return new Tensor(shape, "float32", values);
}

/** One workload, ready to run. */
export interface Network extends Contestant {
  /** Largest difference from the float64 twin; NaN counts as infinite. */
  error(): number;
}

/** Builds the network of a shape. */
export function network(name: string, shape: Shape): Network {
  const { batch, timesteps, inputDim, units, sequences, kind } = shape;
  const options = { units, returnSequences: sequences, inputShape: [null, inputDim] };
  const layer: Layer<Result> = layerOf(kind, options);
  const model = sequential({ layers: [layer] });
  layer.build([null, null, inputDim]);
  layer.setWeights(layer.weights.map((w, k) => seeded(w.shape, k + 1, Math.sqrt(1 / units))));
  const x = seeded([batch, timesteps, inputDim], 9, 1);
  const expected = reference(kind, layer.getWeights(), x, shape);
  return shape.stream ? streamed(name, model, x, expected) : whole(name, model, x, expected);
}

function whole(name: string, model: Sequential, x: Tensor, expected: Float64Array): Network {
  const batch = x.shape[0] as number;
  return {
    name,
    run: () => void model.predict(x),
    error: () => worst(checkedPart(model.predict(x).data, batch), expected),
  };
}

/** One step after another; the first after a reset is the one that is checked. */
function streamed(name: string, model: Sequential, x: Tensor, expected: Float64Array): Network {
  const stream = model.createStream();
  const frame = x.data as Float32Array;
  const out = new Float32Array(expected.length);
  return {
    name,
    run: () => void stream.step(frame, out),
    error() {
      stream.reset();
      return worst(stream.step(frame, out), expected);
    },
  };
}

/** The twin's outputs for the rows of {@link checkedRows}. */
function reference(kind: Kind, weights: readonly Tensor[], x: Tensor, shape: Shape): Float64Array {
  const [kernel, recurrentKernel, bias] = weights.map((w) => w.data) as [Float32Array, Float32Array, Float32Array];
  const { timesteps, inputDim, units } = shape;
  const rows = checkedRows(shape.batch);
  const zeros = new Float32Array(rows.length * units);
  const given: Recurrence = {
    x: rows.flatMap((row) => [...x.data.subarray(row * timesteps * inputDim, (row + 1) * timesteps * inputDim)]),
    batch: rows.length,
    timesteps,
    inputDim,
    units,
    kernel,
    recurrentKernel,
    bias,
    states: [zeros, zeros].slice(0, kind === "LSTM" ? 2 : 1),
    ...(kind === "GRU" ? { resetAfter: true } : {}),
  };
  const { y } = { LSTM: lstmReference, GRU: gruReference, SimpleRNN: simpleRnnReference }[kind](given);
  if (shape.sequences) return Float64Array.from(y);
  const last = (row: number) => (row * timesteps + timesteps - 1) * units;
  return Float64Array.from(rows.flatMap((_, row) => y.slice(last(row), last(row) + units)));
}

/** The first and the last row: the twin is slow, and rows differ only in which tile makes them. */
function checkedRows(batch: number): number[] {
  return batch === 1 ? [0] : [0, batch - 1];
}

/** The elements of a result that belong to the rows checked. */
function checkedPart(data: TensorData, batch: number): number[] {
  const size = data.length / batch;
  return checkedRows(batch).flatMap((row) => [...data.subarray(row * size, (row + 1) * size)]);
}

function worst(got: ArrayLike<number>, expected: Float64Array): number {
  let most = got.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let k = 0; k < expected.length; k++) {
    const difference = Math.abs((got[k] as number) - (expected[k] as number));
    if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}

/** @throws when the network is wrong; a wrong one gets no time. */
export function check(networks: readonly Network[], when: string): void {
  for (const { name, error } of networks) {
    const difference = error();
    if (!(difference < TOLERANCE))
      throw new Error(`${name} ${when} timing: expected within ${TOLERANCE}, got ${difference}`);
  }
}
