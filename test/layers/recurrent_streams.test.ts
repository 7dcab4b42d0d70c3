/** Recurrent layers one timestep at a time: masked timesteps, cells of every kind, and what streams cannot do. */
import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { embedding } from "../../src/layers/embedding";
import { gru, gruCell } from "../../src/layers/recurrent/gru";
import { lstm, lstmCell } from "../../src/layers/recurrent/lstm";
import { rnn } from "../../src/layers/recurrent/rnn";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { timeDistributed } from "../../src/layers/time_distributed";
import { sequential } from "../../src/models/sequential";
import * as ops from "../../src/ops";
import { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, useBuild } from "../support";

const ROUNDING = 1e-6; // relaxed build: a few units in the last place of numbers below 1

/** h' = tanh(h + x), on 4 features. */
const adder = {
  stateSize: 4,
  call(x: Tensor, [h]: readonly Tensor[]) {
    const next = ops.tanh(ops.add(h as Tensor, x));
    return { output: next, states: next };
  },
};

const MAKERS = {
  lstm: (options: object) => lstm({ units: 5, ...options }),
  gru: (options: object) => gru({ units: 9, ...options }),
  "softmax inside": (options: object) => simpleRNN({ units: 3, activation: "softmax", ...options }),
  "a stack": (options: object) => rnn({ cell: [lstmCell({ units: 4 }), gruCell({ units: 3 })], ...options }),
  "a user's cell": (options: object) => rnn({ cell: adder, ...options }),
};

/** Id 0 is masked: at the start, in the middle, at the end, everywhere. */
const IDS = [
  [0, 0, 3, 1, 2, 4],
  [2, 0, 0, 5, 0, 1],
  [4, 1, 3, 2, 0, 0],
  [0, 0, 0, 0, 0, 0],
];

describe.each(BUILDS)("streams on the %s build", (build) => {
  useBuild(build);
  const tolerance = build === "baseline" ? 0 : ROUNDING;

  describe.each(Object.entries(MAKERS))("%s", (_, make) => {
    it.each([false, true])(
      "repeats or clears outputs at masked timesteps (zeroOutputForMask %s)",
      (zeroOutputForMask) => {
        const words = embedding({ inputDim: 6, outputDim: 4, maskZero: true });
        const m = sequential({ layers: [words, make({ returnSequences: true, zeroOutputForMask })] });
        const whole = m.predict(IDS);
        const [batch, timesteps, width] = whole.shape as [number, number, number];
        const stream = m.createStream({ batch });
        for (let t = 0; t < timesteps; t++) {
          const got = stream.step(IDS.map((row) => row[t] as number));
          const wanted = ops.squeeze(ops.slice(whole, [0, t], [-1, 1]), 1);
          expectClose(new Tensor([batch, width], "float32", got.slice()), wanted, tolerance, 0);
        }
      },
    );
  });

  it("forgets the repeated output when it is reset, and carries it in snapshots", () => {
    const words = embedding({ inputDim: 6, outputDim: 4, maskZero: true });
    const m = sequential({ layers: [words, lstm({ units: 5, returnSequences: true })] });
    const [stream, other] = [m.createStream(), m.createStream()];
    const kept = stream.step([3]).slice();
    other.setState(stream.getState());
    expect(other.step([0])).toEqual(kept);
    stream.reset();
    expect(stream.step([0])).toEqual(new Float32Array(5));
  });
});

it("refuses layers that need timesteps to come, by name", () => {
  const first = { inputShape: [null, 2] };
  const made = (layer: Parameters<ReturnType<typeof sequential>["add"]>[0]) => () =>
    sequential({ layers: [layer] }).createStream();
  expect(made(lstm({ units: 2, goBackwards: true, name: "l", ...first }))).toThrow(
    "stream, l: expected a layer that goes forwards from its own states, got goBackwards",
  );
  expect(made(bidirectional({ layer: lstm({ units: 2, ...first }), name: "b" }))).toThrow(
    "stream, b (Bidirectional): expected a layer that needs no later timesteps, got one that does",
  );
  const layer = lstm({ units: 2, stateful: true, name: "inner" });
  expect(made(timeDistributed({ layer, name: "t", batchInputShape: [1, null, 3, 2] }))).toThrow(
    "stream, t: expected a layer that carries no states, got inner",
  );
});
