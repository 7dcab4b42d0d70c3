import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModel } from "../../src/load";
import { changed, layerOf } from "../load/changed";
import { ensureBuilt, fixture, folder, recurra, root } from "./support";

const files = folder();
beforeAll(ensureBuilt, 300_000);
afterAll(() => rmSync(files, { recursive: true, force: true }));

const bytes = (path: string) => new Uint8Array(readFileSync(path));
const at = (name: string) => join(files, name);

describe("recurra convert", () => {
  it.each(["sequential_bidirectional.h5", "functional_nested_functional.keras"])(
    "%s becomes a .keras file of the same model",
    async (name) => {
      const source = join(root, "test/fixtures/models", name);
      const ran = recurra("convert", source, "-o", at("out.keras"));
      expect([ran.status, ran.stderr]).toEqual([0, ""]);
      const [from, to] = await Promise.all([loadModel(bytes(source)), loadModel(bytes(at("out.keras")))]);
      expect(ran.stdout).toMatch(/out\.keras: [\d,]+ bytes, [\d,]+ parameters in \d+ weights\n$/);
      expect(to.getWeights()).toEqual(from.getWeights());
      expect(to.loadReport?.format).toBe("keras");
    },
  );

  it("writes the weights alone as safetensors, and tells programs in JSON", async () => {
    const source = fixture("sequential_gru");
    const ran = recurra("convert", source, "--output", at("w.safetensors"), "--json");
    const model = await loadModel(bytes(source));
    expect(JSON.parse(ran.stdout)).toEqual({
      output: at("w.safetensors"),
      bytes: bytes(at("w.safetensors")).length,
      weights: model.weights.length,
      parameters: model.countParams(),
      report: JSON.parse(JSON.stringify(model.loadReport)),
    });
    const copy = await loadModel({ topology: JSON.stringify(model), weights: bytes(at("w.safetensors")) });
    expect(copy.getWeights()).toEqual(model.getWeights());
  });

  it("makes a Keras model of a PyTorch state dict", async () => {
    const source = join(root, "test/torch/files/classifier_last.safetensors");
    const torch = [
      { type: "gru", output: "last" },
      { type: "linear", name: "fc1" },
      { type: "linear", name: "fc2" },
    ];
    const ran = recurra("convert", source, "-o", at("torch.keras"), "--torch", JSON.stringify(torch));
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect((await loadModel(bytes(at("torch.keras")))).layers.map((layer) => layer.className)).toContain(
      "Bidirectional",
    );
  });

  it("says on stderr what the file held that is not used", () => {
    const odd = changed("sequential_mixed_float16", (config) => {
      config.compile_config = { optimizer: "adam" };
      layerOf(config, "Dense").config.novelty = 3;
    });
    writeFileSync(at("odd.keras"), odd);
    const notes = [
      `${at("odd.keras")}, not needed here: compile_config`,
      `${at("odd.keras")}, not known here: dense.novelty`,
      `${at("odd.keras")}, computed in float32: mixed_float16`,
    ];
    for (const args of [["summary"], ["convert", "-o", at("even.keras")]]) {
      const { status, stderr } = recurra(...args, at("odd.keras"));
      expect([status, stderr.trim().split("\n")]).toEqual([0, notes]);
    }
  });

  it.each([
    [
      "another format",
      () => ["convert", fixture("sequential_gru"), "-o", at("m.h5")],
      1,
      "ends in .keras or .safetensors",
    ],
    ["a folder that is not there", () => ["convert", fixture("sequential_gru"), "-o", at("no/m.keras")], 1, "ENOENT"],
    [
      "a graph",
      () => ["convert", join(root, "test/fixtures/onnx/torch_mixer.onnx"), "-o", at("m.keras")],
      1,
      "an ONNX",
    ],
    ["odd modules", () => ["convert", fixture("sequential_gru"), "-o", at("m.keras"), "--torch", "lstm"], 1, "--torch"],
    ["no output", () => ["convert", fixture("sequential_gru")], 2, "--output"],
  ] as const)("refuses %s in one line", (_, args, code, text) => {
    const { status, stdout, stderr } = recurra(...args());
    expect(stderr).toContain(text);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect([status, stdout]).toEqual([code, ""]);
  });
});

it("recurra summary tells what goes into an ONNX graph, and out of it", () => {
  const graph = join(root, "test/fixtures/onnx/torch_mixer.onnx");
  expect(recurra("summary", graph).stdout).toContain("(ONNX");
  const told = JSON.parse(recurra("summary", graph, "--json").stdout);
  expect(told).toMatchObject({
    inputs: [{ dtype: "float32" }],
    outputs: [{ dtype: "float32" }, { shape: ["batch", "time", 8] }],
  });
});
