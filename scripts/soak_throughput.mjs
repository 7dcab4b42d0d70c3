/**
 * Predictions through batcher and pool under random load, with aborts, bad samples and killed workers; every answer is
 * compared with what `predict` gave, bit by bit on the baseline build. Needs `npm run build`.
 * Usage: node scripts/soak_throughput.mjs [--calls 10000000] [--seed 1] [--library dist/index.js] [--record]
 * Prints progress, duration and rate; fails at the first wrong answer, at a call without one, and when memory grows.
 * With `--record`, `npm run bench:report` tells of it in the README.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../bench/machine.mjs";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10000000" },
    seed: { type: "string", default: "1" },
    library: { type: "string", default: join(import.meta.dirname ?? "scripts", "../dist/index.js") },
    worker: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const calls = Number(values.calls);
const recurra = await import(pathToFileURL(values.library).href);
const { configure, createBatcher, createPool, layers, runtime, sequential, tensor } = recurra;
configure({ build: "baseline" });

/** A linear congruential generator modulo 2^32 (Numerical Recipes): whole numbers below `below`. */
let state = Number(values.seed) >>> 0;
function roll(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const IDS = 50;
const WINDOWS = 256;
const STREAMS = 64;
const model = sequential({
  layers: [layers.embedding({ inputDim: IDS, outputDim: 8, inputShape: [null] }), layers.lstm({ units: 16 })],
});
const windows = Array.from({ length: WINDOWS }, () => {
  const length = 1 + roll(8);
  const ids = tensor(
    Int32Array.from({ length }, () => roll(IDS)),
    [length],
  );
  return { ids, wanted: model.predict(tensor(ids.data, [1, length])).data };
});
const bad = tensor(Int32Array.of(1, IDS, 2), [3]);
const batch = tensor(
  Int32Array.from({ length: 64 * 5 }, () => roll(IDS)),
  [64, 5],
);
const wantedBatch = model.predict(batch).data;

const pool = await createPool(model, { threads: 2, worker: values.worker && pathToFileURL(values.worker) });
const batcher = createBatcher(pool, { maxBatch: 64, maxQueue: 1400 });
const streams = Array.from({ length: STREAMS }, () => ({
  together: batcher.createStream(),
  alone: model.createStream(),
}));
/** Bytes in use, in this thread's memory and in the one that the pool shares. */
const used = () => runtime().used + (pool.here?.engine.arena.liveBytes ?? 0);
const counts = { right: 0, aborted: 0, refused: 0, busy: 0, died: 0, killed: 0 };

function fail(what) {
  console.error(`soak: ${what} (seed ${values.seed})`);
  process.exit(1);
}

function compare(what, got, wanted) {
  const same = got.length === wanted.length && got.every((value, k) => Object.is(value, wanted[k]));
  if (!same) fail(`${what}: a wrong answer`);
  counts.right++;
}

/** One call; resolves when it has its answer, which must be right or the error that it had to be. */
async function call() {
  const kind = roll(1000);
  const control = roll(20) === 0 ? new AbortController() : undefined;
  const options = control ? { signal: control.signal } : {};
  const expected = { window: windows[roll(WINDOWS)], stream: streams[roll(STREAMS)], id: roll(IDS) };
  let promise;
  let check;
  if (kind < 2) {
    promise = pool.predict(batch, options);
    check = (y) => compare("pool", y.data, wantedBatch);
  } else if (kind < 12) {
    promise = batcher.predict(bad, options);
    check = () => fail("batcher: an answer for a bad sample");
  } else if (kind < 500) {
    promise = batcher.predict(expected.window.ids, options);
    check = (y) => compare("batcher", y.data, expected.window.wanted);
  } else {
    // An aborted step leaves the state as it was, so the stream alone takes only what was answered, in that order.
    promise = expected.stream.together.step([expected.id], options);
    check = (y) => compare("stream", y, expected.stream.alone.step([expected.id]));
  }
  if (control && roll(2) === 0) control.abort("aborted");
  else if (control) setImmediate(() => control.abort("aborted"));
  try {
    check(await promise);
  } catch (e) {
    if (e === "aborted" && control) counts.aborted++;
    else if (e?.code === "busy") counts.busy++;
    else if (e?.code === "argument" && kind >= 2 && kind < 12) counts.refused++;
    else if (e?.code === "worker" && kind < 2) counts.died++;
    else fail(`an unexpected error: ${e?.stack ?? e}`);
  }
}

const start = performance.now();
let done = 0;
let memory = 0;
while (done < calls) {
  const burst = Math.min(calls - done, 1 + roll(1500));
  const answers = Array.from({ length: burst }, call);
  if (roll(12) === 0) {
    const workers = [...pool.crew.members].filter(({ isReady }) => isReady);
    workers[roll(workers.length || 1)]?.handle.terminate();
    counts.killed++;
  }
  await Promise.all(answers);
  const before = done;
  done += burst;
  if (memory === 0 && done > Math.min(calls / 10, 100_000)) memory = used();
  if (memory > 0 && used() > memory * 1.05) fail(`memory grew from ${memory} to ${used()} bytes`);
  if (Math.floor(before / 1e6) < Math.floor(done / 1e6)) console.log(`${done} calls, ${JSON.stringify(counts)}`);
}
await batcher.close();
await pool.close();
const answered = counts.right + counts.aborted + counts.refused + counts.busy + counts.died;
if (answered !== calls) fail(`${calls} calls, but ${answered} answers`);
if (batcher.stats().queued !== 0) fail("calls that still wait");
const seconds = (performance.now() - start) / 1e3;
const rate = Math.round(calls / seconds);
console.log(`${calls} calls, seed ${values.seed}: ${seconds.toFixed(1)} s, ${rate} calls/s, ${JSON.stringify(counts)}`);
console.log(`WebAssembly memory in use ${runtime().used} bytes, process ${process.memoryUsage().rss >> 20} MB`);
if (values.record) {
  const found = { ...machine(), calls, seed: Number(values.seed), seconds, rate, counts };
  writeFileSync("bench/results/soak.json", `${JSON.stringify(found, null, 1)}\n`);
}
