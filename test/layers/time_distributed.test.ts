import { describe, expect, it } from "vitest";
import { dense } from "../../src/layers/dense";
import { lstm } from "../../src/layers/recurrent/lstm";
import { timeDistributed } from "../../src/layers/time_distributed";
import { ones } from "../../src/ops";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("time_distributed");

const x = randomTensor([4, 5, 3], 1);
const each = () => timeDistributed({ layer: dense({ units: 2, activation: "softmax" }), name: "t" });

describe.each(BUILDS)("TimeDistributed on the %s build", (build) => {
  useBuild(build);

  it("gives what the layer gives for each timestep", () => {
    const layer = each();
    const y = layer.apply(x);
    const whole = layer.layer.apply(x) as typeof y;
    expectClose(y, whole, 1e-7, 0);
  });

  it.each([[[4, 5]], [[4, 5, 1]], [[4, 5, 2]]])("takes a mask of shape %j", (shape) => {
    expect(each().apply(x, { mask: ones(shape, "bool") }).shape).toEqual([4, 5, 2]);
  });
});

describe("refuses", () => {
  it.each([[[4, 6]], [[5, 5]], [[4, 6, 2]], [[5, 6]]])("a mask of shape %j", (shape) => {
    expect(() => each().apply(x, { mask: ones(shape, "bool") })).toThrow(/^t, mask: expected \[4, 5\], got /);
  });

  it("inputs without a time axis", () => {
    expect(() => each().apply([[1, 2]])).toThrow("t: expected at least three axes [batch, timesteps, …], got [1, 2]");
  });

  it("what is no layer, or gives several outputs", () => {
    expect(() => timeDistributed({ layer: 3 as never, name: "t" })).toThrow("t.layer: expected a layer, got 3");
    const layer = timeDistributed({ layer: lstm({ units: 2, returnState: true }), name: "t" });
    expect(() => layer.apply(randomTensor([1, 2, 3, 4], 1))).toThrow(
      "t.layer: expected a layer with one output, got 3 outputs",
    );
  });

  it("a mask of timesteps where the layer inside wants one of its own", () => {
    const layer = timeDistributed({ layer: lstm({ units: 2, name: "l" }), name: "t" });
    expect(() => layer.apply(randomTensor([1, 2, 3, 4], 1), { mask: [[true, false]] })).toThrow(
      "t, mask: expected [1, 2, 3], because l takes a mask itself, got [1, 2]",
    );
  });
});
