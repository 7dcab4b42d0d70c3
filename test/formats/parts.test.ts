import { describe, expect, it } from "vitest";
import { file, readSpec, text, treeOf } from "./support";

const keras3 = { module: "keras", class_name: "Sequential", config: { layers: [] }, registered_name: null };
const keras2 = { class_name: "Sequential", config: { layers: [] }, keras_version: "2.4.0", backend: "tensorflow" };

describe("an architecture", () => {
  it("may stand alone, as text, bytes or an object, in its dialect", async () => {
    for (const topology of [keras3, JSON.stringify(keras3), text(JSON.stringify(keras3))]) {
      const spec = await readSpec({ topology });
      expect(spec).toMatchObject({ format: "json", dialect: 3, kerasVersion: null, weights: { kind: "none" } });
    }
    expect(await readSpec(text(JSON.stringify(keras2)))).toMatchObject({ dialect: 2, kerasVersion: "2.4.0" });
    const silent = { class_name: "Sequential", config: [] };
    expect(await readSpec({ topology: silent })).toMatchObject({ dialect: 2, architecture: silent });
  });

  it("may come with a file of weights of any kind", async () => {
    const tree = await readSpec({ topology: keras3, weights: file("files/latest.weights.h5") });
    expect(tree.architecture).toEqual(keras3);
    expect([...treeOf(tree).keys()]).toEqual(["layers/dense"]);
    const legacy = await readSpec({ topology: keras2, weights: [file("files/cudnn_weights.h5")] });
    expect(legacy).toMatchObject({ dialect: 2, architecture: keras2, weights: { kind: "layers" } });
  });

  it.each([
    [
      "a web page for weights",
      { topology: keras3, weights: text("<html>") },
      "m, weights: expected a model file, got a web page",
    ],
    [
      "two files of weights",
      { topology: keras3, weights: [text(""), text("")] },
      "m, weights: expected one file, got 2",
    ],
    [
      "an architecture for weights",
      { topology: keras3, weights: text(JSON.stringify(keras3)) },
      "m, weights: expected a file of weights",
    ],
    ["text that is no JSON", { topology: "{" }, "m, topology: expected JSON"],
    ["a list", { topology: [] }, "m: expected an object, got other JSON"],
  ])("is refused with %s", async (_, parts, message) => {
    await expect(readSpec(parts, { name: "m" })).rejects.toThrow(message);
  });
});

describe("weights in several files", () => {
  const index = (map: object) => text(JSON.stringify({ metadata: {}, weight_map: map }));

  it("are put together", async () => {
    const map = {
      "/layers/dense/vars": "latest.weights.h5",
      "/layers/many/vars": ["latest.weights.h5", "many.weights.h5"],
    };
    const sibling = async (path: string) => file(`files/${path}`);
    const tree = treeOf(await readSpec(index(map), { sibling }));
    expect([tree.get("layers/dense")?.length, tree.get("layers/many")?.length]).toEqual([2, 12]);
  });

  it("are refused where they cannot be found", async () => {
    await expect(readSpec(index({ a: "b.h5" }), { name: "m" })).rejects.toThrow(
      "m: expected b.h5 beside it, got bytes alone",
    );
    await expect(readSpec(index({ a: "../b.h5" }))).rejects.toThrow("weight_map: expected names of files beside it");
  });
});
