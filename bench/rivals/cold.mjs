/**
 * Cold start: from an empty process to the first prediction, by starting many processes, each contestant's beside an
 * empty one, in rotated order. Usage: node bench/rivals/cold.mjs [--node PROGRAM] [--rounds 15] [--contestants "a;b"]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../machine.mjs";
import { CONTESTANTS } from "./contestants.mjs";
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
);
const version = spawnSync(options.node, ["--version"], { encoding: "utf8" }).stdout.trim();

/** Milliseconds of a process, and those that it counted itself from its first line on. */
function run(file) {
  const args = [join(root, "bench/rivals/cold_process.mjs"), options.workload, ...(file ? [file] : [])];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(options.node, args, { encoding: "utf8" });
  const whole = performance.now() - start;
  if (status !== 0) throw new Error(`${file ?? "empty"}: ${stderr.trim().split("\n").at(-1)}`);
  return { whole, own: Number(stdout.trim().split("\n").at(-1)) };
}

const all = [{ name: "empty process" }, ...contestants].map((one) => ({ ...one, readings: [] }));
for (let round = 0; round < Number(options.rounds); round++) {
  for (let k = 0; k < all.length; k++) {
    const one = all[(k + round) % all.length];
    one.readings.push(run(one.file));
  }
}
const whole = (one) => median(one.readings.map((reading) => reading.whole));
const empty = whole(all[0]);
const results = all.slice(1).map((one) => ({
  name: one.name,
  moreThanEmpty: whole(one) - empty,
  importToPrediction: median(one.readings.map(({ own }) => own)),
}));
const file = join(root, options.out);
mkdirSync(join(file, ".."), { recursive: true });
const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
kept[version] = {
  ...machine(root),
  engine: `Node ${version.slice(1)}`,
  rounds: Number(options.rounds),
  empty,
  results,
};
writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
console.log(`Node ${version}, ${options.workload}: an empty process takes ${empty.toFixed(1)} ms`);
for (const { name, moreThanEmpty, importToPrediction } of results) {
  console.log(`${name.padEnd(20)} ${moreThanEmpty.toFixed(1)} ms more, ${importToPrediction.toFixed(1)} ms inside`);
}
