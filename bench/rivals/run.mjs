/**
 * Times recurra beside other libraries, workload by workload: each contestant in a process (or a browser) of its own,
 * one after another in rounds whose order rotates, on one pinned core. Outputs are checked against float64 before and
 * after. Each workload replaces its former figures in the file of results, so that a run can be made in pieces.
 *
 * Usage: npm run bench:rivals -- [WORKLOAD…] [--contestants "a;b"] [--runs node,chromium,python] [--rounds 7]
 *        [--node PROGRAM] [--python PROGRAM] [--chromium PROGRAM] [--out FILE]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../machine.mjs";
import { bundle, serve } from "./browser.mjs";
import { CONTESTANTS } from "./contestants.mjs";
import { start } from "./start.mjs";
import { median } from "./timing.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** A difference from float64 that no contestant may show. */
const TOLERANCE = 1e-4;
/** A call that takes longer is timed by its two checks alone. */
const SLOW_SECONDS = 3;
const WARMUP_SECONDS = 0.6;
const ROUND_SECONDS = 0.08;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    contestants: { type: "string" },
    runs: { type: "string", default: "node,chromium,python" },
    rounds: { type: "string", default: "7" },
    node: { type: "string", default: process.execPath },
    python: { type: "string", default: "python3" },
    chromium: { type: "string", default: "chromium" },
    out: { type: "string", default: "bench/results/rivals.json" },
  },
});
const workloads = JSON.parse(readFileSync(join(root, "bench/workloads.json"), "utf8"));
const wanted = positionals.length > 0 ? positionals : Object.keys(workloads);
const unknown = wanted.filter((name) => !(name in workloads));
if (unknown.length > 0) {
  throw new Error(`bench:rivals: expected some of ${Object.keys(workloads)}, got ${unknown}`);
}
const runs = options.runs.split(",");
const names = options.contestants?.split(";");
const entries = CONTESTANTS.filter(({ name }) => !names || names.includes(name)).flatMap((contestant) =>
  contestant.runs.filter((run) => runs.includes(run)).map((run) => ({ ...contestant, run })),
);
const file = resolve(root, options.out);
mkdirSync(dirname(file), { recursive: true });

try {
  execFileSync(options.python, [join(root, "bench/rivals/models/make.py"), ...wanted], { stdio: ["ignore", 2, 2] });
} catch ({ message }) {
  const needed = "a Python that makes the models: --python, pip install -r bench/rivals/requirements.txt";
  console.error(`bench:rivals: expected ${needed}, got ${message}`);
  process.exit(1);
}
const paged = entries.filter(({ run }) => run === "chromium");
/** Why a contestant has no script for a page: what it is made of is not installed. */
const unbundled = new Map();
for (const { file: name } of paged) await bundle([name]).catch((error) => unbundled.set(name, error));
const server = paged.length > 0 ? await serve() : undefined;

/** Starts and loads a contestant: what it is with its connection, or why it is left out. */
async function enter(entry, workload) {
  let connection;
  try {
    if (entry.run === "chromium" && unbundled.has(entry.file)) throw unbundled.get(entry.file);
    connection = await start(entry, { ...options, port: server?.port });
    open.add(connection);
    const { info } = await connection.ask({ order: "load", workload });
    return { entry, connection, info, checks: [], rounds: [] };
  } catch (error) {
    return leaveOut({ entry, connection }, workload, error);
  }
}

async function check(one, workload) {
  try {
    const before = await one.connection.ask({ order: "check" });
    mustBeRight(before, "before");
    one.checks.push(before);
    return one;
  } catch (error) {
    return leaveOut(one, workload, error);
  }
}

async function leaveOut({ entry, connection }, workload, error) {
  await connection?.close();
  const lines = String(error.message).trim().split("\n");
  const reason = (lines.find((line) => /Error\b|ERROR\b/.test(line)) ?? lines[0]).trim();
  console.log(`${workload}: ${entry.name} (${entry.run}) is left out: ${reason}`);
  return { entry, skipped: reason };
}

function mustBeRight({ difference }, when) {
  if (!(difference < TOLERANCE)) throw new Error(`${when} timing: expected within ${TOLERANCE}, got ${difference}`);
}

async function leave(one) {
  const after = await one.connection.ask({ order: "check" });
  one.checks.push(after);
  const { bytes } = await one.connection.ask({ order: "memory" });
  await one.connection.close();
  open.delete(one.connection);
  mustBeRight(after, "after");
  const readings = one.rounds.length > 0 ? one.rounds : one.checks.map(({ seconds }) => seconds);
  const middle = median(readings);
  return {
    ...identity(one.entry),
    version: one.connection.version,
    info: one.info,
    median: middle,
    best: Math.min(...readings),
    spread: (Math.max(...readings) - Math.min(...readings)) / middle,
    readings: readings.length,
    difference: Math.max(...one.checks.map(({ difference }) => difference)),
    peakMemory: bytes,
  };
}

const identity = ({ name, run, native }) => ({ name, run, ...(native && { native }) });

async function race(workload) {
  const isAlone = ({ variants }) => Boolean(variants);
  const all = await Promise.all(entries.filter((e) => !isAlone(e)).map((entry) => enter(entry, workload)));
  for (const entry of entries.filter(isAlone)) all.push(await enter(entry, workload));
  for (const [k, one] of all.entries()) if (!one.skipped) all[k] = await check(one, workload);
  const racing = all.filter(({ skipped }) => !skipped);
  const timed = [];
  for (const one of racing) {
    if (one.checks[0].seconds > SLOW_SECONDS) continue;
    await one.connection.ask({ order: "time", seconds: WARMUP_SECONDS });
    timed.push(one);
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (let k = 0; k < timed.length; k++) {
      const one = timed[(k + round) % timed.length];
      one.rounds.push((await one.connection.ask({ order: "time", seconds: ROUND_SECONDS })).seconds);
    }
  }
  const results = [];
  for (const one of racing) results.push(await leave(one));
  for (const { entry, skipped } of all) if (skipped) results.push({ ...identity(entry), skipped });
  return results;
}

/** Whoever ends this run ends its processes and browsers with it. */
const open = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await Promise.allSettled([...open].map((connection) => connection.close()));
    process.exit(1);
  });
}

for (const workload of wanted) {
  const results = await race(workload);
  const kept = read(file);
  kept.workloads[workload] = { ...machine(root), results };
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  for (const { name, run, median: seconds, spread, info, skipped } of results) {
    if (!skipped)
      console.log(workload.padEnd(6), `${name} (${run}${info ? `, ${info}` : ""})`.padEnd(50), show(seconds, spread));
  }
}
server?.close();

function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { workloads: {} };
  }
}

function show(seconds, spread) {
  const time = seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} µs` : `${(seconds * 1e3).toFixed(2)} ms`;
  return `${time.padStart(11)} ± ${(50 * spread).toFixed(0)} %`;
}
