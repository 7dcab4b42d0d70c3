import { expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("merging", "Concatenate");

it("keeps integers when all are, else gives floats", () => {
  const ids = tensor(new Int32Array([1]), [1, 1]);
  expect(layers.concatenate().apply([ids, ids]).dtype).toBe("int32");
  expect(layers.concatenate().apply([ids, tensor([[0.5]])])).toEqual(tensor([[1, 0.5]]));
});

it("adds up lengths that are known", () => {
  const shapes = (...list: (number | null)[][]) => layers.concatenate({ axis: 1 }).outputShapes(list)[0];
  expect(shapes([null, 2, 3], [4, 5, null])).toEqual([4, 7, 3]);
  expect(shapes([null, null, 3], [null, 5, 3])).toEqual([null, null, 3]);
});

it("refuses shapes that do not agree", () => {
  const layer = layers.concatenate({ name: "it" });
  const call = () => layer.apply([tensor([[1]]), tensor([[1], [2]])]);
  expect(call).toThrow(ShapeError);
  expect(call).toThrow("it: expected shapes that agree but for axis 1, got [1, 1] and [2, 1]");
  expect(() => layer.apply([tensor([[1]]), tensor([1])])).toThrow(ShapeError);
  expect(() => layers.concatenate({ axis: 3, name: "it" }).apply([tensor([[1]])])).toThrow("an input with axis 3");
  expect(() => layers.concatenate({ axis: 0.5 })).toThrow(ConfigError);
});
