import { expect, it } from "vitest";
import { ConfigError, ShapeError, UnsupportedError } from "../../src/errors";
import * as layers from "../../src/layers/index";
import { model } from "../../src/models/functional";
import { expectClose, randomTensor } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("attention", "MultiHeadAttention");

const OPTIONS = { numHeads: 2, keyDim: 3 };

it("has Keras' weights under the names of Keras' files", () => {
  const layer = layers.multiHeadAttention({ ...OPTIONS, valueDim: 4, useGate: true, outputShape: 7 });
  layer.build([
    [null, null, 5],
    [null, null, 6],
  ]);
  const named = layer.children().map(([name, child]) => [name, child.weights.map((w) => w.shape)]);
  expect(named).toEqual([
    [
      "query_dense",
      [
        [5, 2, 3],
        [2, 3],
      ],
    ],
    [
      "key_dense",
      [
        [6, 2, 3],
        [2, 3],
      ],
    ],
    [
      "_gate_dense",
      [
        [5, 2, 4],
        [2, 4],
      ],
    ],
    [
      "value_dense",
      [
        [6, 2, 4],
        [2, 4],
      ],
    ],
    ["output_dense", [[2, 4, 7], [7]]],
  ]);
  expect(layer.countParams()).toBe(36 + 42 + 48 + 56 + 63);
});

it("takes an attention mask that a graph computes", () => {
  const query = layers.input({ shape: [3, 5] });
  const allowed = layers.input({ shape: [3, 3] });
  const layer = layers.multiHeadAttention(OPTIONS);
  const drawn = model({ inputs: [query, allowed], outputs: layer.apply([query, query], { attentionMask: allowed }) });
  const x = randomTensor([2, 3, 5], 1);
  const mask = randomTensor([2, 3, 3], 2);
  mask.data.forEach((v, k) => {
    mask.data[k] = k % 3 === 0 || v > 0 ? 1 : 0;
  });
  expectClose(drawn.predict([x, mask]), layer.apply([x, x], { attentionMask: mask }), 0, 0);
});

it("sees new weights", () => {
  const layer = layers.multiHeadAttention(OPTIONS);
  const x = randomTensor([1, 2, 4], 1);
  const first = layer.apply([x, x]);
  layer.setWeights(layer.getWeights().map((w, k) => randomTensor(w.shape, k)));
  expect(layer.apply([x, x])).not.toEqual(first);
});

it("tells Keras what to build it with", () => {
  const layer = layers.multiHeadAttention(OPTIONS).build([
    [null, 4, 5],
    [null, 6, 5],
  ]);
  const shapes = { query_shape: [null, 4, 5], value_shape: [null, 6, 5] };
  expect(layer.toSpec()).toMatchObject({ build_config: { shapes_dict: shapes } });
});

it("refuses what does not fit", () => {
  expect(() => layers.multiHeadAttention({ ...OPTIONS, numHeads: 0 })).toThrow("numHeads: expected a positive integer");
  expect(() => layers.multiHeadAttention({ ...OPTIONS, valueDim: 0.5 })).toThrow(ConfigError);
  expect(() => layers.multiHeadAttention({ ...OPTIONS, slidingWindow: 0 })).toThrow(ConfigError);
  expect(() => layers.multiHeadAttention({ ...OPTIONS, outputShape: [0] })).toThrow(ConfigError);
  expect(() => layers.multiHeadAttention({ ...OPTIONS, attentionAxes: [1, 2] })).toThrow(UnsupportedError);
  expect(() => layers.multiHeadAttention({ ...OPTIONS, flashAttention: true as never })).toThrow(UnsupportedError);
  const layer = layers.multiHeadAttention({ ...OPTIONS, name: "it" });
  const x = randomTensor([1, 2, 4], 1);
  expect(() => layer.apply([x])).toThrow("it: expected query [batch, queries, dim], value [batch, keys, dim]");
  layer.apply([x, x]);
  expect(() => layer.apply([randomTensor([1, 2, 3], 1), x])).toThrow(ShapeError);
});
