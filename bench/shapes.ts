/** The workloads: shapes of networks that people run, named once and used everywhere. */

export type Kind = "LSTM" | "GRU" | "SimpleRNN";

export interface Shape {
  readonly kind: Kind;
  readonly batch: number;
  readonly timesteps: number;
  readonly inputDim: number;
  readonly units: number;
  /** All outputs, not the last alone. */
  readonly sequences: boolean;
  /** One step with its state kept, as in a live stream. */
  readonly stream?: boolean;
}

const GATES = { LSTM: 4, GRU: 3, SimpleRNN: 1 } as const;

/** One recurrent layer each. GRU is `reset_after`, the Keras default. */
export const LAYERS: Readonly<Record<string, Shape>> = {
  S1: { kind: "LSTM", batch: 1, timesteps: 1, inputDim: 64, units: 128, sequences: false, stream: true },
  S2: { kind: "GRU", batch: 1, timesteps: 1, inputDim: 64, units: 128, sequences: false, stream: true },
  SR: { kind: "SimpleRNN", batch: 1, timesteps: 1, inputDim: 64, units: 128, sequences: false, stream: true },
  TINY: { kind: "LSTM", batch: 1, timesteps: 20, inputDim: 8, units: 16, sequences: false },
  L1: { kind: "LSTM", batch: 1, timesteps: 100, inputDim: 64, units: 128, sequences: false },
  L32: { kind: "LSTM", batch: 32, timesteps: 100, inputDim: 64, units: 128, sequences: false },
  L64: { kind: "LSTM", batch: 64, timesteps: 100, inputDim: 64, units: 128, sequences: true },
  G1: { kind: "GRU", batch: 1, timesteps: 100, inputDim: 64, units: 256, sequences: true },
  G64: { kind: "GRU", batch: 64, timesteps: 100, inputDim: 64, units: 256, sequences: true },
  R1: { kind: "SimpleRNN", batch: 1, timesteps: 100, inputDim: 64, units: 128, sequences: false },
  R64: { kind: "SimpleRNN", batch: 64, timesteps: 100, inputDim: 256, units: 128, sequences: false },
  BIG1: { kind: "LSTM", batch: 1, timesteps: 50, inputDim: 512, units: 512, sequences: false },
  BIG32: { kind: "LSTM", batch: 32, timesteps: 50, inputDim: 512, units: 512, sequences: false },
};

/** Floating-point operations of the matrix products: two a multiply-add; the gates are not counted. */
export function flops({ kind, batch, timesteps, inputDim, units }: Shape): number {
  return 2 * (inputDim + units) * GATES[kind] * units * batch * timesteps;
}

/** Bytes of recurrent weights, which each timestep of a batch of one reads. */
export function weightBytes({ kind, inputDim, units }: Shape): number {
  return 4 * (inputDim + units) * GATES[kind] * units;
}
