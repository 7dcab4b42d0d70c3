import { describe, expect, it } from "vitest";
import { RecurraError } from "../../src/errors";
import { embedding } from "../../src/layers/embedding";
import { lstm } from "../../src/layers/recurrent/lstm";
import { sequential } from "../../src/models/sequential";
import { tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";
import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("embedding", "Embedding");

describe.each(BUILDS)("Embedding on the %s build", (build) => {
  useBuild(build);
  const make = () => {
    const layer = embedding({ inputDim: 4, outputDim: 2, name: "words" }).build([null, null]);
    layer.setWeights([
      [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 7],
      ],
    ]);
    return layer;
  };

  it("looks up int32 and float32 ids alike", () => {
    const wanted = [
      [
        [6, 7],
        [0, 1],
      ],
    ];
    expect(
      make()
        .apply([[3, 0]])
        .toArray(),
    ).toEqual(wanted);
    expect(
      make()
        .apply(tensor(new Int32Array([3, 0]), [1, 2]))
        .toArray(),
    ).toEqual(wanted);
  });

  it("masks id 0 when asked to", () => {
    const layer = embedding({ inputDim: 4, outputDim: 2, maskZero: true });
    expect(layer.computeMask([[1, 0, 3]])?.toArray()).toEqual([[true, false, true]]);
    expect(layer.computeMask(tensor(new Int32Array([0, 2]), [1, 2]))?.toArray()).toEqual([[false, true]]);
    expect(make().computeMask([[1, 0]])).toBeNull();
  });

  it.each([
    [
      [
        [0, 1],
        [4, 0],
      ],
      "words, id at [1, 0]: expected a whole number from 0 to 3, got 4",
    ],
    [[[0, -1]], "words, id at [0, 1]: expected a whole number from 0 to 3, got -1"],
    [[[0.5]], "words, id at [0, 0]: expected a whole number from 0 to 3, got 0.5"],
    [[[Number.NaN]], "words, id at [0, 0]: expected a whole number from 0 to 3, got NaN"],
    [[[1e20]], "words, id at [0, 0]: expected a whole number from 0 to 3, got 100000002004087730000"],
  ])("refuses %j, and works on", (ids, message) => {
    const layer = make();
    expect(() => layer.apply(ids)).toThrow(message);
    expect(layer.apply([[1]]).toArray()).toEqual([[[2, 3]]]);
  });

  it("refuses whole numbers out of range, with where and what in the details", () => {
    try {
      make().apply(tensor(new Int32Array([1, 9]), [2, 1]));
      expect.unreachable();
    } catch (e) {
      expect(RecurraError.is(e) && [e.code, e.details]).toEqual(["argument", { position: [1, 0], value: 9 }]);
    }
  });
});

it("begins a model without being told a shape, or with the length of Keras 2", () => {
  const layers = [embedding({ inputDim: 1000, outputDim: 64 }), lstm({ units: 128 })];
  const m = sequential({ layers });
  expect(m.countParams()).toBe(64_000 + 98_816);
  expect(m.inputs[0]?.shape).toEqual([null, null]);
  const known = sequential({ layers: [embedding({ inputDim: 5, outputDim: 2, inputLength: 7 })] });
  expect(known.outputs[0]?.shape).toEqual([null, 7, 2]);
  const cube = sequential({ layers: [embedding({ inputDim: 5, outputDim: 2 })] });
  expect(cube.predict([[[1, 2]]]).shape).toEqual([1, 1, 2, 2]);
});

it.each([3.7, "3", null, true, -1, 0])("refuses inputDim and outputDim %s", (size) => {
  const given = size as number;
  expect(() => embedding({ inputDim: given, outputDim: 2 })).toThrow(/inputDim: expected (a positive integer|a value)/);
  expect(() => embedding({ inputDim: 2, outputDim: given })).toThrow(
    /outputDim: expected (a positive integer|a value)/,
  );
});

it("has the defaults of Keras", () => {
  expect(embedding({ inputDim: 3, outputDim: 2 }).getConfig()).toMatchObject({
    input_dim: 3,
    output_dim: 2,
    embeddings_initializer: { class_name: "RandomUniform", config: { minval: -0.05, maxval: 0.05, seed: null } },
    embeddings_regularizer: null,
    embeddings_constraint: null,
    mask_zero: false,
  });
});
