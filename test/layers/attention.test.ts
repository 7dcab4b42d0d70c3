import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("attention", "Attention", "AdditiveAttention");

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  /** 3 · 700 · 600 · 2 sums are more than are made at a time. */
  it("takes long sequences piece by piece", () => {
    const [query, value] = [randomTensor([3, 700, 2], 1), randomTensor([3, 600, 2], 2)];
    const layer = layers.additiveAttention();
    const whole = layer.apply([query, value]);
    const [from, to] = [2 * 1400 + 2 * 650, 2 * 1400 + 2 * 660];
    const late = layer.apply([
      tensor(query.data.slice(from, to), [1, 10, 2]),
      tensor(value.data.slice(2 * 1200), [1, 600, 2]),
    ]);
    expectClose(late, { shape: [1, 10, 2], data: whole.data.slice(from, to) }, 1e-6, 1e-6);
  });

  it("weights of each query sum to 1", () => {
    const [, scores] = layers
      .attention()
      .apply([randomTensor([1, 3, 4], 1), randomTensor([1, 5, 4], 2)], { returnAttentionScores: true });
    for (let q = 0; q < 3; q++) {
      let sum = 0;
      for (const weight of scores.data.subarray(5 * q, 5 * q + 5)) sum += weight;
      expect(sum).toBeCloseTo(1, 6);
    }
  });
});

it("draws one output, or two with the scores", () => {
  const [query, value] = [layers.input({ shape: [null, 4] }), layers.input({ shape: [6, 4] })];
  expect(layers.attention().apply([query, value]).shape).toEqual([null, null, 4]);
  const [output, scores] = layers.attention().apply([query, value], { returnAttentionScores: true });
  expect([output.shape, scores.shape]).toEqual([
    [null, null, 4],
    [null, null, 6],
  ]);
});

it("refuses what does not fit", () => {
  const x = tensor([[[1, 2]]]);
  const layer = layers.attention({ name: "it" });
  expect(() => layer.apply([x])).toThrow("it: expected query [batch, queries, dim], value [batch, keys, width]");
  expect(() => layer.apply([x, x, x, x])).toThrow(ShapeError);
  expect(() => layer.apply([x, tensor([[[1]]])])).toThrow("got [1, 1, 2], [1, 1, 1]");
  expect(() => layer.apply([x, tensor([[1]])])).toThrow(ShapeError);
  expect(() => layer.apply([x, x], { causal: true } as never)).toThrow("it.apply: expected arguments among");
  expect(() => layers.attention({ scoreMode: "sum" as never })).toThrow(ConfigError);
  const additive = layers.additiveAttention({ name: "sum" }).build([
    [null, null, 3],
    [null, null, 3],
  ]);
  expect(() => additive.apply([x, x])).toThrow("sum: expected 3 elements on axis 2, as it was built with");
});
