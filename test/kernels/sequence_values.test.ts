import { describe, expect, it } from "vitest";
import { expectClose } from "../support";
import { BUILDS } from "./module";
import { KINDS, makeSequence, runSequence } from "./sequences";

const sizes = { batch: 1, timesteps: 6, inputDim: 3, units: 9 };
const list = (data: readonly number[]) => ({ shape: [data.length], data });
const isDenormal = (v: number) => v !== 0 && Math.abs(v) < 1e-20;

describe.each(BUILDS)("on the %s build", (build) => {
  describe.each(Object.keys(KINDS))("%s", (name) => {
    const kind = KINDS[name]!;

    it.each([1, 3, 4, 8])("leaves what lies between wide rows alone, both halves of one row, batch %i", (batch) => {
      const sequence = makeSequence(kind, { ...sizes, batch }, 6);
      const plain = runSequence(build, kind, sequence);
      const back = runSequence(build, kind, { ...sequence, backwards: true });
      const half = runSequence(build, kind, sequence, { width: 20, column: 1 });
      const inPlace = { width: 20, column: 11, inPlace: true };
      const other = runSequence(build, kind, { ...sequence, backwards: true }, inPlace);
      for (let row = 0; row < batch; row++) {
        for (let t = 0; t < 6; t++) {
          const at = row * 6 + t;
          const wide = [0, ...plain.y.slice(9 * at, 9 * at + 9), ...new Array(10).fill(0)];
          expect(half.y.slice(20 * at, 20 * at + 20)).toEqual(wide);
          const mirror = 9 * (row * 6 + 5 - t);
          const wideBack = [...new Array(11).fill(0), ...back.y.slice(mirror, mirror + 9)];
          expect(other.y.slice(20 * at, 20 * at + 20)).toEqual(wideBack);
        }
      }
    });

    it.each([2, 3, 8])("keeps NaN in its row and in its time, batch %i", (batch) => {
      const sequence = makeSequence(kind, { ...sizes, batch }, 7);
      const clean = runSequence(build, kind, sequence);
      const x = Float32Array.from(sequence.x);
      x[(6 + 3) * 3] = Number.NaN; // row 1, timestep 3
      const got = runSequence(build, kind, { ...sequence, x });
      got.y.forEach((v, at) => {
        const [row, t] = [Math.floor(at / 54), Math.floor((at % 54) / 9)];
        if (row === 1 && t >= 3) expect(v).toBeNaN();
        else expect(v).toBe(clean.y[at]);
      });
    });

    it.each([1, 5])("takes infinite inputs to the limits of its activations, batch %i", (batch) => {
      const sequence = makeSequence(kind, { ...sizes, batch, timesteps: 2 }, 9);
      const x = Float32Array.from(sequence.x).fill(Infinity, 0, 1);
      const infinite = { ...sequence, x };
      expectClose(list(runSequence(build, kind, infinite).y), list(kind.twin(infinite).y), 1e-6, 1e-6);
    });

    it.each([1, 5])("counts inputs below 1e-20 as 0, so that they cannot slow it down, batch %i", (batch) => {
      const sequence = makeSequence(kind, { ...sizes, inputDim: 7, batch }, 11);
      const large = { ...sequence, kernel: Float32Array.from(sequence.kernel, (v) => 1e25 * v) };
      const faint = new Float32Array(sequence.x.length).fill(9e-21);
      const silent = new Float32Array(sequence.x.length);
      expect(runSequence(build, kind, { ...large, x: faint })).toEqual(
        runSequence(build, kind, { ...large, x: silent }),
      );
    });

    it.each([1, 2, 5])("lets no denormal into its states, batch %i", (batch) => {
      const sequence = makeSequence(kind, { ...sizes, batch, timesteps: 40 }, 10, { bias: undefined });
      const silent = { ...sequence, x: new Float32Array(sequence.x.length).fill(1e-39) };
      const fading = silent.states.map((state) => Float32Array.from(state, (v) => 1e-15 * v));
      const got = runSequence(build, kind, { ...silent, states: fading });
      expect([...got.y, ...got.states.flat()].filter(isDenormal)).toEqual([]);
      const full = runSequence(build, kind, silent);
      expectClose(list(full.y), list(kind.twin(silent).y), 1e-6, 1e-6);
    });
  });
});
