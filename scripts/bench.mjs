/**
 * Bundles bench/*.bench.ts into build/bench and runs them one after another; what they find goes to
 * bench/results/node-N.json (N the version of Node).
 * Usage: npm run bench [-- NAME…] [--compare OLD.json]; NAME is the part of the file before `.bench.ts`. With
 * `--compare`, the medians are told as ratios to those of an older file, and the exit code is 1 when one is slower by
 * more than both spreads.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "tsup";
import { compare } from "./compare_bench.mjs";
import { useNodeKernels } from "./node_kernels.mjs";

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { compare: { type: "string" } },
});
const old = options.compare && JSON.parse(readFileSync(resolve(options.compare), "utf8"));
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const known = readdirSync("bench").flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? []);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`bench: expected some of ${known.join(", ")}, got ${unknown.join(", ")}`);

rmSync("build/bench", { recursive: true, force: true });
await build({
  config: false,
  silent: true,
  entry: known.map((name) => `bench/${name}.bench.ts`),
  format: "esm",
  target: "es2022",
  outDir: "build/bench",
  outExtension: () => ({ js: ".mjs" }),
  external: ["benny", "puppeteer-core", "tsup"],
  esbuildPlugins: [useNodeKernels],
});
for (const name of wanted.length > 0 ? wanted : known) {
  // Node 20 has relaxed SIMD behind a flag, which later versions no longer know.
  const flags = process.version.startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : [];
  const { status } = spawnSync(process.execPath, [...flags, `build/bench/${name}.bench.mjs`], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

const found = existsSync("build/bench/results")
  ? readdirSync("build/bench/results").map((file) => JSON.parse(readFileSync(`build/bench/results/${file}`, "utf8")))
  : [];
const file = `bench/results/node-${process.versions.node.split(".")[0]}.json`;
mkdirSync(dirname(file), { recursive: true });
const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
for (const suite of found) kept[`${suite.suite}, ${suite.build}`] = suite;
writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
if (old && compare(old, Object.fromEntries(found.map((suite) => [`${suite.suite}, ${suite.build}`, suite])))) {
  process.exitCode = 1;
}
