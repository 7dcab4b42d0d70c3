import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { input } from "../../src/layers/input_layer";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm, lstmCell } from "../../src/layers/recurrent/lstm";
import { rnn } from "../../src/layers/recurrent/rnn";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { timeDistributed } from "../../src/layers/time_distributed";
import { model } from "../../src/models/functional";
import * as ops from "../../src/ops";
import { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

const MAKERS = {
  SimpleRNN: (options: object) => simpleRNN({ units: 5, ...options }),
  LSTM: (options: object) => lstm({ units: 5, ...options }),
  GRU: (options: object) => gru({ units: 5, ...options }),
  "RNN of a user's cell": (options: object) => rnn({ cell: adder(), ...options }),
};

/** A cell of no kernel: h' = tanh(h + x), on 5 features. */
function adder() {
  return {
    stateSize: 5,
    call(x: Tensor, [h]: readonly Tensor[]) {
      const next = ops.tanh(ops.add(h as Tensor, x));
      return { output: next, states: next };
    },
  };
}

const x = randomTensor([2, 12, 5], 1);
const part = (from: number, to: number) => ops.slice(x, [0, from], [-1, to - from]);

describe.each(BUILDS)("stateful layers on the %s build", (build) => {
  useBuild(build);

  describe.each(Object.entries(MAKERS))("%s", (_, make) => {
    it("goes on where the last call ended: pieces give the bits of the whole", () => {
      const layer = make({ stateful: true });
      layer.apply(part(0, 5));
      layer.apply(part(5, 6));
      const last = layer.apply(part(6, 12));
      layer.resetStates();
      expect(layer.apply(x)).toEqual(last);
    });

    it("gives, takes and forgets its states", () => {
      const layer = make({ stateful: true });
      expect(layer.states).toBeNull();
      const first = layer.apply(x);
      const states = layer.states as Tensor[];
      const second = layer.apply(x);
      expect(second).not.toEqual(first);
      layer.resetStates(states);
      expect(layer.apply(x)).toEqual(second);
      layer.resetStates();
      expect(layer.states).toBeNull();
      expect(layer.apply(x)).toEqual(first);
    });

    it("starts from given states, and keeps those in which it ends", () => {
      const layer = make({ stateful: true });
      layer.apply(x);
      const states = (layer.states as Tensor[]).map((s) => randomTensor(s.shape, 7));
      const fresh = make({ returnState: true });
      fresh.build([2, 12, 5]);
      fresh.setWeights(layer.getWeights());
      const [, ...after] = fresh.apply(x, { initialState: states }) as unknown as Tensor[];
      layer.apply(x, { initialState: states });
      expect(layer.states).toEqual(after);
    });

    it("refuses another batch size until its states are dropped, and works on", () => {
      const layer = make({ stateful: true, name: "layer" });
      layer.apply(x);
      const before = layer.states;
      expect(() => layer.apply(randomTensor([3, 4, 5], 2))).toThrow(
        "layer: expected batch size 2, that of the states it carries (resetStates() drops them), got batch size 3",
      );
      expect(layer.states).toEqual(before);
      layer.resetStates();
      expect(layer.apply(randomTensor([3, 4, 5], 2)).shape).toEqual([3, 5]);
    });
  });

  it("keeps the states of a run that fails as they were", () => {
    let fails = false;
    const cell = {
      stateSize: 5,
      call(inputs: Tensor, [h]: readonly Tensor[]) {
        if (fails) throw new Error("broken");
        return { output: inputs, states: ops.add(h as Tensor, inputs) };
      },
    };
    const first = lstm({ units: 5, stateful: true, returnSequences: true });
    const second = rnn({ cell, stateful: true });
    const start = input({ batchShape: [2, 12, 5] });
    const m = model({ inputs: start, outputs: second.apply(first.apply(start)) });
    m.predict(x);
    const kept = [first.states, second.states];
    fails = true;
    expect(() => m.predict(x)).toThrow("broken");
    expect([first.states, second.states]).toEqual(kept);
  });

  it("goes on within one run when a layer is called twice", () => {
    const layer = lstm({ units: 3, stateful: true });
    const [a, b] = [input({ batchShape: [2, 5, 5] }), input({ batchShape: [2, 7, 5] })];
    const m = model({ inputs: [a, b], outputs: [layer.apply(a), layer.apply(b)] });
    const [, last] = m.predict([part(0, 5), part(5, 12)]) as Tensor[];
    layer.resetStates();
    expectClose(last as Tensor, layer.apply(x), 1e-6, 0);
  });

  it("looks at masks without changing states", () => {
    const layer = gru({ units: 2, stateful: true, returnSequences: true });
    layer.apply(x);
    const { states } = layer;
    layer.computeMask(x, { mask: ops.ones([2, 12], "bool") });
    expect(layer.states).toEqual(states);
  });

  it("carries the states of both directions, forward before backward", () => {
    const layer = bidirectional({ layer: lstm({ units: 3, stateful: true }), name: "both" });
    expect(layer.states).toBeNull();
    const first = layer.apply(x);
    expect(layer.states?.map((s) => s.shape)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(layer.states?.slice(2)).toEqual(layer.backwardLayer.states);
    const states = layer.states as Tensor[];
    const second = layer.apply(x);
    layer.resetStates(states);
    expect(layer.apply(x)).toEqual(second);
    layer.resetStates();
    expect(layer.apply(x)).toEqual(first);
    expect(() => layer.resetStates(states.slice(1))).toThrow("both.resetStates: expected 4 states, got 3");
  });

  it("passes states from timestep to timestep inside timeDistributed", () => {
    const inner = lstm({ units: 3, stateful: true });
    const frames = randomTensor([2, 3, 4, 5], 4);
    const y = timeDistributed({ layer: inner }).apply(frames);
    inner.resetStates();
    const whole = inner.apply(ops.reshape(frames, [2, 12, 5]));
    expectClose(ops.reshape(ops.slice(y, [0, 2]), [2, 3]), whole, 1e-6, 0);
  });
});

it("wants a static batch size in graphs", () => {
  const layer = lstm({ units: 3, stateful: true, name: "layer" });
  expect(() => layer.apply(input({ shape: [5, 2] }))).toThrow(
    "layer: expected a static batch size, because it is stateful (give batchInputShape), got [null, 5, 2]",
  );
});

it("refuses states for a layer that carries none", () => {
  const layer = lstm({ units: 3, name: "layer" });
  layer.resetStates();
  expect(() => layer.resetStates([])).toThrow("layer.resetStates: expected a stateful layer, got one that is not");
  const both = bidirectional({ layer, name: "both" });
  expect(() => both.resetStates()).toThrow("both.resetStates: expected stateful layers, got layers that are not");
});

it("gives copies of its states", () => {
  const layer = rnn({ cell: lstmCell({ units: 2 }), stateful: true });
  layer.apply(x);
  const [h] = layer.states as [Tensor];
  const before = h.data.slice();
  layer.apply(x);
  expect(h.data).toEqual(before);
  expect(h).toBeInstanceOf(Tensor);
});
