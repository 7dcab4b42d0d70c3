/**
 * Bundles bench/*.bench.ts into build/bench and runs them one after another.
 * Usage: npm run bench [NAME…]; NAME is the part of the file before `.bench.ts`.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const known = readdirSync("bench").flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? []);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`bench: expected some of ${known.join(", ")}, got ${unknown.join(", ")}`);

await build({
  config: false,
  silent: true,
  clean: true,
  entry: known.map((name) => `bench/${name}.bench.ts`),
  format: "esm",
  target: "es2022",
  outDir: "build/bench",
  outExtension: () => ({ js: ".mjs" }),
  external: ["benny", "tsup"],
});
for (const name of wanted.length > 0 ? wanted : known) {
  // Node 20 has relaxed SIMD behind a flag, which later versions no longer know.
  const flags = process.version.startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : [];
  const { status } = spawnSync("node", [...flags, `build/bench/${name}.bench.mjs`], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
