/**
 * Damaged files of every format, many more than `npm test` tries: each must give an error of this library or a sound
 * model, within the limits of time and memory.
 * Usage: npm run fuzz -- [--count FILES] [--seed FIRST] [--threads N] [FORMAT…]; the files are those of
 * test/formats/fuzz, and `--seed S --count 1 FORMAT` makes one of them again.
 */
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { SingleBar } from "cli-progress";
import { build } from "tsup";

/** Of one file, in processor time; the second is the peak of the whole process. */
const [MOST_SECONDS, MOST_MEGABYTES] = [10, 1024];
/** Heap of one thread. */
const HEAP_MEGABYTES = 512;

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "0" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});
const [count, first, threads] = [values.count, values.seed, values.threads].map(Number);

await build({
  config: false,
  silent: true,
  entry: { fuzz: "test/formats/fuzz/worker.ts", formats: "test/formats/fuzz/formats.ts" },
  format: "esm",
  target: "es2022",
  outDir: "build/fuzz",
  outExtension: () => ({ js: ".mjs" }),
  esbuildOptions: (options) => {
    options.alias = { "#platform": join(process.cwd(), "src/platform/node.ts") };
  },
});
const { FORMATS } = await import("../build/fuzz/formats.mjs");
const formats = positionals.length > 0 ? positionals : Object.keys(FORMATS);
const odd = formats.find((format) => !Object.hasOwn(FORMATS, format));
if (odd !== undefined || ![count, first, threads].every(Number.isSafeInteger)) {
  console.error(
    `fuzz: expected whole numbers and formats of ${Object.keys(FORMATS).join(", ")}, got ${odd ?? "others"}`,
  );
  process.exit(2);
}

/** Processor time of all threads: a machine that is busy with other work makes no file hang. */
function busySeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Runs the files from `seed` to `end` in a thread; a thread that hangs or dies is a finding, and another goes on. */
function runThread(format, seed, end, told) {
  return new Promise((resolve) => {
    const progress = new Int32Array(new SharedArrayBuffer(4)).fill(seed);
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MEGABYTES };
    const workerData = { format, seed, end, progress, mostMegabytes: MOST_MEGABYTES };
    const worker = new Worker("./build/fuzz/fuzz.mjs", { workerData, resourceLimits });
    let [last, since, died] = [seed, busySeconds(), ""];
    const watch = setInterval(() => {
      if (progress[0] !== last) [last, since] = [progress[0], busySeconds()];
      else if (busySeconds() - since > MOST_SECONDS * threads) {
        died = `no end within ${MOST_SECONDS} s`;
        void worker.terminate();
      }
    }, 250);
    worker.on("message", told);
    worker.on("error", (error) => {
      died = error.message;
    });
    worker.on("exit", () => {
      clearInterval(watch);
      const at = progress[0];
      if (died) told({ seed: at, finding: died });
      resolve(died && at + 1 < end ? runThread(format, at + 1, end, told) : undefined);
    });
  });
}

async function run(format) {
  const [start, outcomes, findings] = [Date.now(), {}, new Map()];
  const bar = process.stderr.isTTY && new SingleBar({ format: `${format} {bar} {value}/{total} {eta_formatted}` });
  if (bar) bar.start(count, 0);
  let megabytes = 0;
  const told = (message) => {
    if (message.finding) findings.set(message.finding, [...(findings.get(message.finding) ?? []), message.seed]);
    for (const [outcome, files] of Object.entries(message.outcomes ?? {})) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + files;
      if (bar) bar.increment(files);
    }
    megabytes = Math.max(megabytes, message.megabytes ?? 0);
  };
  const each = Math.ceil(count / threads);
  const starts = Array.from({ length: threads }, (_, k) => first + k * each).filter((seed) => seed < first + count);
  await Promise.all(starts.map((seed) => runThread(format, seed, Math.min(seed + each, first + count), told)));
  if (bar) bar.stop();
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `${format}: ${count} files from seed ${first} in ${seconds} s, ${JSON.stringify(outcomes)}, ${megabytes} MB`,
  );
  for (const [finding, seeds] of findings) {
    console.log(`${format}, seed ${seeds[0]}, and ${seeds.length - 1} more: ${finding}`);
  }
  return findings.size;
}

let found = 0;
for (const format of formats) found += await run(format);
console.log(`${found} findings`);
if (found > 0) process.exitCode = 1;
