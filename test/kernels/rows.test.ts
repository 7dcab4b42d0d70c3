import { describe, expect, it } from "vitest";
import { REDUCTION } from "../../src/wasm/op_codes";
import {
  layerNormReference,
  logSoftmaxReference,
  reduceReference,
  softmaxReference,
  sparsemaxReference,
} from "../reference/rows";
import { expectClose } from "../support";
import { BUILDS, flat, KernelModule, numbers } from "./module";

const SIZES = [1, 3, 4, 5, 8, 17, 100];
const OPS = Object.keys(REDUCTION) as (keyof typeof REDUCTION)[];
const SOFTMAX = 2e-7; // stated in assembly/README.md for up to 100 columns
const LOG_SOFTMAX = 3e-7; // stated there, absolute and relative
const NORMAL = 5e-7; // stated there, absolute and relative
const SUM = 6e-8; // stated there, times length and the sum of what is summed

/** Every row of x through a function of one row. */
function byRow(x: Float32Array, cols: number, twin: (row: number[]) => number[]): number[] {
  return Array.from({ length: x.length / cols }, (_, r) => twin([...x.subarray(r * cols, (r + 1) * cols)])).flat();
}

describe.each(BUILDS)("on the %s build", (build) => {
  describe.each(OPS)("reduce %s", (op) => {
    it("agrees with its twin around the vector width, along the last axis and others", () => {
      for (const length of SIZES) {
        for (const inner of [1, 2, 4, 5, 9]) {
          const module = new KernelModule(build);
          const x = numbers(2 * length * inner, 10 * length + inner).map((v) =>
            op === "all" || op === "any" ? Math.round(v) : v,
          );
          const y = module.block(2 * inner);
          module.call("reduce", REDUCTION[op], module.floats(x), y, 2, length, inner);
          const wanted = reduceReference(op, x, 2, length, inner);
          const size = reduceReference("sum", x.map(Math.abs), 2, length, inner);
          const tolerance = op === "product" ? SUM * length : SUM * length * Math.max(...size);
          expectClose(
            flat(module.readFloats(y, 2 * inner)),
            flat(wanted),
            tolerance,
            op === "product" ? tolerance : 2 ** -24,
          );
        }
      }
    });

    it.each([1, 3])("passes NaN on and knows an empty axis, inner %i", (inner) => {
      const module = new KernelModule(build);
      const x = numbers(6 * inner, 3);
      x[inner] = Number.NaN;
      const y = module.block(inner);
      module.call("reduce", REDUCTION[op], module.floats(x), y, 1, 6, inner);
      expectClose(flat(module.readFloats(y, inner)), flat(reduceReference(op, x, 1, 6, inner)), 1e-6, 1e-6);
      module.call("reduce", REDUCTION[op], module.floats(x), y, 1, 0, inner);
      expectClose(flat(module.readFloats(y, inner)), flat(reduceReference(op, x, 1, 0, inner)), 0, 0);
    });
  });

  it.each([
    ["softmax", softmaxReference, SOFTMAX],
    ["logSoftmax", logSoftmaxReference, LOG_SOFTMAX],
    ["sparsemax", sparsemaxReference, SOFTMAX],
  ] as const)("%s agrees with its twin around the vector width, also in place", (name, twin, tolerance) => {
    for (const cols of SIZES) {
      for (const scale of [1, 30, 3000]) {
        const module = new KernelModule(build);
        const x = numbers(3 * cols, cols, scale);
        if (cols > 1) x[cols] = -Infinity;
        const [from, y] = [module.floats(x), module.block(3 * cols)];
        module.call(name, from, y, 3, cols);
        expectClose(flat(module.readFloats(y, 3 * cols)), flat(byRow(x, cols, twin)), tolerance, tolerance);
        module.call(name, from, from, 3, cols);
        expect(module.readFloats(from, 3 * cols)).toEqual(module.readFloats(y, 3 * cols));
      }
    }
  });

  it.each(["softmax", "logSoftmax", "sparsemax"])("%s gives NaN for rows that have no answer, and ends", (name) => {
    const rows = [
      [Number.NaN, 1, 2],
      [Infinity, 1, 2],
      [1, Infinity, Infinity],
      [-Infinity, -Infinity, -Infinity],
    ];
    const module = new KernelModule(build);
    const y = module.block(12);
    module.call(name, module.floats(rows.flat()), y, 4, 3);
    for (let row = 0; row < 4; row++) {
      expect(module.readFloats(y + 12 * row, 3).some(Number.isNaN), `row ${row}`).toBe(true);
    }
  });

  it("layerNorm agrees with its twin around the vector width, with and without each operand", () => {
    for (const cols of SIZES) {
      const [gamma, beta] = [numbers(cols, 1), numbers(cols, 2)];
      for (const variant of [{}, { gamma }, { beta }, { gamma, beta }, { gamma, uncentred: true }]) {
        const module = new KernelModule(build);
        const settings = { epsilon: Math.fround(1e-3), ...variant };
        const x = numbers(3 * cols, cols).map((v) => 50 + v);
        const [g, b] = ["gamma", "beta"].map((key) =>
          key in variant ? module.floats(key === "gamma" ? gamma : beta) : 0,
        );
        const [from, y] = [module.floats(x), module.block(3 * cols)];
        const rest = [3, cols, g as number, b as number, settings.epsilon, "uncentred" in variant ? 1 : 0];
        module.call("layerNorm", from, y, ...rest);
        const wanted = byRow(x, cols, (row) => layerNormReference(row, settings));
        expectClose(flat(module.readFloats(y, 3 * cols)), flat(wanted), NORMAL, NORMAL);
        module.call("layerNorm", from, from, ...rest);
        expect(module.readFloats(from, 3 * cols)).toEqual(module.readFloats(y, 3 * cols));
      }
    }
  });

  it.each(SIZES)("scaleShift of %i columns agrees with its equation", (cols) => {
    const module = new KernelModule(build);
    const [x, scale, shift] = [numbers(3 * cols, 1), numbers(cols, 2), numbers(cols, 3)];
    const y = module.block(3 * cols);
    module.call("scaleShift", module.floats(x), y, 3, cols, module.floats(scale), module.floats(shift));
    const wanted = byRow(x, cols, (row) => row.map((v, k) => v * (scale[k] as number) + (shift[k] as number)));
    expectClose(flat(module.readFloats(y, 3 * cols)), flat(wanted), 2 ** -23, 0); // two roundings of numbers up to 2
  });
});
