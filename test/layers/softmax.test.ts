import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("activations", "Softmax");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("sums to 1 along its axes, whichever they are", () => {
    const x = randomTensor([2, 3, 4, 5], 3, 4);
    const y = layers.softmax({ axis: [1, 3] }).apply(x);
    const sums = Array.from({ length: 8 }, (_, k) => {
      const [b, j] = [k >> 2, k & 3];
      let sum = 0;
      for (let i = 0; i < 3; i++) for (let l = 0; l < 5; l++) sum += y.data[((b * 3 + i) * 4 + j) * 5 + l] as number;
      return sum;
    });
    expectClose({ shape: [8], data: sums }, { shape: [8], data: new Array(8).fill(1) }, 1e-6, 0);
  });

  it("gives 0 where it is masked, even where everything is", () => {
    const mask = [
      [true, false],
      [false, false],
    ];
    const y = layers.softmax().apply(
      [
        [1, 2],
        [3, 4],
      ],
      { mask },
    );
    expect(y.toArray()).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });
});

it("refuses axes that are not there", () => {
  expect(() => layers.softmax({ axis: "last" as unknown as number })).toThrow(ConfigError);
  expect(() => layers.softmax({ axis: [] })).toThrow("axis: expected a whole number or a list of them");
  expect(() => layers.softmax({ axis: 2, name: "it" }).apply([[1]])).toThrow("it: expected an input with axis 2");
});
