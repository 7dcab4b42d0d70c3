/** A workload with seeded weights, checked against its float64 twin before and after it is timed. */

import { bidirectional } from "../src/layers/bidirectional";
import { dense } from "../src/layers/dense";
import { embedding } from "../src/layers/embedding";
import type { Layer, Result } from "../src/layers/layer";
import { gru } from "../src/layers/recurrent/gru";
import { lstm } from "../src/layers/recurrent/lstm";
import { simpleRNN } from "../src/layers/recurrent/simple_rnn";
import { type Sequential, sequential } from "../src/models/sequential";
import type { Tensor, TensorData } from "../src/tensor";
import type { Contestant } from "./rounds";
import { seeded, seededIds } from "./seeded";
import type { LayerShape, Workload } from "./shapes";
import { twin } from "./twin";

/** Largest difference from float64 that a contestant may show, before and after. */
const TOLERANCE = 1e-4;

/** One workload, ready to run. */
export interface Network extends Contestant {
  /** Largest difference from the float64 twin; NaN counts as infinite. */
  error(): number;
}

function layerOf({ kind, units, sequences = false, bidirectional: both }: LayerShape, vocabulary = 0): Layer<Result> {
  if (kind === "Embedding") return embedding({ inputDim: vocabulary, outputDim: units });
  if (kind === "Dense") return dense({ units, activation: "softmax" });
  const options = { units, returnSequences: sequences };
  const layer = kind === "LSTM" ? lstm(options) : kind === "GRU" ? gru(options) : simpleRNN(options);
  return both ? bidirectional({ layer }) : layer;
}

/** The model of a workload, with seeded weights, and its input. */
export function modelOf({ batch, timesteps, features, vocabulary, layers }: Workload) {
  const model = sequential({ layers: layers.map((layer) => layerOf(layer, vocabulary)) });
  model.build(features ? [null, null, features] : [null, null]);
  for (const [at, layer] of model.layers.entries()) {
    const scale = Math.sqrt(1 / (layers[at] as LayerShape).units);
    layer.setWeights(layer.weights.map((w, k) => seeded(w.shape, 10 * at + k + 1, scale)));
  }
  const x = features
    ? seeded([batch, timesteps, features], 9, 1)
    : seededIds([batch, timesteps], 9, vocabulary as number);
  return { model, x };
}

/** Builds the network of a workload. */
export function network(name: string, workload: Workload): Network {
  const { model, x } = modelOf(workload);
  const weights = model.layers.map((layer) => layer.getWeights());
  const expected = twin(workload, weights, x, checkedRows(workload.batch));
  return workload.stream ? streamed(name, model, x, expected) : whole(name, model, x, expected);
}

function whole(name: string, model: Sequential, x: Tensor, expected: number[]): Network {
  const batch = x.shape[0] as number;
  const out = model.predict(x).data;
  return {
    name,
    run: () => void model.predict(x, { out }),
    error: () => worst(checkedPart(model.predict(x).data, batch), expected),
  };
}

/** One step after another; the first after a reset is the one that is checked. */
function streamed(name: string, model: Sequential, x: Tensor, expected: number[]): Network {
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

/** The first and the last row: the twin is slow, and rows differ only in which tile makes them. */
function checkedRows(batch: number): number[] {
  return batch === 1 ? [0] : [0, batch - 1];
}

/** The elements of a result that belong to the rows checked. */
function checkedPart(data: TensorData, batch: number): number[] {
  const size = data.length / batch;
  return checkedRows(batch).flatMap((row) => [...data.subarray(row * size, (row + 1) * size)]);
}

function worst(got: ArrayLike<number>, expected: number[]): number {
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
