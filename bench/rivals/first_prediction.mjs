/**
 * The first prediction of a page, from the navigation to the number: a browser with a new profile for each reading,
 * contestants in rotated order, from this machine at once and over a slower line; medians.
 * Usage: node bench/rivals/first_prediction.mjs [--chromium PROGRAM] [--rounds 7]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../machine.mjs";
import { bundle, launch, serve } from "./browser.mjs";
import { CONTESTANTS } from "./contestants.mjs";
import { found } from "./start.mjs";
import { median } from "./timing.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values: options } = parseArgs({
  options: {
    chromium: { type: "string", default: "chromium" },
    rounds: { type: "string", default: "7" },
    workload: { type: "string", default: "L1" },
  },
});
/** A larger difference is a wrong answer. */
const CLOSE = 1e-4;
/** Bits a second and milliseconds there and back; undefined is this machine's own. */
const LINES = { local: undefined, line: { megabits: 10, latency: 40 } };

const rivals = CONTESTANTS.filter(({ runs }) => runs.includes("chromium"));
const contestants = [{ name: "empty page", file: "" }, ...rivals];
await bundle(rivals.map(({ file }) => file));
const server = await serve();
let version;

async function reading(file, line) {
  const browser = await launch(found(options.chromium));
  try {
    version = (await browser.version()).replace("Headless", "");
    const page = await browser.newPage();
    if (line) {
      const speed = (line.megabits * 1e6) / 8;
      await page.emulateNetworkConditions({ download: speed, upload: speed, latency: line.latency });
    }
    await page.goto(`http://127.0.0.1:${server.port}/first.html?workload=${options.workload}&contestant=${file}`);
    const { milliseconds, worst, error } = await page.evaluate("window.first");
    if (error) throw new Error(`${file}: ${error}`);
    if (!(worst < CLOSE)) throw new Error(`${file}: its answer differs by ${worst}`);
    return milliseconds;
  } finally {
    await browser.close();
  }
}

const readings = contestants.map(() => ({ local: [], line: [] }));
for (let round = 0; round < Number(options.rounds); round++) {
  for (let turn = 0; turn < contestants.length; turn++) {
    const k = (turn + round) % contestants.length;
    for (const [name, line] of Object.entries(LINES)) {
      readings[k][name].push(await reading(contestants[k].file, line));
    }
  }
}
server.close();

const results = contestants.map(({ name }, k) => ({
  name,
  local: median(readings[k].local),
  line: median(readings[k].line),
}));
const { workload, rounds } = options;
const told = { ...machine(root), engine: version, workload, rounds: Number(rounds), line: LINES.line, results };
mkdirSync(join(root, "bench/results"), { recursive: true });
writeFileSync(join(root, "bench/results/first.json"), `${JSON.stringify(told, null, 1)}\n`);
for (const { name, local, line } of results) {
  console.log(`${name.padEnd(20)} ${local.toFixed(0)} ms, ${line.toFixed(0)} ms over the line`);
}
