import { describe, expect, it, vi } from "vitest";
import type { ModelSpec, WeightTensor } from "../../src/spec";
import { file, NO_SHARED_MODELS, random, readSpec, sharedModel, treeOf } from "./support";

type Expected = { shape: number[]; data: (number | string)[] }[];
const expected = JSON.parse(new TextDecoder().decode(file("files/expected.json"))) as {
  files: Record<string, Record<string, Expected>>;
};
const read = (name: string, limits = {}) => readSpec(file(`files/${name}`), { name, limits });

function groupsOf(spec: ModelSpec): Map<string, readonly WeightTensor[]> {
  const { weights } = spec;
  if (weights.kind !== "layers") return treeOf(spec);
  return new Map(weights.layers.map((layer) => [layer.name, layer.weights.map(({ tensor }) => tensor)]));
}

describe("an HDF5 file of h5py gives the numbers that h5py says", () => {
  it.each(Object.keys(expected.files))("%s", async (name) => {
    const groups = groupsOf(await read(name));
    for (const [path, arrays] of Object.entries(expected.files[name]!)) {
      const got = groups.get(path);
      expect(
        got?.map(({ shape }) => shape),
        path,
      ).toEqual(arrays.map(({ shape }) => shape));
      expect(
        got?.map(({ data }) => [...data]),
        path,
      ).toEqual(arrays.map(({ data }) => data.map(Number)));
    }
  });

  it("in the type that the file says", async () => {
    const types = (path: string) => async () =>
      treeOf(await read("types.weights.h5"))
        .get(path)!
        .map((w) => w.dtype);
    const dense = await types("layers/dense")();
    expect(dense.slice(0, 7)).toEqual(["float32", "float32", "float64", "float64", "float16", "float16", "int8"]);
    expect(await types("layers/lstm")()).toEqual(["bfloat16"]);
  });
});

describe("a tree of weights", () => {
  it("keeps names, and leaves out training and random states", async () => {
    const { weights, ignored, architecture } = await read("windows.weights.h5");
    expect(architecture).toBeNull();
    expect(weights.kind === "tree" && [...weights.groups.keys()].sort()).toEqual(["layers/dense", "layers/gru/cell"]);
    expect([...ignored].sort()).toEqual(["optimizer state", "random seed state"]);
    const latest = (await read("latest.weights.h5")).weights;
    expect(latest.kind === "tree" && latest.names.get("layers/dense")).toBe("dense_7");
  });

  it.each([
    ["circle.weights.h5", "at most 128 levels of nesting"],
    ["soft_link.weights.h5", "soft_link.weights.h5, layers/dense/vars/0: expected a hard link, got a soft link"],
    ["external_link.weights.h5", "expected a sound HDF5 structure"],
    [
      "text.weights.h5",
      "text.weights.h5, layers/dense/vars/0: expected an array of numbers, got HDF5 type class 3 of 3 bytes",
    ],
    ["gap.weights.h5", "gap.weights.h5, layers/dense/vars/1: expected an array, got none"],
    ["unwritten.weights.h5", "expected 1000000 numbers in its chunks, got none at 0"],
    ["no_weights.h5", "no_weights.h5: expected weights that Keras wrote, got an HDF5 file with something"],
    ["missing.h5", "missing.h5, dense/dense/kernel:0: expected an array, got none"],
  ])("refuses %s", async (name, message) => {
    await expect(read(name)).rejects.toThrow(message);
  });

  it("with attributes that nobody knows prints nothing", async () => {
    const printed = [vi.spyOn(console, "log"), vi.spyOn(console, "warn")];
    const { weights } = await read("odd_attribute.weights.h5");
    expect(weights.kind === "tree" && weights.names.get("layers/dense")).toBe("dense");
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });

  it("meets the limits", async () => {
    await expect(read("many.weights.h5", { weights: 10 })).rejects.toThrow("at most 10 weights, got 11");
    await expect(read("chunked.weights.h5", { bytes: 100 })).rejects.toThrow("at most 100 unpacked bytes");
  });
});

describe("a legacy file", () => {
  it("gives its layers in order, with its dialect", async () => {
    const spec = await read("keras_2_1.h5");
    expect(spec).toMatchObject({ format: "hdf5", kerasVersion: "2.1.4", dialect: 2 });
    expect(spec.architecture).toMatchObject({ class_name: "Sequential", config: [{ class_name: "GRU" }, {}, {}] });
    expect(
      spec.weights.kind === "layers" && spec.weights.layers.map((l) => [l.name, l.weights.map((w) => w.name)]),
    ).toEqual([
      ["gru_1", ["gru_1/kernel:0", "gru_1/recurrent_kernel:0", "gru_1/bias:0"]],
      ["dropout_1", []],
      ["dense_1", ["dense_1/kernel:0"]],
    ]);
    expect(spec.ignored).toEqual(["training_config", "optimizer state"]);
  });

  it("may hold weights alone", async () => {
    expect(await read("cudnn_weights.h5")).toMatchObject({ format: "weights", architecture: null, dialect: 2 });
  });

  it.skipIf(NO_SHARED_MODELS).each(["lstm", "gru"])("of others: traffic-flow %s", async (name) => {
    const spec = await readSpec(sharedModel(`traffic-flow/${name}.h5`), { name });
    expect(spec).toMatchObject({ kerasVersion: "2.1.4", dialect: 2 });
    const layers = spec.weights.kind === "layers" ? spec.weights.layers : [];
    const gates = name === "lstm" ? 4 : 3;
    expect(layers.map((layer) => layer.weights.map(({ tensor }) => tensor.shape))).toEqual([
      [[1, 64 * gates], [64, 64 * gates], [64 * gates]],
      [[64, 64 * gates], [64, 64 * gates], [64 * gates]],
      [],
      [[64, 1], [1]],
    ]);
  });
});

describe("damage", () => {
  it("is a typed error or goes unseen, quickly, with nothing printed", async () => {
    const printed = [vi.spyOn(console, "log"), vi.spyOn(console, "warn")];
    const next = random(1);
    for (const name of ["keras_2_1.h5", "chunked.weights.h5", "latest.weights.h5", "types.weights.h5"]) {
      const whole = file(`files/${name}`);
      for (let round = 0; round < 100; round++) {
        const bytes = round % 5 === 0 ? whole.slice(0, next(whole.length)) : whole.slice();
        for (let flips = 1 + next(8); flips > 0 && bytes.length > 0; flips--)
          bytes[next(bytes.length)]! ^= 1 << next(8);
        const start = performance.now();
        const spec = await readSpec(bytes, { name }).catch((e: unknown) => {
          expect(e).toMatchObject({ brand: "recurra.error" });
        });
        for (const [, arrays] of spec ? groupsOf(spec) : []) {
          for (const { shape, data } of arrays) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        }
        expect(performance.now() - start).toBeLessThan(2000);
      }
    }
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});
