import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { dense } from "../../src/layers/dense";
import { deserialize } from "../../src/layers/deserialize";
import { input } from "../../src/layers/input_layer";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { sequential } from "../../src/models/sequential";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("bidirectional");

const x = randomTensor([2, 5, 3], 1);

describe.each(BUILDS)("Bidirectional on the %s build", (build) => {
  useBuild(build);

  it("takes masks of symbols, and gives zeros at masked timesteps whatever the layer says", () => {
    const layer = lstm({ units: 2, returnSequences: true, zeroOutputForMask: false });
    const mask = [
      [true, true, false, true, false],
      [false, false, false, false, false],
    ];
    const y = bidirectional({ layer }).apply(x, { mask });
    const width = 4;
    mask.flat().forEach((kept, step) => {
      expect(y.data.slice(step * width, (step + 1) * width).every((v) => v === 0)).toBe(!kept);
    });
  });

  it("copies the layer without its weights, and uses a backward layer as it is", () => {
    const layer = gru({ units: 2, returnSequences: true, name: "g" });
    const backwardLayer = gru({ units: 3, returnSequences: true, goBackwards: true, name: "mine" });
    const both = bidirectional({ layer, backwardLayer });
    expect(both.apply(x).shape).toEqual([2, 5, 5]);
    expect(layer.built).toBe(false);
    expect(both.backwardLayer).toBe(backwardLayer);
    expect([both.forwardLayer.name, both.backwardLayer.name]).toEqual(["forward_g", "mine"]);
    const names = both.children().map(([name]) => name);
    expect(names).toEqual(["forward_layer", "backward_layer"]);
    const first = randomTensor([3, 6], 9);
    both.setWeights([first, ...both.getWeights().slice(1)]);
    expectClose(both.forwardLayer.getWeights()[0] as never, first, 0, 0);
  });

  it("runs without any forward state when none is given, and splits a flat list", () => {
    const layer = lstm({ units: 2, returnState: true });
    const both = bidirectional({ layer });
    const states = [1, 2, 3, 4].map((seed) => randomTensor([2, 2], seed));
    const [, fh, fc, bh, bc] = both.apply(x, { initialState: states });
    const forward = [both.forwardLayer.apply(x, { initialState: states.slice(0, 2) })].flat();
    const backward = [both.backwardLayer.apply(x, { initialState: states.slice(2) })].flat();
    expect([fh, fc, bh, bc]).toEqual([...forward.slice(1), ...backward.slice(1)]);
  });
});

describe("refuses", () => {
  const layer = lstm({ units: 2, name: "l" });
  const back = (options: object) => lstm({ units: 2, goBackwards: true, ...options });

  it.each([
    [{ layer, mergeMode: "foo" }, 'b.mergeMode: expected one of "concat", "sum", "mul", "ave", null, got "foo"'],
    [{ layer: dense({ units: 2 }) }, "bidirectional.layer: expected a recurrent layer, got Dense"],
    [
      { layer, backwardLayer: dense({ units: 2 }) },
      "bidirectional.backwardLayer: expected a recurrent layer, got Dense",
    ],
    [{ layer, backwardLayer: lstm({ units: 2 }) }, "b: expected layers that differ in goBackwards, got false in both"],
    [{ layer: back({}) }, "b: expected layers that differ in goBackwards, got true in both"],
    [
      { layer, backwardLayer: back({ returnSequences: true }) },
      "b: expected layers with the same returnSequences, got false forwards and true backwards",
    ],
    [
      { layer, backwardLayer: back({ returnState: true }) },
      "b: expected layers with the same returnState, got false forwards and true backwards",
    ],
    [
      { layer, backwardLayer: back({ stateful: true }) },
      "b: expected layers with the same stateful, got false forwards and true backwards",
    ],
    [
      { layer, backwardLayer: back({ units: 3 }), mergeMode: "sum" },
      "b: expected layers of the same width for sum, got 2 and 3",
    ],
  ])("%# in its constructor", (options, message) => {
    expect(() => bidirectional({ name: "b", ...options } as never)).toThrow(message);
  });

  it("states that are not those of both directions", () => {
    const both = bidirectional({ layer, name: "b" });
    const given = { initialState: [randomTensor([2, 2], 1), randomTensor([2, 2], 1)] };
    const wanted = "b, initialState: expected 4 states [2, 2], [2, 2], [2, 2], [2, 2], got [2, 2], [2, 2]";
    expect(() => both.apply(x, given)).toThrow(wanted);
    const symbolic = { initialState: [input({ shape: [2] })] };
    expect(() => both.apply(input({ shape: [5, 3] }), symbolic)).toThrow(/^b, initialState: expected 4 states/);
  });
});

it("takes the input shape of the layer inside", () => {
  const layer = simpleRNN({ units: 4, inputShape: [2, 10] });
  const m = sequential({ layers: [bidirectional({ layer })] });
  expect(m.outputs[0]?.shape).toEqual([null, 8]);
});

it("makes the same layer again of its configuration", () => {
  const both = bidirectional({ layer: gru({ units: 2, returnSequences: true }), mergeMode: "ave", name: "b" });
  const again = deserialize({ class_name: "Bidirectional", config: both.getConfig() });
  expect(again.getConfig()).toEqual(both.getConfig());
  expect(both.getConfig()).toMatchObject({
    merge_mode: "ave",
    layer: { class_name: "GRU", config: { go_backwards: false, zero_output_for_mask: true } },
    backward_layer: { class_name: "GRU", config: { go_backwards: true, zero_output_for_mask: true } },
  });
});

it("turns a layer that goes backwards around, in files of Keras 2", () => {
  const layer = { class_name: "LSTM", config: { name: "l", units: 2, go_backwards: true } };
  const spec = { class_name: "Bidirectional", config: { name: "b", layer } };
  const both = deserialize(spec, { kerasVersion: 2 }) as unknown as ReturnType<typeof bidirectional>;
  expect([both.forwardLayer.goBackwards, both.backwardLayer.goBackwards]).toEqual([true, false]);
  expect(() => deserialize(spec)).toThrow("b: expected layers that differ in goBackwards");
});
