import { describe, expect, it } from "vitest";
import * as ops from "../../src/ops";
import { type Tensor, tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

/** Up to 17 products of numbers below 1, in float32. */
const ATOL = 2e-6;

/** [m, k] · [k, n] in float64. */
function product(a: Tensor, b: Tensor): Tensor {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const data = Float32Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++)
      sum += (a.data[Math.floor(at / n) * k + i] as number) * (b.data[i * n + (at % n)] as number);
    return sum;
  });
  return tensor(data, [m, n]);
}

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each([
    [1, 1, 1],
    [3, 5, 8],
    [2, 17, 9],
    [7, 4, 3],
  ])("multiplies [%i, %i] by [·, %i]", (m, k, n) => {
    const [a, b] = [randomTensor([m, k], 1), randomTensor([k, n], 2)];
    expectClose(ops.matmul(a, b), product(a, b), ATOL, 0);
  });

  it("multiplies many matrices, and broadcasts them", () => {
    const [a, b] = [randomTensor([2, 3, 4, 5], 1), randomTensor([3, 5, 2], 2)];
    const many = ops.matmul(a, b);
    expect(many.shape).toEqual([2, 3, 4, 2]);
    for (let at = 0; at < 6; at++) {
      const [i, j] = [Math.floor(at / 3), at % 3];
      const one = ops.reshape(ops.slice(a, [i, j], [1, 1]), [4, 5]);
      const other = ops.reshape(ops.slice(b, [j], [1]), [5, 2]);
      expectClose(ops.reshape(ops.slice(many, [i, j], [1, 1]), [4, 2]), product(one, other), ATOL, 0);
    }
    const shared = randomTensor([5, 2], 3);
    const first = ops.reshape(ops.slice(a, [1, 2], [1, 1]), [4, 5]);
    const got = ops.reshape(ops.slice(ops.matmul(a, shared), [1, 2], [1, 1]), [4, 2]);
    expectClose(got, product(first, shared), ATOL, 0);
  });

  it("takes vectors as rows and columns", () => {
    expect(ops.matmul([1, 2], [3, 4]).toArray()).toBe(11);
    expect(
      ops
        .matmul(
          [
            [1, 2],
            [3, 4],
          ],
          [1, 1],
        )
        .toArray(),
    ).toEqual([3, 7]);
    expect(
      ops
        .matmul(
          [1, 1],
          [
            [1, 2],
            [3, 4],
          ],
        )
        .toArray(),
    ).toEqual([4, 6]);
  });

  it("reduces along some axes or all", () => {
    const x = [
      [1, 2, 3],
      [4, 5, 9],
    ];
    expect(ops.sum(x).toArray()).toBe(24);
    expect(ops.sum(x, 0).toArray()).toEqual([5, 7, 12]);
    expect(ops.mean(x, -1).toArray()).toEqual([2, 6]);
    expect(ops.max(x, 1, true).toArray()).toEqual([[3], [9]]);
    expect(ops.min(x, [0, 1]).toArray()).toBe(1);
    expect(ops.prod(x, 0).toArray()).toEqual([4, 10, 27]);
    expect(
      ops
        .any(
          [
            [0, 0],
            [0, 2],
          ],
          1,
        )
        .toArray(),
    ).toEqual([false, true]);
    expect(
      ops
        .all(
          [
            [1, 0],
            [1, 2],
          ],
          1,
        )
        .toArray(),
    ).toEqual([false, true]);
    const cube = randomTensor([2, 3, 4], 5);
    expectClose(ops.mean(cube, [0, 2]), ops.mean(ops.mean(cube, 2), 0), 1e-6, 0);
    expect(ops.sum(tensor(new Int32Array([2, 3]))).toArray()).toBe(5);
  });
});

it("refuses matrices that do not fit", () => {
  expect(() => ops.matmul([[1, 2]], [[1, 2]])).toThrow(
    "ops.matmul: expected shapes [m, k] and [k, n], got [1, 2] and [1, 2]",
  );
  expect(() => ops.sum([1], 1)).toThrow("ops.sum: expected an input with axis 1, got one of 1 axes");
});
