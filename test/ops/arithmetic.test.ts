import { describe, expect, it } from "vitest";
import * as ops from "../../src/ops";
import { sizeOf, type Tensor, tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

/** float32 against float64; every operation is within a few units in the last place. */
const RTOL = 5e-7;

/** Element by element with NumPy's broadcasting, in float64. */
function reference(a: Tensor, b: Tensor, op: (a: number, b: number) => number): Tensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = (t: Tensor) => [...new Array(rank - t.shape.length).fill(1), ...t.shape] as number[];
  const [sa, sb] = [padded(a), padded(b)];
  const shape = sa.map((d, k) => Math.max(d, sb[k] as number));
  const at = (t: Tensor, dims: number[], index: number[]) =>
    t.data[dims.reduce((sum, d, k) => sum * d + (d === 1 ? 0 : (index[k] as number)), 0)] as number;
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, n) => {
    const index: number[] = [];
    for (let k = rank - 1, rest = n; k >= 0; k--) {
      index[k] = rest % (shape[k] as number);
      rest = Math.floor(rest / (shape[k] as number));
    }
    return op(at(a, sa, index), at(b, sb, index));
  });
  return tensor(data, shape);
}

const BINARY: Record<string, [(a: Tensor, b: Tensor) => Tensor, (a: number, b: number) => number]> = {
  add: [ops.add, (a, b) => a + b],
  sub: [ops.sub, (a, b) => a - b],
  mul: [ops.mul, (a, b) => a * b],
  div: [ops.div, (a, b) => a / b],
  pow: [(a, b) => ops.pow(ops.abs(a), b), (a, b) => Math.abs(a) ** b],
  maximum: [ops.maximum, Math.max],
  minimum: [ops.minimum, Math.min],
  equal: [ops.equal, (a, b) => +(a === b)],
  notEqual: [ops.notEqual, (a, b) => +(a !== b)],
  less: [ops.less, (a, b) => +(a < b)],
  lessEqual: [ops.lessEqual, (a, b) => +(a <= b)],
  greater: [ops.greater, (a, b) => +(a > b)],
  greaterEqual: [ops.greaterEqual, (a, b) => +(a >= b)],
  logicalAnd: [ops.logicalAnd, (a, b) => +(a !== 0 && b !== 0)],
  logicalOr: [ops.logicalOr, (a, b) => +(a !== 0 || b !== 0)],
};
const COMPARING = ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual", "logicalAnd", "logicalOr"];
const SHAPES: [number[], number[]][] = [
  [[5], [5]],
  [[3, 4], [4]],
  [
    [2, 1, 5],
    [3, 1],
  ],
  [[], [2, 3]],
  [
    [2, 3, 2, 2, 3],
    [3, 1, 2, 1],
  ],
];

const UNARY: Record<string, [(x: Tensor) => Tensor, (x: number) => number]> = {
  neg: [ops.neg, (x) => -x],
  abs: [ops.abs, Math.abs],
  exp: [ops.exp, Math.exp],
  expm1: [ops.expm1, Math.expm1],
  log: [(x) => ops.log(ops.abs(x)), (x) => Math.log(Math.abs(x))],
  log1p: [(x) => ops.log1p(ops.abs(x)), (x) => Math.log1p(Math.abs(x))],
  sqrt: [(x) => ops.sqrt(ops.abs(x)), (x) => Math.sqrt(Math.abs(x))],
  rsqrt: [(x) => ops.rsqrt(ops.abs(x)), (x) => 1 / Math.sqrt(Math.abs(x))],
  square: [ops.square, (x) => x * x],
  reciprocal: [ops.reciprocal, (x) => 1 / x],
  sign: [ops.sign, Math.sign],
  floor: [ops.floor, Math.floor],
};

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  describe.each(Object.entries(BINARY))("%s", (name, [op, inDouble]) => {
    it.each(SHAPES)("of %j and %j", (left, right) => {
      // Quarters, so that equal ones occur.
      const quarters = (shape: number[], seed: number) => {
        const t = randomTensor(shape, seed, 6);
        return tensor(
          t.data.map((v) => Math.round(v) / 4),
          t.shape,
        );
      };
      const [a, b] = [quarters(left, 1), quarters(right, 2)];
      const got = op(a, b);
      expect(got.dtype).toBe(COMPARING.includes(name) ? "bool" : "float32");
      expectClose(got, reference(a, b, inDouble), 0, RTOL);
    });
  });

  it.each(Object.entries(UNARY))("%s", (_, [op, inDouble]) => {
    const x = randomTensor([3, 7], 3, 4);
    expectClose(op(x), tensor(x.data.map(inDouble), x.shape), 1e-7, RTOL);
  });

  it("takes numbers, nested arrays and whole numbers, and gives float32", () => {
    expect(ops.add([[1, 2]], 3).toArray()).toEqual([[4, 5]]);
    const whole = ops.mul(tensor(new Int32Array([2, 3])), tensor([true, false]));
    expect([whole.dtype, whole.toArray()]).toEqual(["float32", [2, 0]]);
  });

  it("chooses with where, in the type of both choices", () => {
    const [a, b] = [tensor(new Int32Array([1, 2, 3])), tensor(new Int32Array([7]))];
    const chosen = ops.where([true, false, true], a, b);
    expect([chosen.dtype, chosen.toArray()]).toEqual(["int32", [1, 7, 3]]);
    expect(ops.where([1, 0], [0.5, 1.5], tensor(new Int32Array([4, 4]))).toArray()).toEqual([0.5, 4]);
  });

  it("negates, and clips", () => {
    expect(ops.logicalNot([0, 2, 0]).toArray()).toEqual([true, false, true]);
    expect(ops.clip([-3, 0.5, 9], -1, 1).toArray()).toEqual([-1, 0.5, 1]);
  });
});

it("refuses shapes that do not broadcast", () => {
  expect(() => ops.add([1, 2], [1, 2, 3])).toThrow("ops.add: expected shapes that broadcast, got [2] and [3]");
  expect(() => ops.where([1, 1], [1, 2, 3], 0)).toThrow("ops.where: expected shapes that broadcast");
});

it("gives what belongs to the caller", () => {
  const first = ops.add([1], [1]);
  const second = ops.add([5], [5]);
  expect([first.toArray(), second.toArray()]).toEqual([[2], [10]]);
});
