import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("shaping", "GlobalMaxPooling1D", "GlobalAveragePooling1D", "GlobalAveragePooling2D");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("what is masked does not count, not even NaN; a mean of nothing is NaN", () => {
    const x = tensor([
      [[1], [Number.NaN]],
      [[1], [2]],
    ]);
    const mask = [
      [true, false],
      [false, false],
    ];
    expect([...layers.globalAveragePooling1d().apply(x, { mask }).data]).toEqual([1, Number.NaN]);
  });
});

it("refuses what does not fit", () => {
  expect(() => layers.globalMaxPooling1d({ dataFormat: "channels_first" as never })).toThrow(UnsupportedError);
  expect(() => layers.globalMaxPooling1d().apply([[1]])).toThrow("expected [batch, timesteps, features], got [1, 1]");
  expect(() => layers.globalAveragePooling2d().apply([[[1]]])).toThrow("expected [batch, height, width, channels]");
});
