import { describe, expect, it } from "vitest";
import type { ModelParts } from "../../src/formats";
import type { ModelSpec } from "../../src/spec";
import { bytesOf, NO_SHARED_MODELS, readSpec, sharedModel, text } from "./support";

const topology = { class_name: "Sequential", config: { name: "s", layers: [] } };
const float32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const entry = (name: string, shape: number[], dtype = "float32", quantization?: object) => ({
  name,
  shape,
  dtype,
  ...(quantization && { quantization }),
});
const model = (weights: object[][], more = {}) => ({
  format: "layers-model",
  modelTopology: { keras_version: "2.13.1", backend: "tensorflow", model_config: topology },
  weightsManifest: weights.map((list, i) => ({ paths: [`group${i}.bin`], weights: list })),
  ...more,
});
const read = (json: object, weights?: ModelParts["weights"]) =>
  readSpec(weights ? { topology: json, weights } : text(JSON.stringify(json)), { name: "model.json" });
const numbers = (spec: ModelSpec) =>
  spec.weights.kind === "names" &&
  Object.fromEntries([...spec.weights.weights].map(([name, w]) => [name, [...w.data]]));

describe("a TF.js layers model", () => {
  const json = model([[entry("lstm/kernel", [2]), entry("lstm/bias", [])], [entry("dense/kernel", [1, 2])]]);
  const groups = [float32(1, 2, 3), float32(4, 5)];
  const expected = { "lstm/kernel": [1, 2], "lstm/bias": [3], "dense/kernel": [4, 5] };

  it("takes its shards from beside it, in a list, by name or in one piece", async () => {
    const sibling = async (path: string) => groups[Number(/\d/.exec(path)![0])]!;
    const spec = await readSpec(text(JSON.stringify(json)), { sibling });
    expect(spec).toMatchObject({ format: "tfjs", kerasVersion: "2.13.1", dialect: 2, architecture: topology });
    expect(numbers(spec)).toEqual(expected);
    expect(numbers(await read(json, groups))).toEqual(expected);
    expect(numbers(await read(json, { "group1.bin": groups[1]!, "group0.bin": groups[0]! }))).toEqual(expected);
    expect(numbers(await read(json, bytesOf(...groups)))).toEqual(expected);
  });

  it("may cut a group into shards anywhere", async () => {
    const cut = { ...json, weightsManifest: [{ paths: ["a", "b"], weights: [entry("w", [2])] }] };
    const spec = await read(cut, { a: float32(1, 2).subarray(0, 3), b: float32(1, 2).subarray(3) });
    expect(numbers(spec)).toEqual({ w: [1, 2] });
  });

  it("may be quantized", async () => {
    const weights = [
      entry("a", [3], "float32", { dtype: "uint8", scale: 0.5, min: -1 }),
      entry("b", [2], "float32", { dtype: "uint16", scale: 2 ** -10, min: 0.25 }),
      entry("c", [2], "float32", { dtype: "float16" }),
      entry("d", [2], "int32", { dtype: "uint8", scale: 1.9, min: 3 }),
      entry("e", [2], "int32"),
      entry("f", [2], "bool"),
    ];
    const halves = bytesOf([0x3c00, 2], [0xc000, 2]);
    const bytes = bytesOf(
      [0, 1],
      [1, 1],
      [255, 1],
      [0, 2],
      [1024, 2],
      halves,
      [0, 1],
      [2, 1],
      [7, 4],
      [2 ** 32 - 1, 4],
      [1, 1],
      [0, 1],
    );
    expect(numbers(await read(model([weights]), bytes))).toEqual({
      a: [-1, -0.5, 126.5],
      b: [0.25, 1.25],
      c: [1, -2],
      d: [3, 7],
      e: [7, -1],
      f: [1, 0],
    });
  });

  it("of TF.js itself has its topology in the open", async () => {
    const own = { ...topology, keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js" };
    const spec = await read({ modelTopology: own, userDefinedMetadata: {}, weightsManifest: [] });
    expect(spec).toMatchObject({ kerasVersion: "tfjs-layers 4.22.0", dialect: 2, ignored: ["userDefinedMetadata"] });
    expect(spec.architecture).toMatchObject({ class_name: "Sequential" });
    const silent = { modelTopology: { model_config: topology }, generatedBy: "keras v3.3.3" };
    expect(await read(silent)).toMatchObject({ kerasVersion: "3.3.3", dialect: 3, weights: { kind: "none" } });
  });

  it.skipIf(NO_SHARED_MODELS)("of others: seq2seq-bot", async () => {
    for (const half of ["encoder", "decoder"]) {
      const json = sharedModel(`seq2seq-bot/${half}-model/model.json`);
      const sibling = async (path: string) => sharedModel(`seq2seq-bot/${half}-model/${path}`);
      const spec = await readSpec(json, { sibling });
      expect(spec).toMatchObject({ kerasVersion: "2.1.6", dialect: 2, architecture: { class_name: "Model" } });
      const { weights } = spec;
      const name = half === "encoder" ? "encoder_lstm" : "new_decoder_lstm";
      expect(weights.kind === "names" && weights.weights.get(`${name}/bias`)?.shape).toEqual([1024]);
    }
  });

  const one = [entry("w", [2])];
  it.each([
    ["a graph model", { format: "graph-model" }, "expected a TF.js layers model, got a TF.js graph model"],
    ["a graph", { modelTopology: { node: [] } }, "expected a TF.js layers model, got a TF.js graph model"],
    ["no topology", { modelTopology: null }, "model.json, modelTopology: expected an object, got null"],
    ["another topology", { modelTopology: { a: 1 } }, "model.json, modelTopology: expected a Keras model"],
    ["a manifest that is none", model([], { weightsManifest: {} }), "model.json, weightsManifest: expected a list"],
    ["a group that is none", model([], { weightsManifest: [1] }), "expected lists of paths and weights, got 1"],
    ["too few bytes", model([[entry("w", [9])]]), "model.json, group0.bin: expected 36 bytes, got 8"],
    ["too many bytes", { ...model([[]]) }, "model.json, group0.bin: expected 0 bytes, got 8"],
    [
      "a name twice",
      model([[entry("w", [1]), entry("w", [1])]]),
      "model.json, w: expected one weight of this name, got two",
    ],
    ["texts", model([[entry("w", [2], "string")]]), "expected numbers, got string"],
    ["an odd type", model([[entry("w", [2], "float8")]]), "got float8"],
    ["an odd shape", model([[entry("w", [-2])]]), "expected a shape of non-negative whole numbers"],
    ["a shape too large", model([[entry("w", [2 ** 30, 2 ** 30])]]), "expected a shape that fits in memory"],
    [
      "no scale",
      model([[entry("w", [8], "float32", { dtype: "uint8" })]]),
      "model.json, w, quantization: expected scale and min",
    ],
    ["no name", model([[{ shape: [1], dtype: "float32" }]]), "expected name, shape and dtype"],
    ["Keras 1", { modelTopology: { keras_version: "1.2.2", ...topology } }, "expected a file of Keras 2.0 or newer"],
  ])("is refused for %s", async (_, json, message) => {
    await expect(read(json, { "group0.bin": float32(1, 2) })).rejects.toThrow(message);
  });

  it.each(["../a", "/a", "http://x/a", "a/../../b", "\\a", "C:\\a", "", 5, " http://x/a", ".\t./a", "%2e%2E/a"])(
    "is refused for the path %j",
    async (path) => {
      const json = { ...model([]), weightsManifest: [{ paths: [path], weights: one }] };
      const sibling = async () => float32(1, 2);
      await expect(readSpec({ topology: json }, { sibling })).rejects.toThrow("expected a path beside this file");
    },
  );

  it("is refused without a shard", async () => {
    await expect(read(model([one]), { "b.bin": float32(1, 2) })).rejects.toThrow(
      "weights, group0.bin: expected a shard of this name, got b.bin",
    );
  });
});
