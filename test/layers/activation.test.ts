import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("activations", "Activation", "ReLU", "LeakyReLU", "ELU");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("keeps NaN and the infinities", () => {
    const x = tensor([[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]]);
    expect([...layers.relu().apply(x).data]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, 0]);
    expect([...layers.relu({ maxValue: 6 }).apply(x).data]).toEqual([Number.NaN, 6, 0, 0]);
    expect([...layers.leakyReLU().apply(x).data].slice(0, 3)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    expect([...layers.elu({ alpha: 2 }).apply(x).data]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -2, 0]);
  });

  it("takes integers, batches of nothing and any rank", () => {
    const x = tensor(new Int32Array([-1, 2]), [2]);
    expect(layers.relu().apply(x)).toEqual(tensor(new Float32Array([0, 2]), [2]));
    expect(layers.relu().apply(tensor(new Float32Array(0), [0, 3])).shape).toEqual([0, 3]);
    expect(layers.elu().apply(tensor(new Float32Array(64), [2, 2, 2, 2, 2, 2])).shape.length).toBe(6);
  });

  it("halves the last axis for glu, as numbers and as symbols", () => {
    const glu = layers.activation({ activation: "glu" });
    expect(glu.apply([[2, 0]]).toArray()).toEqual([[1]]);
    expect(glu.apply(layers.input({ shape: [null, 4] })).shape).toEqual([null, null, 2]);
    expect(() => glu.apply([[1, 2, 3]])).toThrow("expected an even last axis, got [1, 3]");
  });
});

it("null is linear, and the configuration says so", () => {
  expect(layers.activation({ activation: null }).getConfig()).toMatchObject({ activation: "linear" });
});

it("refuses what Keras refuses", () => {
  expect(() => layers.activation({ activation: "typo", name: "act" })).toThrow(
    "act.activation: expected one of linear",
  );
  expect(() => layers.relu({ maxValue: -1, name: "it" })).toThrow(
    "it.maxValue: expected a number of at least 0, got -1",
  );
  expect(() => layers.relu({ negativeSlope: -1 })).toThrow(ConfigError);
  expect(() => layers.relu({ threshold: -1 })).toThrow(ConfigError);
  expect(() => layers.leakyReLU({ negativeSlope: null as unknown as number })).toThrow("got null");
  expect(() => layers.elu({ alpha: Number.NaN })).toThrow("alpha: expected a number, got NaN");
});
