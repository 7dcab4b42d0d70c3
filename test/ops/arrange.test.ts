import { describe, expect, it } from "vitest";
import * as ops from "../../src/ops";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";

const cube = tensor(
  Float32Array.from({ length: 24 }, (_, k) => k),
  [2, 3, 4],
);

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("joins along any axis, new or old", () => {
    expect(
      ops
        .concat(
          [
            [[1], [2]],
            [[3], [4]],
          ],
          -1,
        )
        .toArray(),
    ).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(ops.concat([[1], [2, 3]]).toArray()).toEqual([1, 2, 3]);
    expect(
      ops
        .stack([
          [1, 2],
          [3, 4],
        ])
        .toArray(),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(
      ops
        .stack(
          [
            [1, 2],
            [3, 4],
          ],
          -1,
        )
        .toArray(),
    ).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it("keeps the type, or makes it one", () => {
    const ids = tensor(new Int32Array([2 ** 30 + 1]));
    expect(ops.concat([ids, ids]).toArray()).toEqual([2 ** 30 + 1, 2 ** 30 + 1]);
    expect(ops.concat([tensor(new Int32Array([3])), [0.5]]).toArray()).toEqual([3, 0.5]);
    expect(ops.slice(tensor([true, false]), [1]).toArray()).toEqual([false]);
  });

  it("cuts boxes and pieces", () => {
    expect(ops.slice(cube, [1, 1, 2], [1, 2, -1]).toArray()).toEqual([
      [
        [18, 19],
        [22, 23],
      ],
    ]);
    expect(ops.slice(cube, [1]).shape).toEqual([1, 3, 4]);
    expect(ops.split([1, 2, 3, 4], 2).map((t) => t.toArray())).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(ops.split([[1, 2, 3]], [1, 2], -1).map((t) => t.toArray())).toEqual([[[1]], [[2, 3]]]);
  });

  it("reorders axes", () => {
    expect(ops.transpose([[1, 2, 3]]).toArray()).toEqual([[1], [2], [3]]);
    const turned = ops.transpose(cube, [2, 0, 1]);
    expect(turned.shape).toEqual([4, 2, 3]);
    expect(turned.data[1 * 6 + 1 * 3 + 2]).toBe(cube.data[1 * 12 + 2 * 4 + 1]);
  });

  it("changes shapes and types", () => {
    expect(ops.reshape(cube, [4, -1]).shape).toEqual([4, 6]);
    expect(ops.expandDims([1, 2]).shape).toEqual([2, 1]);
    expect(ops.expandDims([1, 2], 0).shape).toEqual([1, 2]);
    expect(ops.squeeze([[[1], [2]]]).shape).toEqual([2]);
    expect(ops.squeeze([[[1], [2]]], 0).shape).toEqual([2, 1]);
    expect(ops.cast([1.9, -1.9], "int32").toArray()).toEqual([1, -1]);
    expect(ops.cast([0, -0.5], "bool").toArray()).toEqual([false, true]);
    expect(ops.cast(tensor([true]), "float32").toArray()).toEqual([1]);
    expect(ops.cast(tensor(new Int32Array([7])), "float32").dtype).toBe("float32");
  });

  it("makes tensors of one value", () => {
    expect(ops.zeros([2]).toArray()).toEqual([0, 0]);
    expect(ops.ones([1, 2], "int32").dtype).toBe("int32");
    expect(ops.fill([2], 0.5).toArray()).toEqual([0.5, 0.5]);
  });
});

it("refuses what does not fit, by name", () => {
  expect(() => ops.concat([])).toThrow("ops.concat: expected at least one tensor, got none");
  expect(() => ops.concat([[1], [[2]]])).toThrow("ops.concat: expected shapes that agree but for axis 0");
  expect(() => ops.slice([1, 2], [1], [2])).toThrow("ops.slice: expected a box within [2], got [2] from [1]");
  expect(() => ops.split([1, 2, 3], 2)).toThrow("ops.split: expected pieces that make up axis 0 of [3], got 2");
  expect(() => ops.reshape([1, 2, 3], [2, -1])).toThrow("ops.reshape: expected a shape of 3 elements, got [2, -1]");
  expect(() => ops.transpose([[1]], [0, 0])).toThrow("ops.transpose: expected each of 2 axes once, got [0, 0]");
  expect(() => ops.squeeze([1, 2], 0)).toThrow("ops.squeeze: expected 1 on axis 0, got [2]");
  expect(() => ops.expandDims([1], 3)).toThrow("ops.expandDims: expected an input with axis 3, got one of 2 axes");
});
