import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("merging", "Dot");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("the cosine of nothing is 0", () => {
    const cosine = layers.dot({ axes: 1, normalize: true });
    expect(cosine.apply([tensor([[0, 0]]), tensor([[3, 4]])]).toArray()).toEqual([[0]]);
    expect(cosine.apply([tensor([[3, 4]]), tensor([[3, 4]])]).data[0]).toBeCloseTo(1, 6);
  });
});

it("hands on no mask", () => {
  const mask = [[[true, false]], [[true, false]]] as const;
  const x = tensor([[[1], [2]]]);
  const masks = mask.map((m) => tensor(m as never));
  expect(layers.dot({ axes: 1 }).computeMask([x, x], { mask: masks })).toBeNull();
});

it("refuses what does not fit", () => {
  const layer = layers.dot({ axes: 1, name: "it" });
  expect(() => layer.apply([tensor([[1, 2]]), tensor([[1]])])).toThrow(
    "it: expected shapes that agree in the batch and in axes 1 and 1, got [1, 2] and [1, 1]",
  );
  expect(() => layer.apply([tensor([[1]])])).toThrow("it: expected a list of 2 inputs, got 1");
  expect(() => layers.dot({ axes: [1, 4] }).apply([tensor([[1]]), tensor([[1]])])).toThrow(ShapeError);
  expect(() => layers.dot({ axes: 0 })).toThrow(ConfigError);
  expect(() => layers.dot({ axes: [1, 2, 3] as never })).toThrow(
    "one axis or two, not the batch axis 0, got [1, 2, 3]",
  );
});
