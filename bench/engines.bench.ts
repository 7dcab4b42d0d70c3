/**
 * Layers in each engine that is installed, as shares of the roofline that this engine reaches itself: Node, Bun, Deno
 * and pages of Chromium, Firefox and WebKit. Writes bench/results/engines.json.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { build } from "tsup";
import { BROWSERS } from "../test/browsers/browser";
import { compileRoofline } from "./compile_roofline";
import type { Measured } from "./engines/program";

const PROGRAM = "build/engines/layers.mjs";
const RESULTS = "bench/results/engines.json";

/** Engine → how it runs a program. Node 20 has relaxed SIMD behind a flag. */
const TERMINALS: Readonly<Record<string, readonly string[]>> = {
  node: [...(process.version.startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : []), PROGRAM],
  bun: [PROGRAM],
  deno: ["run", PROGRAM],
};

async function bundle(): Promise<void> {
  const [baseline, relaxed] = await Promise.all([compileRoofline("baseline"), compileRoofline("relaxed")]);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  await build({
    config: false,
    silent: true,
    entry: { layers: "bench/engines/print.ts" },
    format: "esm",
    target: "es2022",
    platform: "browser",
    outDir: "build/engines",
    outExtension: () => ({ js: ".mjs" }),
    define: { ROOFLINES: JSON.stringify({ baseline: base64(baseline), relaxed: base64(relaxed) }) },
  });
}

/** With the headers that give pages a finer clock. */
async function serve(): Promise<Server> {
  const page = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="layers.mjs"></script>';
  const server = createServer(({ url }, response) => {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", url === "/layers.mjs" ? "text/javascript" : "text/html");
    response.end(url === "/layers.mjs" ? readFileSync(PROGRAM) : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function inTerminal(name: string, args: readonly string[]): Measured & { version: string } {
  const { stdout: version, error } = spawnSync(name, ["--version"], { encoding: "utf8" });
  if (error) throw error;
  const { stdout, stderr, status } = spawnSync(name, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { version: version.split("\n")[0]?.trim() ?? "", ...(JSON.parse(stdout) as Measured) };
}

async function inPage(start: (typeof BROWSERS)[string], server: Server): Promise<Measured & { version: string }> {
  const browser = await start();
  try {
    const tab = await browser.tab();
    const { value, error } = await tab.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    if (error) throw new Error(error);
    return { version: browser.version, ...(value as Measured) };
  } finally {
    await browser.close();
  }
}

await bundle();
const server = await serve();
const engines: Record<string, Measured & { version: string }> = {};
const attempts = [
  ...Object.entries(TERMINALS).map(([name, args]) => [name, async () => inTerminal(name, args)] as const),
  ...Object.entries(BROWSERS).map(([name, start]) => [name, () => inPage(start, server)] as const),
];
for (const [name, attempt] of attempts) {
  try {
    const measured = await attempt();
    engines[name] = measured;
    const { version, build, roofline, layers } = measured;
    console.log(`${name} (${version}), ${build} build, roofline ${roofline.toFixed(1)} GFLOP/s`);
    const shares = Object.entries(layers).map(([layer, { share }]) => `${layer} ${(100 * share).toFixed(0)} %`);
    console.log(`  ${shares.join("  ")}`);
  } catch (error) {
    console.log(`${name}: not measured, ${String(error).split("\n")[0]}`);
  }
}
server.close();
mkdirSync("bench/results", { recursive: true });
const conditions = { date: new Date().toISOString().slice(0, 10), processor: cpus()[0]?.model };
writeFileSync(RESULTS, `${JSON.stringify({ ...conditions, engines }, null, 2)}\n`);
console.log(`written: ${RESULTS}`);
