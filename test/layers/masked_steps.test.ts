/** Cells that no kernel walks, with masks: a masked timestep must leave the same numbers as a sequence without it. */

import { describe, expect, it } from "vitest";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { Tensor } from "../../src/tensor";
import { BUILDS, randomTensor, useBuild } from "../support";

const [BATCH, STEPS, WIDTH, UNITS] = [3, 6, 4, 5];
const MASK = [
  [1, 0, 1, 1, 0, 1],
  [0, 0, 1, 0, 1, 0],
  [1, 1, 1, 1, 1, 0],
];
/** Activations over a whole row are not in the sequence kernels. */
const OPTIONS = { units: UNITS, activation: "softmax", returnSequences: true, biasInitializer: "randomNormal" };

/** Sample `row` without its masked timesteps, [1, steps, WIDTH]. */
function compressed(x: Tensor, row: number): Tensor {
  const kept = Array.from({ length: STEPS }, (_, t) => t).filter((t) => MASK[row]?.[t]);
  const values = kept.flatMap((t) => [...x.data.slice((row * STEPS + t) * WIDTH, (row * STEPS + t + 1) * WIDTH)]);
  return new Tensor([1, kept.length, WIDTH], "float32", Float32Array.from(values));
}

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each([
    ["SimpleRNN", simpleRNN(OPTIONS)],
    ["LSTM", lstm(OPTIONS)],
    ["GRU", gru(OPTIONS)],
    ["GRU with reset before", gru({ ...OPTIONS, resetAfter: false })],
  ])("%s", (_, layer) => {
    const x = randomTensor([BATCH, STEPS, WIDTH], 7, 2);
    const mask = new Tensor([BATCH, STEPS], "bool", Uint8Array.from(MASK.flat()));
    const y = layer.apply(x, { mask });
    for (let row = 0; row < BATCH; row++) {
      const wanted = layer.apply(compressed(x, row)).data;
      let step = -1;
      for (let t = 0; t < STEPS; t++) {
        if (MASK[row]?.[t]) step++;
        const got = y.data.subarray((row * STEPS + t) * UNITS, (row * STEPS + t + 1) * UNITS);
        const output = step < 0 ? new Float32Array(UNITS) : wanted.subarray(step * UNITS, (step + 1) * UNITS);
        expect([...got], `row ${row}, timestep ${t}`).toEqual([...output]);
      }
    }
  });
});
