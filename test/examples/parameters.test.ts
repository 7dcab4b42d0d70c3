import { expect, it } from "vitest";
import { page, type Shown } from "./page";

interface Parameters {
  one: Shown;
  spelled: Shown[];
  last: number[];
  sequences: number[];
  stacked: Shown;
}

const { exports, printed } = await page<Parameters>("parameters");

it("counts 42 parameters and gives (None, 3)", () => {
  expect(exports.one.countParams()).toBe(42);
  expect(exports.one.outputs[0]?.shape).toEqual([null, 3]);
  expect(printed).toMatch(/simple_rnn\w* \(SimpleRNN\)\s+\(None, 3\)\s+42/);
  expect(printed).toContain("Total params: 42");
});

it("takes the input shape as inputShape, inputLength with inputDim, or batchInputShape", () => {
  expect(exports.spelled.map((m) => m.countParams())).toEqual([42, 42, 42]);
  expect(exports.spelled.map((m) => m.outputs[0]?.shape)).toEqual([
    [null, 3],
    [null, 3],
    [8, 3],
  ]);
});

it("gives (8, 3), or (8, 2, 3) with returnSequences", () => {
  expect([exports.last, exports.sequences]).toEqual([
    [8, 3],
    [8, 2, 3],
  ]);
});

it("stacks 27 + 21 = 48 parameters", () => {
  expect(exports.stacked.layers.map((layer) => layer.countParams())).toEqual([27, 21]);
  expect(exports.stacked.countParams()).toBe(48);
});
