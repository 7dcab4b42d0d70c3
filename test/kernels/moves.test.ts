import { describe, expect, it } from "vitest";
import { maskingReference } from "../reference/rows";
import { BUILDS, KernelModule, numbers } from "./module";

describe.each(BUILDS)("on the %s build", (build) => {
  describe.each([1, 3, 4, 5, 17, 200])("gather rows of %i", (cols) => {
    const table = numbers(7 * cols, cols);
    const ids = [0, 6, 3, 3, 1];
    const wanted = Float32Array.from(ids.flatMap((id) => [...table.subarray(id * cols, (id + 1) * cols)]));

    it.each([1, 0])("copies the rows of ids (int32: %i)", (whole) => {
      const module = new KernelModule(build);
      const y = module.block(5 * cols);
      const at = whole ? module.ints(ids) : module.floats(ids);
      expect(module.call("gather", at, whole, 5, module.floats(table), 7, cols, y)).toBe(-1);
      expect(module.readFloats(y, 5 * cols)).toEqual(wanted);
    });
  });

  it.each([7, -1, 0x7fffffff, -0x80000000])("gather refuses the int32 id %i and writes nothing", (bad) => {
    const module = new KernelModule(build);
    const y = module.floats([9, 9, 9, 9]);
    const ids = module.ints([1, 0, bad, bad]);
    expect(module.call("gather", ids, 1, 4, module.floats(numbers(7, 1)), 7, 1, y)).toBe(2);
    expect([...module.readFloats(y, 4)]).toEqual([9, 9, 9, 9]);
  });

  it.each([7, -1, 0.5, Number.NaN, Infinity, -Infinity, 3e9, 2 ** 32, -0.25])(
    "gather refuses the float id %f",
    (bad) => {
      const module = new KernelModule(build);
      const y = module.floats([9, 9]);
      expect(module.call("gather", module.floats([6, bad]), 0, 2, module.floats(numbers(7, 1)), 7, 1, y)).toBe(1);
      expect([...module.readFloats(y, 2)]).toEqual([9, 9]);
    },
  );

  it.each([1, 3, 4, 5, 17, 200])("gatherRows and scatterRows move %i elements behind an offset, no others", (size) => {
    const module = new KernelModule(build);
    const blocks = [0, 1, 2].map((k) => numbers(size + 4, k + 1));
    const places = blocks.map((block) => module.floats(block));
    const rows = module.block(3 * size);
    const order = [2, 0, 1];
    const list = module.ints(order.map((k) => places[k]!));
    module.call("gatherRows", list, 2, rows, 3, size);
    const wanted = order.flatMap((k) => [...blocks[k]!.subarray(2, 2 + size)]);
    expect([...module.readFloats(rows, 3 * size)]).toEqual(wanted);
    module.call("scatterRows", list, 1, rows, 3, size);
    for (const k of order) {
      const [first, second, ...rest] = blocks[k]!;
      const moved = [first, ...rest.slice(0, size), ...[second, ...rest].slice(size)];
      expect([...module.readFloats(places[k]!, size + 4)]).toEqual(moved);
    }
  });

  it.each([1, 3, 4, 5, 8, 17])("maskingRows of %i columns drops rows of one value only, also in place", (cols) => {
    for (const value of [0, -1, Number.NaN]) {
      const module = new KernelModule(build);
      const x = numbers(5 * cols, cols);
      x.fill(value, 0, cols);
      x.fill(value, 2 * cols, 3 * cols);
      x.fill(value, 3 * cols, 4 * cols - 1);
      x.fill(Number.NaN, 4 * cols, 5 * cols);
      const rows = Array.from({ length: 5 }, (_, r) =>
        maskingReference([...x.subarray(r * cols, (r + 1) * cols)], value),
      );
      const [from, y, mask] = [module.floats(x), module.block(5 * cols), module.block(5)];
      module.call("maskingRows", from, 5, cols, value, y, mask);
      expect([...module.readFloats(mask, 5)]).toEqual(rows.map((row) => row.mask));
      expect([...module.readFloats(y, 5 * cols)]).toEqual(rows.flatMap((row) => row.y));
      module.call("maskingRows", from, 5, cols, value, from, mask);
      expect(module.readFloats(from, 5 * cols)).toEqual(module.readFloats(y, 5 * cols));
    }
  });

  it.each([0, 1, 3, 4, 5, 8, 17])("fill, toFloat and toInt write %i elements, no more", (count) => {
    const module = new KernelModule(build);
    const values = [3.9, -3.9, 2 ** 24 + 2, 1e20, -1e20, Number.NaN, -0.5, 0.999, 7]
      .concat(new Array(8).fill(1.5))
      .slice(0, count);
    const x = module.floats(values);
    const y = module.block(count);
    module.call("toInt", x, y, count);
    const ints = [3, -3, 2 ** 24 + 2, 0x7fffffff, -0x80000000, 0, 0, 0, 7].concat(new Array(8).fill(1)).slice(0, count);
    expect([...module.readInts(y, count)]).toEqual(ints);
    module.call("toFloat", y, y, count);
    expect([...module.readFloats(y, count)]).toEqual(ints.map(Math.fround));
    module.call("fill", y, count, -2.5);
    expect([...module.readFloats(y, count)]).toEqual(ints.map(() => -2.5));
  });
});
