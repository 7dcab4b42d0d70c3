/** The JavaScript of README.md runs as it stands, as one module of a user who has a model file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layers, saveModel, sequential } from "../../src/index";
import { root, run } from "./packed";

const folder = mkdtempSync(join(tmpdir(), "recurra-readme-"));
/** Inside the package, where its own name resolves. */
const page = join(root, "build", "readme.mjs");
beforeAll(async () => {
  run("node", ["scripts/ensure_built.mjs"], root);
  const net = sequential({ layers: [layers.lstm({ units: 4, inputShape: [null, 2] }), layers.dense({ units: 3 })] });
  writeFileSync(join(folder, "model.keras"), await saveModel(net));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("README.md", () => {
  const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```js\n([\s\S]*?)```/g)];

  it("has code that runs", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    const results =
      "console.log(JSON.stringify({ y: y.shape, last: last.shape, one: one.shape, same: equal(all, net.predict(" +
      "[[[0.1, 0.2], [0.3, 0.4]]])), m: m.countParams() })); function equal(a, b) { return String(a) === String(b); }";
    const served = `import { readFile } from "node:fs/promises"; const folder = "${root}/dist/wasm/";
      globalThis.fetch = async (path) => new Response(await readFile(path.replace("/kernels/", folder)));`;
    writeFileSync(page, [served, ...blocks.map(([, code]) => code), results].join("\n"));
    const printed = run("node", [page], folder).trim().split("\n");
    expect(printed[0]).toBe('Model: "sequential"');
    expect(JSON.parse(printed.at(-1) as string)).toEqual({ y: [1, 3], last: [1, 3], one: [3], same: true, m: 25_162 });
  });
});
