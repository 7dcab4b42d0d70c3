/** Gates and states over time, against the float64 twins and against the layer itself. */
import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { dense } from "../../src/layers/dense";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import type { Recurrent } from "../../src/layers/recurrent/recurrent";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { type Trace, trace } from "../../src/layers/recurrent/trace";
import type { Tensor } from "../../src/tensor";
import { gruReference } from "../reference/gru";
import { lstmReference } from "../reference/lstm";
import { dot, type Outcome, type Recurrence, sigmoid } from "../reference/recurrent";
import { simpleRnnReference } from "../reference/simple_rnn";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

const [BATCH, TIMESTEPS, INPUT, UNITS] = [2, 6, 3, 5];
const TWIN = 1e-6; // float32 against float64 over 6 timesteps
const x = randomTensor([BATCH, TIMESTEPS, INPUT], 1, 2);
const MASK = [
  [0, 1, 1, 0, 1, 1],
  [1, 1, 0, 1, 1, 0],
];

function weighted<L extends Recurrent>(layer: L): L {
  layer.build([null, null, INPUT]);
  layer.setWeights(layer.weights.map(({ shape }, k) => randomTensor(shape, 10 + k, 0.8)));
  return layer;
}

type Twin = (sequence: Recurrence) => Outcome;

/** The case as the twins take it. */
function recurrence(layer: Recurrent, more: Partial<Recurrence> = {}): Recurrence {
  const [kernel, recurrentKernel, bias] = layer.getWeights().map(({ data }) => data as Float32Array);
  const zeros = new Float64Array(BATCH * UNITS);
  const states = layer.cell.stateSizes.map(() => zeros);
  const sizes = { batch: BATCH, timesteps: TIMESTEPS, inputDim: INPUT, units: UNITS };
  return { ...sizes, x: x.data, kernel: kernel!, recurrentKernel: recurrentKernel!, bias, states, ...more };
}

/** The states after `t + 1` timesteps, of the twin. */
function statesAt(twin: Twin, given: Recurrence, t: number): number[][] {
  const cut = (values: ArrayLike<number>, width: number) =>
    Array.from({ length: BATCH }, (_, b) =>
      Array.from(values).slice(b * TIMESTEPS * width, (b * TIMESTEPS + t + 1) * width),
    ).flat();
  const mask = given.mask && cut(given.mask, 1);
  return twin({ ...given, timesteps: t + 1, x: cut(given.x, INPUT), mask }).states;
}

const at = ({ data }: Tensor, b: number, t: number, u: number) => data[(b * TIMESTEPS + t) * UNITS + u] as number;

const CASES: readonly (readonly [string, () => Recurrent, Twin, Partial<Recurrence>])[] = [
  ["lstm", () => weighted(lstm({ units: UNITS })), lstmReference, {}],
  ["gru", () => weighted(gru({ units: UNITS })), gruReference, {}],
  ["gru, reset before", () => weighted(gru({ units: UNITS, resetAfter: false })), gruReference, { resetAfter: false }],
  ["simpleRNN", () => weighted(simpleRNN({ units: UNITS })), simpleRnnReference, {}],
];

describe.each(BUILDS)("traces on the %s build", (build) => {
  useBuild(build);

  describe.each(CASES)("%s", (_, make, twin, more) => {
    it.each([undefined, MASK])("has the twin's states after every timestep, mask %j", (mask) => {
      const layer = make();
      const [{ states }] = trace(layer, x, mask ? { mask } : {}) as [Trace];
      const given = recurrence(layer, { ...more, mask: mask?.flat() });
      for (let t = 0; t < TIMESTEPS; t++) {
        statesAt(twin, given, t).forEach((values, k) => {
          const traced = Object.values(states)[k] as Tensor;
          values.forEach((value, i) => {
            expect(Math.abs(at(traced, Math.floor(i / UNITS), t, i % UNITS) - value)).toBeLessThan(TWIN);
          });
        });
      }
    });

    it("walks backwards, keeping the places of the input", () => {
      const layer = make();
      const turned = weighted(layer.twin({ goBackwards: true, returnSequences: true }));
      const [{ states, backwards }] = trace(turned, x) as [Trace];
      expect(backwards).toBe(true);
      const y = turned.apply(x) as Tensor; // in the order of reading
      for (let t = 0; t < TIMESTEPS; t++) {
        for (let u = 0; u < UNITS; u++) {
          expect(at(states.h as Tensor, 1, t, u)).toBeCloseTo(at(y, 1, TIMESTEPS - 1 - t, u), 6);
        }
      }
    });
  });

  it("has an LSTM's gates as the equations say", () => {
    const layer = weighted(lstm({ units: UNITS }));
    const [{ gates, states }] = trace(layer, x) as [Trace];
    expect(Object.keys(gates)).toEqual(["input", "forget", "candidate", "output"]);
    const { kernel, recurrentKernel, bias } = recurrence(layer);
    Object.values(gates).forEach((gate, g) => {
      for (let t = 1; t < TIMESTEPS; t++) {
        const h = Array.from({ length: UNITS }, (_, u) => at(states.h as Tensor, 1, t - 1, u));
        const now = Array.from(x.data.slice((TIMESTEPS + t) * INPUT, (TIMESTEPS + t + 1) * INPUT));
        for (let u = 0; u < UNITS; u++) {
          const column = g * UNITS + u;
          const pre = dot(now, kernel, 4 * UNITS, column) + dot(h, recurrentKernel, 4 * UNITS, column);
          const wanted = (g === 2 ? Math.tanh : sigmoid)(pre + (bias?.[column] as number));
          expect(Math.abs(at(gate, 1, t, u) - wanted)).toBeLessThan(TWIN);
        }
      }
    });
  });

  it.each([true, false])("has a GRU's gates, which make its states (resetAfter %s)", (resetAfter) => {
    const [{ gates, states }] = trace(weighted(gru({ units: UNITS, resetAfter })), x) as [Trace];
    const { update, reset, candidate } = gates as Record<string, Tensor>;
    expect(reset!.data.every((value) => value > 0 && value < 1)).toBe(true);
    for (let t = 1; t < TIMESTEPS; t++) {
      for (let u = 0; u < UNITS; u++) {
        const z = at(update!, 0, t, u);
        const wanted = z * at(states.h!, 0, t - 1, u) + (1 - z) * at(candidate!, 0, t, u);
        expect(Math.abs(at(states.h!, 0, t, u) - wanted)).toBeLessThan(TWIN);
      }
    }
  });
});

it("traces both directions of a Bidirectional, and takes initial states in one flat list", () => {
  const layer = bidirectional({ layer: lstm({ units: UNITS, returnSequences: true }) });
  layer.build([null, null, INPUT]);
  const initialState = [20, 21, 22, 23].map((seed) => randomTensor([BATCH, UNITS], seed, 1));
  const [forwards, back] = trace(layer, x, { initialState }) as [Trace, Trace];
  const y = layer.apply(x, { initialState }) as Tensor;
  const halves = [forwards.states.h, back.states.h] as [Tensor, Tensor];
  const joined = Array.from({ length: BATCH * TIMESTEPS }, (_, row) =>
    halves.flatMap(({ data }) => Array.from(data.subarray(row * UNITS, (row + 1) * UNITS))),
  );
  expectClose({ shape: y.shape, data: joined.flat() }, y, TWIN, 0);
});

it("leaves a stateful layer as it is", () => {
  const layer = lstm({ units: UNITS, stateful: true, batchInputShape: [BATCH, TIMESTEPS, INPUT] });
  layer.apply(x);
  const kept = layer.states?.map(({ data }) => data);
  trace(layer, x);
  expect(layer.states?.map(({ data }) => data)).toEqual(kept);
});

it("refuses layers without a recurrence, by name", () => {
  expect(() => trace(dense({ units: 2, name: "d" }), x)).toThrow(
    "trace, layer: expected an LSTM, a GRU, a SimpleRNN, or a Bidirectional of them, got d",
  );
});
