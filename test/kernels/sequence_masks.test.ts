import { describe, expect, it } from "vitest";
import type { Recurrence } from "../reference/recurrent";
import { expectClose } from "../support";
import { BUILDS } from "./module";
import { KINDS, type Kind, makeSequence, runSequence } from "./sequences";

const TOLERANCE = 1e-6; // f32 against float64 over 6 timesteps
const list = (data: readonly number[]) => ({ shape: [data.length], data });

/** One row of a mask for six timesteps. */
const ROWS = {
  "right padded": [1, 1, 1, 1, 0, 0],
  "left padded": [0, 0, 1, 1, 1, 1],
  "with holes": [0, 1, 0, 0, 1, 0],
  "never masked": [1, 1, 1, 1, 1, 1],
  "all masked": [0, 0, 0, 0, 0, 0],
};

/** Batches of every kind of row: the batch decides how rows are computed, the mask how many of them at a time. */
function masks(batch: number): Record<string, Float32Array> {
  const rows = Object.values(ROWS);
  const same = Object.entries(ROWS).map(
    ([name, row]) => [name, Array.from({ length: batch }, () => row).flat()] as const,
  );
  const mixed = Array.from({ length: batch }, (_, at) => rows[at % rows.length]!).flat();
  return Object.fromEntries(
    [...same, ["mixed", mixed] as const].map(([name, mask]) => [name, Float32Array.from(mask)]),
  );
}

function check(build: (typeof BUILDS)[number], kind: Kind, sequence: Recurrence): void {
  const wanted = kind.twin(sequence);
  const got = runSequence(build, kind, sequence);
  expectClose(list(got.y), list(wanted.y), TOLERANCE, TOLERANCE);
  got.states.forEach((state, s) => {
    expectClose(list(state), list(wanted.states[s]!), TOLERANCE, TOLERANCE);
  });
}

describe.each(BUILDS)("on the %s build", (build) => {
  describe.each(Object.keys(KINDS))("%s", (name) => {
    const kind = KINDS[name]!;

    it.each([1, 2, 3, 4, 6, 11])("carries states over masked timesteps, batch %i", (batch) => {
      for (const mask of Object.values(masks(batch))) {
        for (const zeroOutput of [false, true]) {
          for (const backwards of [false, true]) {
            const sizes = { batch, timesteps: 6, inputDim: 3, units: 9 };
            check(build, kind, makeSequence(kind, sizes, batch, { mask, zeroOutput, backwards }));
          }
        }
      }
    });

    it.each([1, 5])("never looks at what is masked, batch %i", (batch) => {
      const sizes = { batch, timesteps: 6, inputDim: 3, units: 9 };
      for (const mask of Object.values(masks(batch))) {
        const sequence = makeSequence(kind, sizes, 8, { mask });
        const spoiled = Float32Array.from(sequence.x, (v, at) => (mask[Math.floor(at / 3)] ? v : Number.NaN));
        expect(runSequence(build, kind, { ...sequence, x: spoiled })).toEqual(runSequence(build, kind, sequence));
      }
    });

    it.each([2, 7])("gives the last output alone as Keras does, batch %i", (batch) => {
      for (const mask of Object.values(masks(batch))) {
        for (const zeroOutput of [false, true]) {
          const sequence = makeSequence(kind, { batch, timesteps: 6, inputDim: 3, units: 9 }, 2, { mask, zeroOutput });
          const whole = runSequence(build, kind, sequence);
          const last = runSequence(build, kind, sequence, { last: true });
          const wanted = Array.from({ length: batch }, (_, row) =>
            whole.y.slice((row * 6 + 5) * 9, (row + 1) * 54),
          ).flat();
          expect(last).toEqual({ y: wanted, states: whole.states });
        }
      }
    });
  });
});
