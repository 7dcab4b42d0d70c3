/**
 * The packed library in the projects of its users: every bundler, a page without one, a server that renders, Node,
 * Deno and Bun. Each must give the bits that Node gives, and pages under a policy that forbids `eval`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, createServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSERS, type Browser, type Tab } from "../../browsers/browser";
import { serve } from "../../browsers/site";
import { BUNDLERS } from "../bundlers";
import { type Packed, packAndInstall, root, run } from "../packed";

const HERE = join(root, "test/package/consumers");
const HTML = (head: string) => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}`;

let packed: Packed;
let wanted: unknown;
const file = (...parts: string[]) => join(packed.project, ...parts);
beforeAll(() => {
  packed = packAndInstall();
  for (const name of readdirSync(HERE)) if (name.endsWith(".js")) copyFileSync(join(HERE, name), file(name));
  writeFileSync(file("package.json"), '{ "name": "consumer", "private": true, "type": "module" }');
  copyFileSync(join(packed.installed, "examples/digits/digits_lstm.keras"), file("model.keras"));
  wanted = JSON.parse(run("node", ["server.js", file("model.keras")], packed.project));
}, 300_000);
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

it("in Node gives numbers, the same from a pool", () => {
  const { build, same, predicted, pooled, eager } = wanted as Record<string, unknown>;
  expect({ build, same }).toEqual({ build: "baseline", same: true });
  expect(pooled).toEqual(predicted);
  expect(predicted).toHaveLength(20);
  expect(eager).toHaveLength(3);
});

describe("a page", () => {
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    browser = await (BROWSERS.chromium as () => Promise<Browser>)();
    tab = await browser.tab();
  });
  afterAll(() => browser?.close());

  /** Nothing may be said on the console. */
  async function open(url: string) {
    const { value, error, problems } = await tab.open(url);
    expect(error).toBeUndefined();
    expect(problems).toEqual([]);
    return value;
  }

  /** A bundle with what is served beside it. */
  function complete(out: string): string {
    writeFileSync(join(out, "index.html"), HTML('<script type="module" src="main.js"></script>'));
    copyFileSync(file("model.keras"), join(out, "model.keras"));
    return out;
  }

  /** Opens `folder` under the policy of the README. */
  async function outcome(folder: string, query = "") {
    const server = await serve(folder, "strict");
    try {
      return await open(`${server.url}index.html${query}`);
    } finally {
      await server.close();
    }
  }

  /**
   * Those that know `new Worker(new URL(…))` bring the script of the workers along. Others make it of a second entry,
   * which is found beside the first, or where the option says.
   */
  it.each([
    ["esbuild", "worker", ""],
    ["Vite", undefined, ""],
    ["Rollup", "threads/worker", "?worker=threads/worker.js"],
    ["webpack", undefined, ""],
  ] as const)("made by %s", async (bundler, worker, query) => {
    const out = file(`page-${bundler}`);
    await BUNDLERS[bundler](file("page.js"), out, worker);
    expect(await outcome(complete(out), query)).toEqual(wanted);
  });

  it.each([
    ["esbuild", 'import wasm from "recurra/wasm/baseline.wasm";', "worker"],
    ["Vite", 'import wasm from "recurra/wasm/baseline.wasm?url";', undefined],
    ["webpack", 'const wasm = new URL("recurra/wasm/baseline.wasm", import.meta.url);', undefined],
  ] as const)("made by %s, with the kernels in a file", async (bundler, kernels, worker) => {
    const out = file(`kernels-${bundler}`);
    const page = file(`kernels-${bundler}.js`);
    writeFileSync(page, `import { runInPage } from "./in_page.js"; ${kernels} runInPage(wasm);`);
    await BUNDLERS[bundler](page, out, worker);
    expect(await outcome(complete(out))).toEqual({ ...(wanted as object), build: "custom" });
  });

  it("served by Vite while it is written", async () => {
    writeFileSync(file("index.html"), HTML('<script type="module" src="/page.js"></script>'));
    const server = await createServer({
      configFile: false,
      root: packed.project,
      logLevel: "silent",
      server: { host: "127.0.0.1", port: 4700, hmr: false, watch: null },
    });
    try {
      await server.listen();
      expect(await open(server.resolvedUrls?.local[0] as string)).toEqual(wanted);
    } finally {
      await server.close();
    }
  });

  it("without a bundler", async () => {
    const out = file("page-plain");
    mkdirSync(out);
    for (const name of ["page.js", "in_page.js", "program.js", "model.keras"])
      copyFileSync(file(name), join(out, name));
    execFileSync("cp", ["-r", join(packed.installed, "dist"), join(out, "recurra")]);
    const served = readFileSync(file("program.js"), "utf8")
      .replace('"recurra"', '"./recurra/browser/index.js"')
      .replace('"recurra/layers"', '"./recurra/browser/layers.js"');
    writeFileSync(join(out, "program.js"), served);
    writeFileSync(join(out, "index.html"), HTML('<script type="module" src="page.js"></script>'));
    expect(await outcome(out)).toEqual(wanted);
  });
});

describe("a server that renders", () => {
  it.each([
    ["leaves the library outside the bundle", undefined],
    ["bundles the library", ["recurra"]],
  ] as const)("%s", async (_, noExternal) => {
    const outDir = file(`ssr-${noExternal ? "inside" : "outside"}`);
    await build({
      configFile: false,
      root: packed.project,
      logLevel: "error",
      build: { ssr: file("server.js"), outDir },
      ssr: noExternal ? { noExternal: [...noExternal] } : {},
    });
    expect(JSON.parse(run("node", [join(outDir, "server.js"), file("model.keras")], packed.project))).toEqual(wanted);
  });
});

describe.each([
  ["deno", ["run", "--allow-read", "--allow-env"]],
  ["bun", ["run"]],
])("%s", (engine, args) => {
  const here = spawnSync(engine, ["--version"]).status === 0;
  it.skipIf(!here)("runs it", () => {
    expect(JSON.parse(run(engine, [...args, "server.js", file("model.keras")], packed.project))).toEqual(wanted);
  });
});
