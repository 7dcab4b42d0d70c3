/**
 * Cold start: from an empty process to the first prediction, by starting many processes, each contestant's beside an
 * empty one, in rotated order; the parts of recurra's; and what a warm-up does.
 * Usage: node bench/rivals/cold.mjs [--node PROGRAM] [--rounds 15] [--contestants "a;b"]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../machine.mjs";
import { CONTESTANTS } from "./contestants.mjs";
import { bundleProgram, coldParts } from "./parts.mjs";
import { median } from "./timing.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values: options } = parseArgs({
  options: {
    node: { type: "string", default: process.execPath },
    rounds: { type: "string", default: "15" },
    contestants: { type: "string" },
    workload: { type: "string", default: "L1" },
    out: { type: "string", default: "bench/results/cold.json" },
  },
});
const names = options.contestants?.split(";");
const contestants = CONTESTANTS.filter(
  ({ name, runs, nodeFlags }) => runs.includes("node") && !nodeFlags && (!names || names.includes(name)),
).map(({ name, file }) => ({ name, program: String(new URL(`contestants/${file}.mjs`, import.meta.url)) }));
const version = spawnSync(options.node, ["--version"], { encoding: "utf8" }).stdout.trim();

/** What is written for this run: a bundle, and the code that Node compiled. */
const folder = mkdtempSync(join(tmpdir(), "recurra-cold-"));
const own = contestants.find(({ name }) => name === "recurra");
const bundle = join(folder, "bundle.mjs");
if (own) await bundleProgram(bundle);
if (own && options.workload === "L1") {
  contestants.push({ name: "recurra, bundled", program: String(pathToFileURL(bundle)) });
}
// Node keeps compiled code from version 22 on; the first run fills the folder.
if (own && Number(version.slice(1).split(".")[0]) >= 22) {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  for (const { name, program } of contestants.filter(({ name }) => name.startsWith("recurra"))) {
    contestants.push({ name: `${name}, with NODE_COMPILE_CACHE`, program, env });
    run(program, env);
  }
}

/** Milliseconds of a process, and those that it counted itself from its first line on. */
function run(program, env = process.env) {
  const args = [join(root, "bench/rivals/cold_process.mjs"), options.workload, ...(program ? [program] : [])];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(options.node, args, { encoding: "utf8", env });
  const whole = performance.now() - start;
  if (status !== 0) throw new Error(`${program ?? "empty"}: ${stderr.trim().split("\n").at(-1)}`);
  return { whole, own: Number(stdout.trim().split("\n").at(-1)) };
}

const all = [{ name: "empty process" }, ...contestants].map((one) => ({ ...one, readings: [] }));
for (let round = 0; round < Number(options.rounds); round++) {
  for (let k = 0; k < all.length; k++) {
    const one = all[(k + round) % all.length];
    one.readings.push(run(one.program, one.env));
  }
}
const whole = (one) => median(one.readings.map((reading) => reading.whole));
const empty = whole(all[0]);
const results = all.slice(1).map((one) => ({
  name: one.name,
  moreThanEmpty: whole(one) - empty,
  importToPrediction: median(one.readings.map(({ own }) => own)),
}));
const parts = own && (await coldParts(options.node, Number(options.rounds), join(root, "dist"), bundle));
rmSync(folder, { recursive: true });

/** Seconds of the first call, of the calls after a warm-up and of later ones: medians of some processes. */
function warmUp(workload) {
  const readings = Array.from({ length: 5 }, () => {
    const args = [join(root, "bench/rivals/warm_process.mjs"), workload];
    return JSON.parse(spawnSync(options.node, args, { encoding: "utf8" }).stdout);
  });
  const of = (key) => median(readings.map((reading) => reading[key]));
  return { workload, first: of("first"), next: of("next"), later: of("later") };
}

const file = join(root, options.out);
mkdirSync(join(file, ".."), { recursive: true });
const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
kept[version] = {
  ...machine(root),
  engine: `Node ${version.slice(1)}`,
  rounds: Number(options.rounds),
  empty,
  results,
  parts,
  warmups: own ? ["TINY", "L1", "L64"].map(warmUp) : [],
};
writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
console.log(`Node ${version}, ${options.workload}: an empty process takes ${empty.toFixed(1)} ms`);
for (const { name, moreThanEmpty, importToPrediction } of results) {
  console.log(`${name.padEnd(20)} ${moreThanEmpty.toFixed(1)} ms more, ${importToPrediction.toFixed(1)} ms inside`);
}
for (const [name, times] of Object.entries(parts ?? {})) console.log(name, times);
for (const { workload, first, next, later } of kept[version].warmups) {
  const times = [first, next, later].map((seconds) => `${(1e6 * seconds).toFixed(1)} µs`);
  console.log(`${workload}: first call ${times[0]}, after a warm-up ${times[1]}, two seconds later ${times[2]}`);
}
