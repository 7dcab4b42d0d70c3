/** Files written here: read back to the same bits, and laid out as Keras reads them (the fixtures ask Keras). */
import { readdirSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { StateError, UnsupportedError } from "../../src/errors";
import { openHdf5 } from "../../src/formats/hdf5";
import { writeHdf5 } from "../../src/formats/hdf5_writer";
import { newTree, readTree, treeStore } from "../../src/formats/keras_tree";
import { Allowance } from "../../src/formats/limits";
import { layers, loadModel, modelFromJSON, saveModel, saveWeights, sequential, Tensor } from "../../src/index";
import { goldenModel, modelBytes } from "../fixtures/golden";
import { random } from "../support";

const names = readdirSync(new URL("../fixtures/models", import.meta.url))
  .filter((file) => file.endsWith(".keras") && !file.includes("npz"))
  .map((file) => file.replace(/\.keras$/, ""));

describe("saveModel", () => {
  it.each(names)("%s comes back with the same bits", async (name) => {
    const m = await loadModel(modelBytes(name));
    const copy = await loadModel(await saveModel(m));
    expect(copy.toJSON()).toEqual(m.toJSON());
    const x = goldenModel(name).calls[0]!.inputs.map((t) => new Tensor(t.shape, t.dtype, t.data));
    expect(copy.predict(x)).toEqual(m.predict(x));
  });

  it("writes the members that Keras looks for, stored", async () => {
    const bytes = await saveModel(await loadModel(modelBytes("sequential_gru")));
    const members = unzipSync(bytes);
    expect(Object.keys(members)).toEqual(["metadata.json", "config.json", "model.weights.h5"]);
    expect(JSON.parse(strFromU8(members["metadata.json"]!))).toMatchObject({
      keras_version: "3.15.1",
      date_saved: expect.stringMatching(/^\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d$/),
    });
    expect(strFromU8(members["config.json"]!)).toContain('"class_name":"GRU"');
  });

  it("refuses a model without weights, and functions that Keras 3 has not", async () => {
    await expect(saveModel(sequential({ layers: [layers.dense({ units: 1 })] }))).rejects.toThrow(StateError);
    const config = {
      name: "m",
      layers: [
        {
          class_name: "GRU",
          config: { units: 1, recurrent_activation: "hard_sigmoid", batch_input_shape: [null, 2, 1] },
        },
      ],
    };
    const old = modelFromJSON({ class_name: "Sequential", keras_version: "2.1.0", config });
    await expect(saveModel(old)).rejects.toThrow(UnsupportedError);
    await expect(saveModel(old)).rejects.toThrow("expected activations that Keras 3 has, got hard_sigmoid of Keras 2");
  });
});

describe("saveWeights", () => {
  it.each(names)("%s comes back with the same bits, beside its architecture", async (name) => {
    const m = await loadModel(modelBytes(name));
    const copy = await loadModel({ topology: JSON.stringify(m), weights: await saveWeights(m) });
    expect(copy.getWeights()).toEqual(m.getWeights());
  });

  it("names arrays by layer, part and weight, and aligns them", async () => {
    const bytes = await saveWeights(await loadModel(modelBytes("sequential_bidirectional")));
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(Object.keys(header).slice(0, 3)).toEqual([
      "__metadata__",
      "bidirectional/forward_lstm/lstm_cell/kernel",
      "bidirectional/forward_lstm/lstm_cell/recurrent_kernel",
    ]);
    expect(header.__metadata__).toEqual({ format: "keras", model: "sequential" });
  });

  it("numbers equal names, and refuses a model without weights", async () => {
    const cell = () => layers.lstmCell({ units: 2, name: "twin" });
    const m = sequential({ layers: [layers.inputLayer({ shape: [3, 2] }), layers.rnn({ cell: [cell(), cell()] })] });
    const weights = await saveWeights(m);
    expect(new TextDecoder().decode(weights)).toContain("twin/kernel_1");
    expect((await loadModel({ topology: JSON.stringify(m), weights })).getWeights()).toEqual(m.getWeights());
    await expect(saveWeights(sequential({ layers: [layers.dense({ units: 1 })] }))).rejects.toThrow(StateError);
  });
});

describe("writeHdf5", () => {
  const read = async (bytes: Uint8Array) => {
    const tree = newTree();
    await readTree(await openHdf5(bytes, "test", new Allowance()), tree);
    return treeStore(tree, "test").groups;
  };
  const next = random(3);
  const array = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
  });

  it("writes arrays of any rank, bit by bit", async () => {
    const odd = { shape: [2, 3], data: Float32Array.of(Number.NaN, -0, Infinity, 1e-45, -3.4e38, 1 / 3) };
    const vars = { 0: odd, 1: array(1), 2: array(2, 1, 3, 2), 3: { shape: [0, 4], data: new Float32Array(0) } };
    const stored = (await read(writeHdf5({ layers: { dense: { vars } } }))).get("layers/dense") ?? [];
    expect(stored.map(({ shape }) => shape)).toEqual(Object.values(vars).map(({ shape }) => shape));
    expect(stored.map(({ data }) => data)).toEqual(Object.values(vars).map(({ data }) => data));
  });

  it("sorts names by their bytes, as libraries search them", async () => {
    const names = ["b", "a_10", "a_2", "B", "a", "ü"];
    const root = await openHdf5(
      writeHdf5(Object.fromEntries(names.map((name) => [name, array(1)]))),
      "test",
      new Allowance(),
    );
    expect(root.children).toEqual(["B", "a", "a_10", "a_2", "b", "ü"]);
  });

  it.each([1, 7, 8, 9, 33, 255, 256, 257, 700])("holds %i groups in one", async (count) => {
    const groups = Array.from({ length: count }, (_, k) => [`dense_${k}`, { vars: { 0: array(2) } }] as const);
    const stored = await read(writeHdf5({ layers: Object.fromEntries(groups) }));
    for (const [name, { vars }] of groups) expect(stored.get(`layers/${name}`)?.[0]?.data).toEqual(vars[0].data);
    expect(stored.size).toBe(count);
  });
});
