import { describe, expect, it } from "vitest";
import { masking } from "../../src/layers/masking";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("embedding", "Masking");

describe.each(BUILDS)("Masking on the %s build", (build) => {
  useBuild(build);

  it("keeps what differs anywhere, NaN included, and clears the rest", () => {
    const x = [
      [
        [-1, -1],
        [-1, 0],
        [Number.NaN, -1],
        [0, 0],
      ],
    ];
    const layer = masking({ maskValue: -1 });
    expect(layer.computeMask(x)?.toArray()).toEqual([[false, true, true, true]]);
    expect(layer.apply(x).toArray()).toEqual([
      [
        [0, 0],
        [-1, 0],
        [Number.NaN, -1],
        [0, 0],
      ],
    ]);
  });

  it("masks inner steps of longer shapes", () => {
    expect(
      masking()
        .computeMask([
          [
            [[0], [1]],
            [[0], [0]],
          ],
        ])
        ?.toArray(),
    ).toEqual([
      [
        [false, true],
        [false, false],
      ],
    ]);
  });
});

it("has the default of Keras, and wants a number", () => {
  expect(masking().getConfig()).toMatchObject({ mask_value: 0 });
  expect(() => masking({ maskValue: "0" as never, name: "m" })).toThrow("m.maskValue: expected a number");
});
