/** What the tests of batcher and pool share: small models of every kind, and seeded choices. */

import { concatenate } from "../../src/layers/concatenate";
import { dense } from "../../src/layers/dense";
import { embedding } from "../../src/layers/embedding";
import { input } from "../../src/layers/input_layer";
import type { Layer, Result } from "../../src/layers/layer";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { model } from "../../src/models/functional";
import type { Model } from "../../src/models/model";
import { type Sequential, sequential } from "../../src/models/sequential";
import { Tensor, type TensorData } from "../../src/tensor";
import type { Pool } from "../../src/throughput/pool";
import { type Places, SLOT } from "../../src/wasm/space";
import { random, randomTensor } from "../support";

export const WIDTH = 3;

/** A model with seeded weights. */
export function built(layers: readonly Layer<Result>[]): Sequential {
  return seeded(sequential({ layers }));
}

export function seeded<M extends Model<Result>>(m: M): M {
  m.build(m.inputs.map((t) => t.shape));
  m.setWeights(m.weights.map((w, k) => randomTensor(w.shape, k + 1, 0.7)));
  return m;
}

/** [timesteps, WIDTH] → [2] */
export function numbersModel(): Sequential {
  return built([
    lstm({ units: 5, returnSequences: true, inputShape: [null, WIDTH] }),
    gru({ units: 9 }),
    dense({ units: 2 }),
  ]);
}

/** How many ids {@link idsModel} knows. */
export const IDS = 7;

/** Ids [timesteps], 0 masked → [6] */
export function idsModel(): Sequential {
  return built([embedding({ inputDim: IDS, outputDim: 4, maskZero: true, inputShape: [null] }), lstm({ units: 6 })]);
}

/** Two inputs, [timesteps, WIDTH] and [timesteps, 2], and two outputs, [4] and [timesteps, 3]. */
export function twoByTwo() {
  const [a, b] = [input({ shape: [null, WIDTH], name: "a" }), input({ shape: [null, 2], name: "b" })];
  const both = concatenate().apply([a, b]);
  const sequence = gru({ units: 3, returnSequences: true }).apply(both);
  return seeded(model({ inputs: [a, b], outputs: [lstm({ units: 4 }).apply(sequence), sequence] }));
}

/** Seeded whole numbers in [0, below). */
export function dice(seed: number): (below: number) => number {
  const next = random(seed);
  return (below) => Math.floor(((next() + 1) / 2) * below);
}

/** A tensor with a batch axis of one. */
export function alone(sample: Tensor): Tensor {
  return new Tensor([1, ...sample.shape], sample.dtype, sample.data);
}

/** The numbers, for comparison bit by bit. */
export function bits(data: TensorData): number[] {
  const { buffer, byteOffset, byteLength } = data;
  return [...new Uint8Array(buffer, byteOffset, byteLength)];
}

/** How a promise ended. */
export async function outcome<T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** What the tests need to see of a pool. */
export interface Inside {
  readonly crew: {
    readonly members: Set<{ isReady: boolean; handle: { terminate(): Promise<void> } }>;
    readonly slots: { readonly arena: { readonly i32: Int32Array }; readonly places: Places };
  };
}

/** Pieces of work that workers have done for others so far. */
export function helped(pool: Pool<Tensor>): number {
  const { arena, places } = (pool as unknown as Inside).crew.slots;
  const each = Array.from({ length: pool.threads }, (_, k) => arena.i32[places.slot(k) + SLOT.go] as number);
  return each.reduce((a, b) => a + b, 0);
}
