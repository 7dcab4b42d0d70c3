import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("merging", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("a list of one comes back, a bare tensor counts as one", () => {
    expect(
      layers
        .add()
        .apply([tensor([[1, 2]])])
        .toArray(),
    ).toEqual([[1, 2]]);
    expect(
      layers
        .maximum()
        .apply(tensor([[1, 2]]))
        .toArray(),
    ).toEqual([[1, 2]]);
  });

  it("takes integers and gives floats", () => {
    const x = tensor(new Int32Array([1, 2]), [1, 2]);
    expect(layers.average().apply([x, tensor([[2, 2]])])).toEqual(tensor([[1.5, 2]]));
  });

  it("a product counts what is masked as 1, and as 0 where all of it is", () => {
    const x = tensor([[[2], [3]]]);
    const masks = [tensor([[true, false]]), tensor([[false, false]])];
    expect(layers.multiply().apply([x, x], { mask: masks }).toArray()).toEqual([[[2], [0]]]);
  });

  it("NaN passes through sums and extremes", () => {
    const [a, b] = [tensor([[Number.NaN, 1]]), tensor([[1, Number.NaN]])];
    for (const layer of [layers.add(), layers.multiply(), layers.maximum(), layers.minimum()]) {
      expect([...layer.apply([a, b]).data]).toEqual([Number.NaN, Number.NaN]);
    }
  });
});

it("knows the shape of what broadcasts", () => {
  const shape = (...shapes: (number | null)[][]) => layers.add().outputShapes(shapes)[0];
  expect(shape([null, null, 3], [null, 1, 3])).toEqual([null, null, 3]);
  expect(shape([null, 4, 3], [null, 3])).toEqual([null, 4, 3]);
  expect(shape([2, 4, 1], [null, 1, 3])).toEqual([2, 4, 3]);
  expect(shape([2, null], [2, 5])).toEqual([2, null]);
});

it("refuses shapes that do not fit", () => {
  const [a, b] = [tensor([[1, 2]]), tensor([[1, 2, 3]])];
  const add = layers.add({ name: "it" });
  expect(() => add.apply([a, b])).toThrow("it: expected shapes that broadcast, got [1, 2] and [1, 3]");
  expect(() =>
    add.apply([
      a,
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ]),
  ).toThrow(ShapeError);
  const subtract = layers.subtract({ name: "it" });
  expect(() => subtract.apply([a, a, a])).toThrow("it: expected a list of 2 inputs, got 3");
});
