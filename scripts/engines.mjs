/**
 * Runs test/engines/print_hashes.ts on every engine found in PATH and compares the hashes with
 * test/engines/golden.json: one for the baseline build everywhere, one for the relaxed build wherever multiply-add is
 * fused, which is that of the wide build too, where vectors are joined. `--update` writes the file anew, after all
 * engines have agreed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { useNodeKernels } from "./node_kernels.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const GOLDEN = "test/engines/golden.json";
const PROGRAM = "build/engines/hashes.mjs";

await build({
  config: false,
  silent: true,
  entry: { hashes: "test/engines/print_hashes.ts" },
  format: "esm",
  target: "es2022",
  outDir: "build/engines",
  outExtension: () => ({ js: ".mjs" }),
  esbuildPlugins: [useNodeKernels],
});

/** Node 20 has relaxed SIMD behind a flag. */
const flags = process.version.startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : [];
/** Joins vectors, in optimised code alone: that is asked for from the first call on. */
const JOIN = ["--experimental-wasm-revectorize", "--no-liftoff"];
const joins = Number.parseInt(process.versions.node, 10) >= 24 && process.arch === "x64";
/** Each engine, and how it runs a program. */
const engines = [
  ["node", [...flags, PROGRAM]],
  ...(joins ? [["node", [...JOIN, PROGRAM]]] : []),
  ["bun", [PROGRAM]],
  ["deno", ["run", PROGRAM]],
];

let golden = JSON.parse(readFileSync(GOLDEN, "utf8"));
if (process.argv.includes("--update")) golden = {};
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, args] of engines) {
  const version = spawnSync(name, ["--version"], { encoding: "utf8" });
  if (version.error) {
    console.log(`${name}: not here, skipped`);
    counts.skipped++;
    continue;
  }
  const { stdout, stderr, status } = spawnSync(name, args, { encoding: "utf8" });
  const hashes = status === 0 ? JSON.parse(stdout) : {};
  for (const build of ["baseline", "relaxed"]) if (hashes[build]) golden[build] ??= hashes[build];
  const isWhole = hashes.baseline !== undefined && (hashes.wide !== undefined) === args.includes(JOIN[0]);
  const wanted = { ...golden, wide: golden.relaxed };
  const right = isWhole && Object.entries(hashes).every(([name, hash]) => hash === wanted[name]);
  counts[right ? "passed" : "failed"]++;
  const told = status === 0 ? JSON.stringify(hashes) : stderr.split("\n").slice(0, 5).join("\n");
  console.log(`${name} (${version.stdout.split("\n")[0].trim()}): ${right ? "equal" : "DIFFERENT"} ${told}`);
}
if (process.argv.includes("--update") && counts.failed === 0) {
  writeFileSync(GOLDEN, `${JSON.stringify(golden, null, 2)}\n`);
}
if (process.env.REPORTS) {
  const report = { numPassedTests: counts.passed, numFailedTests: counts.failed, numPendingTests: counts.skipped };
  writeFileSync(join(process.env.REPORTS, "engines.json"), JSON.stringify(report));
}
console.log(`engines: ${counts.passed} equal, ${counts.failed} different, ${counts.skipped} not here`);
if (counts.failed > 0) process.exitCode = 1;
