import { expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import { initializers } from "../../src/initializers";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("activations", "PReLU");

it("has a slope for each place, or one for a shared axis", () => {
  const own = layers.prelu().build([null, 4, 3]);
  expect(own.weights[0]?.shape).toEqual([4, 3]);
  const shared = layers.prelu({ sharedAxes: 1 }).build([null, null, 3]);
  expect(shared.weights[0]?.shape).toEqual([1, 3]);
  expect(shared.getConfig()).toMatchObject({ shared_axes: [1] });
  expect(shared.countParams()).toBe(3);
});

it("sees new slopes", () => {
  const layer = layers.prelu({ alphaInitializer: initializers.constant({ value: 0.5 }) });
  expect(layer.apply([[-2, 2]]).toArray()).toEqual([[-1, 2]]);
  layer.setWeights([[0.25, 0.25]]);
  expect(layer.apply([[-2, 2]]).toArray()).toEqual([[-0.5, 2]]);
});

it("refuses what does not fit", () => {
  expect(() => layers.prelu({ name: "it" }).build([null, null, 3])).toThrow("it: expected a known axis 1");
  const layer = layers.prelu({ name: "it" }).build([null, 3]);
  expect(() => layer.apply([[1, 2]])).toThrow("it: expected 3 elements on axis 1, as it was built with, got [1, 2]");
  expect(() => layers.prelu({ sharedAxes: 0.5 })).toThrow(ConfigError);
  expect(() => layers.prelu({ sharedAxes: [3] }).apply(tensor([[1]]))).toThrow("expected an input with axis 3");
});
