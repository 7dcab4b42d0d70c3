import { expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("convolution", "SeparableConv1D");

it("has Keras' weights", () => {
  const layer = layers.separableConv1d({ filters: 4, kernelSize: 3, depthMultiplier: 2 }).build([null, null, 5]);
  expect(layer.weights.map((w) => [w.name, w.shape])).toEqual([
    ["depthwise_kernel", [3, 5, 2]],
    ["pointwise_kernel", [1, 10, 4]],
    ["bias", [4]],
  ]);
});

it("refuses what does not fit", () => {
  const options = { filters: 4, kernelSize: 2 };
  expect(() => layers.separableConv1d({ ...options, depthMultiplier: 0 })).toThrow(ConfigError);
  expect(() => layers.separableConv1d({ ...options, padding: "causal" as never })).toThrow('got "causal"');
  const layer = layers.separableConv1d({ ...options, name: "it" }).build([null, null, 2]);
  expect(() => layer.apply([[[1], [2]]])).toThrow("it: expected 2 elements on axis -1, as it was built with");
});
