/** What the contestants work on: the same seeded numbers in each process. */
import { tensor } from "recurra";

/** Input shapes of single calls; those of steps are one timestep of 64 features. */
const SHAPES = { TINY: [1, 20, 8], L1: [1, 100, 64], BI1: [1, 100, 10], E2E1: [1, 100] };
const STEPS = {
  S1: { units: 128, states: ["h", "c"] },
  S2: { units: 128, states: ["h"] },
  S512: { units: 512, states: ["h", "c"] },
};
const FEATURES = 64;

function numbers(length, seed) {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** @param streams How many live streams take a step; 0 for a call, or a step of one stream. */
export function workload(name, streams) {
  const shape = SHAPES[name];
  const input = () => {
    const x = numbers(
      shape.reduce((a, b) => a * b),
      1,
    );
    return name === "E2E1"
      ? tensor(
          Int32Array.from(x, (v) => Math.floor(500 * (v + 1))),
          shape,
        )
      : tensor(x, shape);
  };
  return { name, streams, input, isStep: !shape, frame: numbers(FEATURES, 1), ...STEPS[name] };
}

export function streamFrames({ streams }) {
  return Array.from({ length: streams }, (_, k) => numbers(FEATURES, k + 1));
}
