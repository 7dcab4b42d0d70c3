/** The tests that every recurrent kernel passes beside its float64 twin. */

import { expect, it } from "vitest";
import type { Outcome } from "../reference/recurrent";
import { expectClose } from "../support";
import { type Build, type Kind, makeSequence, runSequence, type Sizes, scalar } from "./sequences";

const UNITS = [1, 2, 3, 5, 7, 8, 9, 16, 33, 130];
const BATCHES = [1, 2, 3, 4, 5, 6, 7, 64];
const INPUTS = [1, 3, 8, 64];
const TOLERANCE = 1e-6; // f32 against float64: stated in assembly/README.md for states of size 1 and up to 50 timesteps

function expectSame(got: Outcome, wanted: Outcome, tolerance = TOLERANCE): void {
  const list = (data: readonly number[]) => ({ shape: [data.length], data });
  expectClose(list(got.y), list(wanted.y), tolerance, tolerance);
  expect(got.states.length).toBe(wanted.states.length);
  got.states.forEach((state, s) => {
    expectClose(list(state), list(wanted.states[s] as number[]), tolerance, tolerance);
  });
}

export function agreesWithTwin(build: Build, kind: Kind): void {
  const check = (sizes: Sizes, seed: number, options = {}) => {
    const sequence = makeSequence(kind, sizes, seed, options);
    expectSame(runSequence(build, kind, sequence), kind.twin(sequence));
  };

  it.each(UNITS)("agrees with its twin for %i units, one row and many, one timestep and several", (units) => {
    for (const batch of units > 100 ? [1, 5] : [1, 3, 5, 13]) {
      for (const timesteps of [1, 7]) check({ batch, timesteps, inputDim: 3, units }, units + batch);
    }
  });

  it.each(BATCHES)("agrees with its twin for a batch of %i, over the longest run of inputs made ahead", (batch) => {
    for (const units of [5, 16]) check({ batch, timesteps: 20, inputDim: 8, units }, batch);
  });

  it.each(INPUTS)("agrees with its twin for %i features, forwards and backwards", (inputDim) => {
    for (const batch of [1, 4]) {
      check({ batch, timesteps: 5, inputDim, units: 9 }, inputDim);
      check({ batch, timesteps: 5, inputDim, units: 9 }, inputDim, { backwards: true });
    }
  });

  it("agrees with its twin over 50 timesteps, and without bias", () => {
    for (const batch of [2, 6]) {
      check({ batch, timesteps: 50, inputDim: 4, units: 24 }, 3);
      check({ batch, timesteps: 3, inputDim: 4, units: 10 }, 4, { bias: undefined });
    }
  });

  it.each([
    ["relu", "sigmoid"],
    ["tanh", "clipped_affine"],
    ["silu", "hard_sigmoid"],
    ["linear", "tanh"],
    ["softsign", "relu6"],
  ] as const)("takes other activations: %s and %s", (name, recurrentName) => {
    const activation = [name, 0, 0] as const;
    const recurrentActivation = [recurrentName, 0.2, 0.5] as const;
    for (const batch of [1, 7]) {
      const sequence = makeSequence(kind, { batch, timesteps: 3, inputDim: 4, units: 11 }, batch, {
        activation: scalar(activation),
        recurrentActivation: scalar(recurrentActivation),
      });
      const wanted = kind.twin(sequence);
      const size = Math.max(1, ...wanted.y.map(Math.abs));
      expectSame(runSequence(build, kind, sequence, { activation, recurrentActivation }), wanted, TOLERANCE * size);
    }
  });
}
