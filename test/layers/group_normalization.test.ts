import { expect, it } from "vitest";
import { ConfigError, ShapeError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("normalization", "GroupNormalization");

it("-1 makes each channel a group", () => {
  const layer = layers.groupNormalization({ groups: -1, epsilon: 0 });
  expect(
    layer
      .apply([
        [
          [1, 5],
          [3, 9],
        ],
      ])
      .toArray(),
  ).toEqual([
    [
      [-1, -1],
      [1, 1],
    ],
  ]);
  expect(layer.getConfig()).toMatchObject({ groups: -1 });
});

it("refuses what does not fit", () => {
  const layer = layers.groupNormalization({ groups: 2, name: "it" });
  expect(() => layer.build([null, 3])).toThrow(ShapeError);
  expect(() => layer.build([null, 3])).toThrow("it: expected channels that make 2 groups, got [null, 3]");
  expect(() => layer.build([null, null])).toThrow("it: expected a known axis 1");
  expect(() => layers.groupNormalization({ groups: 0 })).toThrow("groups: expected a positive integer, or -1, got 0");
  expect(() => layers.groupNormalization({ axis: 0.5 })).toThrow(ConfigError);
  expect(() => layers.groupNormalization({ groups: 1, axis: 0 }).apply([[1]])).toThrow(UnsupportedError);
});
