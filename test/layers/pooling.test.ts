import { describe, expect, it } from "vitest";
import { ConfigError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("shaping", "MaxPooling1D", "AveragePooling1D", "MaxPooling2D");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("padding counts neither for a maximum nor for a mean", () => {
    const options = { poolSize: 2, strides: 2, padding: "same" } as const;
    const x = tensor([[[-1], [-2], [-3]]]);
    expect(layers.maxPooling1d(options).apply(x).toArray()).toEqual([[[-1], [-3]]]);
    expect(layers.averagePooling1d(options).apply(x).toArray()).toEqual([[[-1.5], [-3]]]);
  });
});

it("knows shapes as far as they are known", () => {
  expect(layers.maxPooling1d().outputShapes([[null, null, 3]])[0]).toEqual([null, null, 3]);
  expect(layers.maxPooling2d({ poolSize: [1, 2] }).outputShapes([[null, 4, 5, 3]])[0]).toEqual([null, 4, 2, 3]);
});

it("refuses what does not fit", () => {
  expect(() => layers.averagePooling1d({} as never)).toThrow("averagePooling1d.poolSize: expected a value, got none");
  expect(() => layers.maxPooling1d({ poolSize: 0 })).toThrow(ConfigError);
  expect(() => layers.maxPooling2d({ poolSize: [1, 2, 3] })).toThrow("whole numbers of at least 1, 2 or one for all");
  expect(() => layers.maxPooling1d({ padding: "causal" as never })).toThrow('one of "valid", "same", got "causal"');
  expect(() => layers.maxPooling1d({ dataFormat: "channels_first" as never })).toThrow(UnsupportedError);
  expect(() => layers.maxPooling1d({ name: "it" }).apply([[[1]]])).toThrow("it: expected at least 2 along axis 1");
  expect(() => layers.maxPooling1d().apply([[1]])).toThrow("expected [batch, timesteps, channels], got [1, 1]");
});
