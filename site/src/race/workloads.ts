/** The workloads of the benchmarks, with seeded weights and inputs that every contestant gets. */

import { seeded } from "../numbers";

export interface LayerSpec {
  readonly kind: "LSTM" | "GRU" | "SimpleRNN" | "Dense" | "Embedding";
  readonly units: number;
  readonly sequences?: boolean;
  readonly bidirectional?: boolean;
}

export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly batch: number;
  readonly timesteps: number;
  /** Width of the input; for ids, how many there are. */
  readonly features: number;
  /** One step, with the state in and out. */
  readonly stream?: boolean;
  readonly layers: readonly LayerSpec[];
}

const lstm = (units: number, more: Partial<LayerSpec> = {}): LayerSpec => ({ kind: "LSTM", units, ...more });
const gru = (units: number, more: Partial<LayerSpec> = {}): LayerSpec => ({ kind: "GRU", units, ...more });
const dense: LayerSpec = { kind: "Dense", units: 10 };
const both = [lstm(64, { sequences: true, bidirectional: true }), lstm(32, { bidirectional: true }), dense];
const text = [{ kind: "Embedding", units: 64 } as const, lstm(128), dense];

const work = (
  name: string,
  about: string,
  sizes: readonly [number, number, number],
  layers: readonly LayerSpec[],
  stream = false,
): Workload => {
  const [batch, timesteps, features] = sizes;
  return { name, about, batch, timesteps, features, layers, stream };
};

export const WORKLOADS: readonly Workload[] = [
  work("S1", "one step of an LSTM 128, live", [1, 1, 64], [lstm(128)], true),
  work("S2", "one step of a GRU 128, live", [1, 1, 64], [gru(128)], true),
  work("TINY", "LSTM 16, 20 timesteps", [1, 20, 8], [lstm(16)]),
  work("L1", "LSTM 128, 100 timesteps", [1, 100, 64], [lstm(128)]),
  work("L32", "LSTM 128, a batch of 32", [32, 100, 64], [lstm(128)]),
  work("L64", "LSTM 128, a batch of 64, whole sequences", [64, 100, 64], [lstm(128, { sequences: true })]),
  work("G1", "GRU 256, whole sequence", [1, 100, 64], [gru(256, { sequences: true })]),
  work("G64", "GRU 256, a batch of 64", [64, 100, 64], [gru(256, { sequences: true })]),
  work("R64", "SimpleRNN 128, a batch of 64", [64, 100, 256], [{ kind: "SimpleRNN", units: 128 }]),
  work("BI1", "two bidirectional LSTMs", [1, 100, 10], both),
  work("BI32", "two bidirectional LSTMs, a batch of 32", [32, 100, 10], both),
  work("BIG1", "LSTM 512, 50 timesteps", [1, 50, 512], [lstm(512)]),
  work("BIG32", "LSTM 512, a batch of 32", [32, 50, 512], [lstm(512)]),
  work("E2E1", "words → LSTM 128 → 10 classes", [1, 100, 1000], text),
  work("E2E64", "words → LSTM 128 → 10 classes, a batch of 64", [64, 100, 1000], text),
];

/** The names of the short race. */
export const SHORT = ["S1", "S2", "TINY", "L1", "G1", "BI1", "E2E1"];

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A layer with its weights in Keras' order: kernel, recurrent kernel, bias; the backward direction behind. */
export interface Laid extends LayerSpec {
  readonly inputDim: number;
  readonly weights: readonly Weight[];
}

const GATES = { LSTM: 4, GRU: 3, SimpleRNN: 1 } as const;

export const isRecurrent = (kind: LayerSpec["kind"]): kind is keyof typeof GATES => kind in GATES;

/** A GRU's bias has a row for the input and a row for the state: reset after, which is Keras' default. */
export function laid({ layers, features }: Workload): readonly Laid[] {
  const random = seeded(2024);
  const weight = (shape: readonly number[], scale: number): Weight => {
    const size = shape.reduce((product, d) => product * d, 1);
    return { shape, data: Float32Array.from({ length: size }, () => scale * (2 * random() - 1)) };
  };
  let inputDim = features;
  return layers.map((layer) => {
    const { kind, units, bidirectional } = layer;
    const scale = 1 / Math.sqrt(units);
    const direction = (): Weight[] => {
      if (kind === "Embedding") return [weight([inputDim, units], 1)];
      if (!isRecurrent(kind)) return [weight([inputDim, units], scale), weight([units], scale)];
      const columns = GATES[kind] * units;
      const bias = kind === "GRU" ? [2, columns] : [columns];
      return [weight([inputDim, columns], scale), weight([units, columns], scale), weight(bias, scale)];
    };
    const made = { ...layer, inputDim, weights: [...direction(), ...(bidirectional ? direction() : [])] };
    inputDim = bidirectional ? 2 * units : units;
    return made;
  });
}

/** [batch, timesteps, features], or ids [batch, timesteps]. */
export function inputOf({ batch, timesteps, features, layers }: Workload): Float32Array | Int32Array {
  const random = seeded(7);
  if (layers[0]?.kind === "Embedding") {
    return Int32Array.from({ length: batch * timesteps }, () => Math.floor(features * random()));
  }
  return Float32Array.from({ length: batch * timesteps * features }, () => 2 * random() - 1);
}
