import { expect, it } from "vitest";
import type { Tensor } from "../../src/tensor";
import { page, shapes } from "./page";

interface OutputsAndStates {
  simple: Record<"last" | "sequences" | "state" | "both", Tensor[]>;
  output: Tensor;
  hidden: Tensor;
  carried: Tensor;
  lastOfBoth: Tensor[];
  allOfBoth: Tensor[];
  simpleBoth: Tensor[][];
}

const { exports } = await page<OutputsAndStates>("outputs_and_states");

/** The documents print eight digits; the last may round otherwise. */
const PRINTED = 6;

function expectPrinted(got: Tensor | undefined, wanted: readonly number[]): void {
  const units = 3;
  expect(got?.data.length).toBe(wanted.length * units);
  got?.data.forEach((v, k) => {
    expect(v).toBeCloseTo(wanted[Math.floor(k / units)] as number, PRINTED);
  });
}

it("gives SimpleRNN in all four combinations", () => {
  const { simple } = exports;
  expect(shapes(simple.last)).toEqual([[1, 3]]);
  expect(shapes(simple.sequences)).toEqual([[1, 4, 3]]);
  expect(shapes(simple.state)).toEqual([
    [1, 3],
    [1, 3],
  ]);
  expect(simple.state[0]).toEqual(simple.state[1]);
  expect(shapes(simple.both)).toEqual([
    [1, 4, 3],
    [1, 3],
  ]);
  expect(simple.both[0]?.data.slice(9)).toEqual(simple.both[1]?.data);
});

it("gives three results of an LSTM: the output, which is h, and c", () => {
  expect(shapes([exports.output, exports.hidden, exports.carried])).toEqual([
    [1, 3],
    [1, 3],
    [1, 3],
  ]);
  expect(exports.output).toEqual(exports.hidden);
  expect(exports.carried).not.toEqual(exports.hidden);
});

it("gives five results of a bidirectional LSTM, and the figures of the documents", () => {
  const [y, fh, , bh] = exports.lastOfBoth;
  expect(exports.lastOfBoth.length).toBe(5);
  expectPrinted(y, [0.6303138, 0.7038734]);
  expectPrinted(fh, [0.6303138]);
  expectPrinted(bh, [0.7038734]);
});

it("gives the whole sequence of both directions, the backward half in the order of the input", () => {
  const [y, fh, , bh] = exports.allOfBoth;
  const forward = [0.35906473, 0.55111325, 0.59115744, 0.6303138];
  const backward = [0.7038734, 0.58863586, 0.3951699, 0.21942244];
  expectPrinted(
    y,
    forward.flatMap((v, t) => [v, backward[t] as number]),
  );
  expectPrinted(fh, [0.6303138]);
  expectPrinted(bh, [0.7038734]);
});

it("gives one state a direction of a bidirectional SimpleRNN", () => {
  const [last, all] = exports.simpleBoth as [Tensor[], Tensor[]];
  expect(shapes(last)).toEqual([
    [1, 6],
    [1, 3],
    [1, 3],
  ]);
  expect(shapes(all)).toEqual([
    [1, 4, 6],
    [1, 3],
    [1, 3],
  ]);
  const [sequence, forward, backward] = all as [Tensor, Tensor, Tensor];
  expect(sequence.data.slice(18, 21)).toEqual(forward.data);
  expect(sequence.data.slice(3, 6)).toEqual(backward.data);
});
