import { expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("normalization", "Rescaling");

it("makes floats of integers and bytes of truth", () => {
  const half = layers.rescaling({ scale: 0.5 });
  expect(half.apply(tensor(new Int32Array([1, 2]), [1, 2]))).toEqual(tensor([[0.5, 1]]));
  expect(half.apply(tensor([[true, false]])).toArray()).toEqual([[0.5, 0]]);
});

it("refuses what is no number", () => {
  expect(() => layers.rescaling({ scale: "x" as never, name: "it" })).toThrow(ConfigError);
  expect(() => layers.rescaling({ scale: [[1], 2] as never, name: "it" })).toThrow("it.scale: expected numbers");
  expect(() => layers.rescaling({ scale: 1, offset: Number.POSITIVE_INFINITY })).toThrow("expected finite numbers");
  expect(() => layers.rescaling({ scale: [1, 2, 3] }).apply([[1, 2]])).toThrow("shapes that broadcast");
});
