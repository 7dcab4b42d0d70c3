/** What the tarball holds, and that each kind of consumer finds its files and types in it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closure, type Packed, packAndInstall, root, run } from "./packed";

let packed: Packed;
beforeAll(() => {
  packed = packAndInstall();
}, 300_000);
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

const PREDICT = `
const layer = layers.lstm({ units: 3, kernelInitializer: "ones", recurrentInitializer: "ones" });
const y = layer.apply([[[0.1, 0.2], [0.3, 0.4]]]);
console.log(JSON.stringify([y.shape, lstm === layers.lstm, Array.from(y.data)]));`;

/** LSTM of three equal units by hand, the numbers that PREDICT must print. */
function expected(): number {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  let [h, c] = [0, 0];
  for (const x of [0.1 + 0.2, 0.3 + 0.4]) {
    const pre = x + 3 * h;
    c = sigmoid(pre + 1) * c + sigmoid(pre) * Math.tanh(pre); // the bias of the forget gate starts at 1
    h = sigmoid(pre) * Math.tanh(c);
  }
  return h;
}

function expectPrediction(printed: string): void {
  const [shape, same, data] = JSON.parse(printed);
  expect(shape).toEqual([1, 3]);
  expect(same).toBe(true);
  for (const value of data) expect(value).toBeCloseTo(expected(), 5);
}

describe("the tarball", () => {
  it("holds the bundles, types, kernels and licences, and no sources", () => {
    const wanted = ["LICENSE", "README.md", "CHANGELOG.md", "THIRD_PARTY_LICENSES", "package.json", "dist/cli.js"];
    for (const name of ["index", "layers", "worklet"]) {
      for (const kind of ["js", "cjs", "d.ts", "d.cts"]) wanted.push(`dist/${name}.${kind}`);
    }
    wanted.push("dist/wasm/baseline.wasm", "dist/wasm/relaxed.wasm", "dist/browser/index.js", "dist/browser/index.cjs");
    wanted.push("dist/modules/index.js", "dist/modules/layers_entry.js", "dist/modules/platform/worker.js");
    expect(wanted.filter((file) => !packed.files.includes(file))).toEqual([]);
    expect(packed.files.filter((file) => /^(src|assembly|test|scripts|node_modules)\//.test(file))).toEqual([]);
  });

  it("needs no other package at run time", () => {
    const manifest = JSON.parse(readFileSync(join(packed.installed, "package.json"), "utf8"));
    expect(manifest.dependencies ?? {}).toEqual({});
    const pages = ["browser/index.js", "browser/layers.js", "modules/index.js", "modules/layers_entry.js"];
    for (const file of ["index.js", "layers.js", "worklet.js", "cli.js", ...pages]) {
      const names = [...closure(join(packed.installed, "dist", file), true)];
      const bare = names.filter((name) => !name.startsWith("/"));
      expect(
        bare.filter((name) => !name.startsWith("node:")),
        file,
      ).toEqual([]);
      if (pages.includes(file) || file === "worklet.js") expect(bare, file).toEqual([]);
    }
  });

  it("names every bundled package with its licence", () => {
    const text = readFileSync(join(packed.installed, "THIRD_PARTY_LICENSES"), "utf8");
    for (const name of [
      "@assemblyscript/loader",
      "fflate",
      "jsfive",
      "pako",
      "commander",
      "cli-progress",
      "@bufbuild/protobuf",
    ]) {
      expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
    }
  });

  it("loads the readers of zip and HDF5 only when a file is opened", () => {
    const texts = { "fflate, but for the engine's": "invalid zlib data", jsfive: "unsupported superblock version" };
    for (const file of ["index.js", "browser/index.js", "modules/index.js"]) {
      const entry = join(packed.installed, "dist", file);
      const read = (lazy: boolean) => [...closure(entry, lazy)].filter((name) => name.startsWith("/"));
      const holds = (paths: string[], text: string) => paths.some((path) => readFileSync(path, "utf8").includes(text));
      for (const [name, text] of Object.entries(texts)) {
        expect(holds(read(false), text), `${file} at once: ${name}`).toBe(false);
        expect(holds(read(true), text), `${file} later: ${name}`).toBe(true);
      }
    }
  });

  it("is clean by publint", async () => {
    const { messages } = await publint({ pkgDir: packed.installed, pack: false });
    expect(messages).toEqual([]);
  });

  it("has types that fit its files by attw", () => {
    expect(run(join(root, "node_modules/.bin/attw"), [packed.tarball], packed.project)).toContain("No problems found");
  });
});

describe("a consumer", () => {
  const esm = `import { layers } from "recurra"; import { lstm } from "recurra/layers"; ${PREDICT}`;
  const cjs = `const { layers } = require("recurra"); const { lstm } = require("recurra/layers"); ${PREDICT}`;

  it("imports it", () => {
    expectPrediction(run("node", ["--input-type=module", "-e", esm], packed.project));
  });

  it("imports what a page gets", () => {
    expectPrediction(run("node", ["--conditions=browser", "--input-type=module", "-e", esm], packed.project));
  });

  it("requires it", () => {
    expectPrediction(run("node", ["--input-type=commonjs", "-e", cjs], packed.project));
  });

  it.each([
    ["import", "module", 'import { loadModel } from "recurra";'],
    ["require", "commonjs", 'const { loadModel } = require("recurra");'],
  ])("opens files of each Keras by %s", (_, type, line) => {
    const models = join(root, "test/fixtures/models/sequential_lstm");
    const open = `${line} Promise.all(["h5", "keras"].map((kind) => loadModel("${models}." + kind)))`;
    const code = `${open}.then((all) => console.log(all.map(({ name }) => name).join()));`;
    expect(run("node", [`--input-type=${type}`, "-e", code], packed.project).trim()).toBe("sequential,sequential");
  });

  it("runs the command line", () => {
    expect(run("node", [join(packed.installed, "dist/cli.js"), "--help"], packed.project)).toContain("summary");
  });

  it("runs the demo, whose model comes with it", () => {
    const told = JSON.parse(run("node", [join(packed.installed, "dist/cli.js"), "demo", "--json"], packed.project));
    expect(told.accuracy).toBeGreaterThan(0.9);
    expect(told.difference).toBeLessThan(1e-5);
  });

  it.each([
    ["node16", "node16", "mts"],
    ["node16", "node16", "cts"],
    ["esnext", "bundler", "ts"],
  ])("has types with module %s, resolution %s, from .%s", (module, resolution, extension) => {
    const source = `import { layers, type Tensor } from "recurra"; import { lstm } from "recurra/layers";
      const a: Tensor = layers.lstm({ units: 3 }).apply([[[1, 2]]]);
      const b: Tensor = lstm({ units: 3 }).apply(a);
      // @ts-expect-error: units are missing
      lstm({}); export { b };`;
    const file = join(packed.project, `consumer.${extension}`);
    writeFileSync(file, source);
    const options = [
      "--noEmit",
      "--strict",
      "--target",
      "es2022",
      "--module",
      module,
      "--moduleResolution",
      resolution,
    ];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    expect(() => run("node", [tsc, ...options, file], packed.project)).not.toThrow();
  });
});
