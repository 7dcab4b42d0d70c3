/** Keras has judged the very files that are written now (test/fixtures/recipes/saved.py). */
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, expect, it } from "vitest";
import { knownLayers } from "../../src/layers/registry";
import { readFixture } from "../fixtures/golden";
import { hashOf, type SavedModel, savedModels } from "./saved_models";

const verdict = readFixture("saved.json") as { keras: string; models: { name: string; sha256: string }[] };
const saved: SavedModel[] = [];

beforeAll(async () => {
  for await (const one of savedModels()) saved.push(one);
}, 120_000);

it("Keras opened every file that is written, and predicted what this library predicts", () => {
  expect(verdict.keras).toBe("3.15.1");
  const written = saved.map(({ name, bytes }) => ({ name, sha256: hashOf(bytes) }));
  const judged = verdict.models.map(({ name, sha256 }) => ({ name, sha256 }));
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect(written.sort(byName)).toEqual(judged.sort(byName));
});

it("every kind of layer is among them", () => {
  const classes = new Set<string>();
  for (const { bytes } of saved) {
    const config = strFromU8(unzipSync(bytes)["config.json"]!);
    for (const [, name] of config.matchAll(/"class_name":"(\w+)"/g)) classes.add(name!);
  }
  expect(knownLayers().filter((name) => !classes.has(name))).toEqual([]);
});
