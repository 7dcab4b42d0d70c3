import { describe, expect, it } from "vitest";
import type { Outcome, Recurrence } from "../reference/recurrent";
import { TILINGS } from "./module";
import { KINDS, makeSequence, runSequence } from "./sequences";

/** Some rows of a sequence. */
function rowsOf(sequence: Recurrence, rows: readonly number[]): Recurrence {
  const { timesteps, inputDim, units, x, states, mask } = sequence;
  const pick = (values: ArrayLike<number>, width: number) =>
    Float32Array.from(rows.flatMap((row) => Array.from(values).slice(row * width, (row + 1) * width)));
  return {
    ...sequence,
    batch: rows.length,
    x: pick(x, timesteps * inputDim),
    states: states.map((state) => pick(state, units)),
    mask: mask && pick(mask, timesteps),
  };
}

/** Some timesteps of a sequence. */
function timesOf(sequence: Recurrence, from: number, until: number, states: readonly ArrayLike<number>[]): Recurrence {
  const { batch, timesteps, inputDim, x } = sequence;
  const span = (row: number) =>
    Array.from(x).slice((row * timesteps + from) * inputDim, (row * timesteps + until) * inputDim);
  const cut = Array.from({ length: batch }, (_, row) => span(row)).flat();
  return { ...sequence, timesteps: until - from, x: Float32Array.from(cut), states };
}

function rowsOfOutcome({ y, states }: Outcome, rows: readonly number[], { timesteps, units }: Recurrence): Outcome {
  const pick = (values: number[], width: number) => rows.flatMap((row) => values.slice(row * width, (row + 1) * width));
  return { y: pick(y, timesteps * units), states: states.map((state) => pick(state, units)) };
}

describe.each(Object.keys(KINDS))("%s, the wide build", (name) => {
  const kind = KINDS[name]!;

  it.each([1, 8, 16, 21, 64, 72])("gives the bits of the relaxed one, %i units", (units) => {
    for (let batch = 1; batch < 29; batch++) {
      const sequence = makeSequence(kind, { batch, timesteps: 3, inputDim: 14, units }, batch);
      expect(runSequence("wide", kind, sequence)).toEqual(runSequence("relaxed", kind, sequence));
    }
  });
});

describe.each(TILINGS)("%s", (build) => {
  describe.each(Object.keys(KINDS))("%s", (name) => {
    const kind = KINDS[name]!;

    it.each([1, 8, 12, 21])("gives the same bits in any batch, %i units", (units) => {
      const sequence = makeSequence(kind, { batch: 64, timesteps: 4, inputDim: 7, units }, units);
      const whole = runSequence(build, kind, sequence);
      for (const rows of [
        [0],
        [63],
        [5, 9],
        [1, 2, 3],
        [7, 8, 30, 62],
        [0, 10, 20, 30, 40],
        [60, 61, 62, 63, 1, 2, 3],
      ]) {
        const part = runSequence(build, kind, rowsOf(sequence, rows));
        expect(part).toEqual(rowsOfOutcome(whole, rows, sequence));
      }
    });

    it.each([
      [1, 5],
      [1, 14],
      [2, 5],
      [3, 14],
      [5, 5],
    ])("gives the same bits whole and in parts with the states carried on, batch %i, %i inputs", (batch, inputDim) => {
      const timesteps = 61;
      const sequence = makeSequence(kind, { batch, timesteps, inputDim, units: 10 }, batch);
      const whole = runSequence(build, kind, sequence);
      let states: readonly ArrayLike<number>[] = sequence.states;
      const cuts = [0, 1, 2, 20, timesteps];
      for (let part = 1; part < cuts.length; part++) {
        const [from, until] = [cuts[part - 1]!, cuts[part]!];
        const got = runSequence(build, kind, timesOf(sequence, from, until, states));
        for (let row = 0; row < batch; row++) {
          const wanted = whole.y.slice((row * timesteps + from) * 10, (row * timesteps + until) * 10);
          expect(got.y.slice(row * (until - from) * 10, (row + 1) * (until - from) * 10)).toEqual(wanted);
        }
        states = got.states;
      }
      expect(states).toEqual(whole.states);
    });

    it("gives masked rows the bits that they have alone", () => {
      const sizes = { batch: 9, timesteps: 12, inputDim: 6, units: 13 };
      const mask = Float32Array.from({ length: 108 }, (_, at) => (((at * 7919) % 5) + (at % 12) > 5 ? 0 : 1));
      const sequence = makeSequence(kind, sizes, 5, { mask });
      const whole = runSequence(build, kind, sequence);
      for (let row = 0; row < 9; row++) {
        expect(runSequence(build, kind, rowsOf(sequence, [row]))).toEqual(rowsOfOutcome(whole, [row], sequence));
      }
    });
  });
});

it.each(Object.keys(KINDS))("%s: gives the same bits five and six rows at a time", (name) => {
  const kind = KINDS[name]!;
  for (const batch of [6, 7, 8, 9, 13, 64]) {
    const sequence = makeSequence(kind, { batch, timesteps: 3, inputDim: 5, units: 11 }, batch);
    expect(runSequence("six rows", kind, sequence)).toEqual(runSequence("baseline", kind, sequence));
  }
});
