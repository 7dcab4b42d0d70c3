import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ELEMENTWISE, REDUCTION } from "../../src/wasm/op_codes";
import { elementwiseReference, type Walk } from "../reference/elementwise";
import { random } from "../support";
import { BUILDS, KernelModule } from "./module";
import { elementwiseWords } from "./walks";

type Op = keyof typeof ELEMENTWISE;
const OPS = Object.keys(ELEMENTWISE) as Op[];
const ROUNDING = 2 ** -24; // one rounding to float32
const POWER = 2 ** -23; // the ULP that `power` states

/** Numbers with zeros, equal pairs, NaN, both infinities and both signs among them. */
function operand(count: number, seed: number): Float32Array {
  const next = random(seed);
  const odd = [0, -0, 1, Number.NaN, Infinity, -Infinity, -1, 2];
  return Float32Array.from({ length: count }, () =>
    next() < 0.3 ? 4 * next() : (odd[Math.floor(4 * (next() + 1))] as number),
  );
}

/** Runs kernel and twin, both on a y full of nines, and compares all of y. */
function compare(
  module: KernelModule,
  op: Op,
  counts: number[],
  y: { size: number } & Omit<Walk, "values">,
  operands: Walk[],
): void {
  const wanted = new Float64Array(y.size).fill(9);
  elementwiseReference(op, counts, { ...y, values: wanted }, operands);
  const blocks = operands.map((walk) => module.floats(walk.values));
  const ptr = module.floats(new Float32Array(y.size).fill(9));
  const to = { at: ptr + 4 * (y.start ?? 0), steps: y.steps };
  const from = operands.map(({ start = 0, steps }, k) => ({ at: (blocks[k] as number) + 4 * start, steps }));
  module.call("elementwise", module.ints(elementwiseWords(op, counts, to, from)));
  const tolerance = op === "power" ? POWER : ROUNDING;
  module.readFloats(ptr, y.size).forEach((got, k) => {
    const value = wanted[k] as number;
    if (Object.is(Math.fround(value), got) || got === value) return;
    expect(Math.abs(got - value) / Math.abs(value), `element ${k}: ${value}, got ${got}`).toBeLessThanOrEqual(
      tolerance,
    );
  });
}

/** A contiguous operand with its natural steps. */
function whole(shape: number[], seed: number): Walk {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, n) => size * n, 1));
  return {
    values: operand(
      shape.reduce((size, n) => size * n, 1),
      seed,
    ),
    steps,
  };
}

describe.each(BUILDS)("elementwise on the %s build", (build) => {
  it.each(OPS)("%s: slabs of one shape, around the vector width", (op) => {
    for (const count of [1, 3, 4, 5, 8, 17, 200]) {
      const operands = [1, 2, 3].map((seed) => whole([count], seed));
      compare(new KernelModule(build), op, [count], { size: count, steps: [1] }, operands);
    }
  });

  it.each(OPS)("%s: broadcasts a number, a row and a column", (op) => {
    for (const [rows, cols] of [
      [3, 5],
      [2, 8],
      [4, 1],
    ] as const) {
      const full = whole([rows, cols], 4);
      const number = { values: operand(1, 5), steps: [0, 0] };
      const row = { values: operand(cols, 6), steps: [0, 1] };
      const column = { values: operand(rows, 7), steps: [1, 0] };
      for (const operands of [
        [full, number, row],
        [row, full, column],
        [column, row, number],
      ]) {
        compare(new KernelModule(build), op, [rows, cols], { size: rows * cols, steps: [cols, 1] }, operands);
      }
    }
  });

  it.each(["copy", "add", "select"] as const)("%s: transposes, flips and strides over six axes", (op) => {
    const counts = [2, 3, 1, 2, 4, 5];
    const operands = [whole([5, 4, 2, 1, 3, 2], 8), whole(counts, 9), whole(counts, 10)];
    const transposed: Walk = { ...(operands[0] as Walk), steps: [...(operands[0] as Walk).steps].reverse() };
    const flipped: Walk = {
      values: (operands[1] as Walk).values,
      start: 239,
      steps: (operands[1] as Walk).steps.map((n) => -n),
    };
    const y = { size: 500, start: 3, steps: [240, 80, 80, 40, 10, 2] };
    compare(new KernelModule(build), op, counts, y, [transposed, flipped, operands[2] as Walk]);
  });

  it.each([1, 3, 4, 5, 17, 127, 128, 300])("copies rows of %i into a wider slab, backwards, and repeated", (cols) => {
    const [rows, wide] = [3, cols + 7];
    const x = whole([rows, cols], 11);
    const y = { size: rows * wide, start: 2, steps: [wide, 1] };
    compare(new KernelModule(build), "copy", [rows, cols], y, [x]);
    compare(new KernelModule(build), "copy", [rows, cols], y, [{ ...x, start: rows * cols - 1, steps: [-cols, -1] }]);
    compare(new KernelModule(build), "copy", [rows, cols], y, [{ ...x, steps: [cols, 0] }]);
  });

  it.each(["copy", "add", "select"] as const)("%s: takes any one operand with a step of its own", (op) => {
    const full = { values: operand(9, 13), steps: [1] };
    const apart = { values: operand(18, 14), steps: [2] };
    for (const operands of [
      [apart, full, full],
      [full, apart, full],
      [full, full, apart],
    ]) {
      compare(new KernelModule(build), op, [9], { size: 9, steps: [1] }, operands);
    }
    const number = { values: operand(1, 15), steps: [0] };
    compare(new KernelModule(build), op, [9], { size: 18, steps: [2] }, [number, full, full]);
  });

  it("works in place", () => {
    const module = new KernelModule(build);
    const x = operand(17, 12);
    const [a, b] = [module.floats(x), module.floats(x)];
    const routes = [a, b].map((at) => ({ at, steps: [1] }));
    module.call("elementwise", module.ints(elementwiseWords("add", [17], { at: a, steps: [1] }, routes)));
    expect(module.readFloats(a, 17)).toEqual(x.map((v) => 2 * v));
  });

  it("copies and selects the bits of int32 slabs", () => {
    const module = new KernelModule(build);
    const values = [0x7fa00001, -0x400001, 0x7fffffff, -1, 5];
    const y = { at: module.block(5), steps: [1] };
    const x = { at: module.ints(values), steps: [1] };
    module.call("elementwise", module.ints(elementwiseWords("copy", [5], y, [x])));
    expect([...module.readInts(y.at, 5)]).toEqual(values);
    const where = { at: module.floats([1, 0, 1, 0, 1]), steps: [1] };
    const seven = { at: module.ints([7]), steps: [0] };
    module.call("elementwise", module.ints(elementwiseWords("select", [5], y, [where, x, seven])));
    expect([...module.readInts(y.at, 5)]).toEqual([values[0], 7, values[2], 7, 5]);
  });
});

it("has the same codes on both sides", () => {
  const source = readFileSync(new URL("../../assembly/simd/op_codes.ts", import.meta.url), "utf8");
  const codes = (name: string) => {
    const [, body = ""] = new RegExp(`enum ${name} \\{(.*?)\\n\\}`, "s").exec(source) ?? [];
    const camel = (text: string) => text.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return Object.fromEntries(
      [...body.matchAll(/^ {2}([A-Z_]+) = (\d+),/gm)].map(([, key = "", code]) => [camel(key), Number(code)]),
    );
  };
  expect(codes("Elementwise")).toEqual(ELEMENTWISE);
  expect(codes("Reduction")).toEqual(REDUCTION);
});
