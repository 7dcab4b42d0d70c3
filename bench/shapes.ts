/** The workloads: networks that people run, named once in workloads.json and used everywhere. */

import table from "./workloads.json";

export type Kind = "LSTM" | "GRU" | "SimpleRNN";

/** A layer of a workload; GRU is `reset_after`, the Keras default; Dense has a softmax. */
export interface LayerShape {
  readonly kind: Kind | "Embedding" | "Dense";
  readonly units: number;
  /** All outputs, not the last alone. */
  readonly sequences?: boolean;
  /** Two of them, with concatenated outputs. */
  readonly bidirectional?: boolean;
}

export interface Workload {
  readonly batch: number;
  readonly timesteps: number;
  /** Width of the input, unless it is token ids below `vocabulary`. */
  readonly features?: number;
  readonly vocabulary?: number;
  /** One step with its state kept, as in a live stream. */
  readonly stream?: boolean;
  readonly layers: readonly LayerShape[];
}

/** One recurrent layer on vectors: what rooflines are told of. */
export interface Shape {
  readonly kind: Kind;
  readonly batch: number;
  readonly timesteps: number;
  readonly inputDim: number;
  readonly units: number;
  readonly sequences: boolean;
}

const GATES = { LSTM: 4, GRU: 3, SimpleRNN: 1 } as const;

export const WORKLOADS = table as Readonly<Record<string, Workload>>;

const simple: LayerShape = { kind: "SimpleRNN", units: 128 };

/** One recurrent layer each. */
export const LAYERS: Readonly<Record<string, Workload>> = {
  ...Object.fromEntries(Object.entries(WORKLOADS).filter(([, { layers }]) => layers.length === 1)),
  SR: { batch: 1, timesteps: 1, features: 64, stream: true, layers: [simple] },
  R1: { batch: 1, timesteps: 100, features: 64, layers: [simple] },
};

/** The recurrent layers of a workload, each direction for itself, with the width that reaches them. */
export function recurrentShapes({ batch, timesteps, features = 0, layers }: Workload): Shape[] {
  let inputDim = features;
  return layers.flatMap(({ kind, units, sequences = false, bidirectional }) => {
    const given = inputDim;
    inputDim = units * (bidirectional ? 2 : 1);
    if (kind === "Embedding" || kind === "Dense") return [];
    const shape = { kind, batch, timesteps, inputDim: given, units, sequences };
    return bidirectional ? [shape, shape] : [shape];
  });
}

/** Floating-point operations of the matrix products: two a multiply-add; the gates are not counted. */
export function flops({ kind, batch, timesteps, inputDim, units }: Shape): number {
  return 2 * (inputDim + units) * GATES[kind] * units * batch * timesteps;
}

/** Bytes of weights, which each timestep of a batch of one reads. */
export function weightBytes({ kind, inputDim, units }: Shape): number {
  return 4 * (inputDim + units) * GATES[kind] * units;
}
