/**
 * onnxruntime-node on two threads beside recurra: single calls, and steps of 1,000 live streams. Each contestant is a
 * process of its own, and they take turns: first answers are compared, then times.
 *
 *     python make.py build && node --experimental-wasm-relaxed-simd run.mjs build     (the flag on Node 20 alone)
 */
import { fork } from "node:child_process";
import { join } from "node:path";
import { runtime } from "recurra";
import { keep } from "../keep.mjs";
import { machine } from "../machine.mjs";
import { median } from "../rivals/timing.mjs";

const [folder = "build"] = process.argv.slice(2);
const STREAMS = 1000;
const TOLERANCE = 1e-4;
const ROUNDS = 15;
/** Milliseconds of a turn, and before it: threads of others that spin have gone to sleep. */
const TURN = 60;
const PAUSE = 25;

function start(kind) {
  const child = fork(join(import.meta.dirname, "contestant.mjs"), [folder, kind]);
  const ask = (message) =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`${kind} ended with code ${code}`)));
      child.send(message);
    }).finally(() => child.removeAllListeners("exit"));
  return { kind, ask, end: () => child.disconnect() };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** Milliseconds a run of each, and how many times as fast as the last one in the same round; medians. */
async function race(contestants, name, streams) {
  const answers = [];
  for (const { ask } of contestants) answers.push((await ask({ name, streams })).answer);
  for (const answer of answers) {
    const difference = answer.reduce((most, y, k) => Math.max(most, Math.abs(y - answers[0][k])), 0);
    if (!(difference < TOLERANCE)) throw new Error(`${name}: expected within ${TOLERANCE}, got ${difference}`);
  }
  const rounds = [];
  for (let round = -2; round < ROUNDS; round++) {
    const times = [];
    for (const { ask } of contestants) {
      await pause();
      times.push((await ask({ ms: TURN })).time);
    }
    if (round >= 0) rounds.push(times);
  }
  return contestants.map(({ kind }, k) => {
    const ratio = median(rounds.map((times) => times.at(-1) / times[k]));
    return { kind, ms: median(rounds.map((times) => times[k])), ratio };
  });
}

const all = Object.fromEntries(["recurra", "pool", "batcher", "onnxruntime"].map((kind) => [kind, start(kind)]));
const { recurra, pool, batcher, onnxruntime } = all;
const root = join(import.meta.dirname, "../..");
const { build } = runtime();
const found = { ...machine(root), calls: {}, streams: {} };
console.log(`${found.cpu}, ${found.engine}, ${build} build`);
for (const name of ["S1", "S2", "TINY", "L1", "BI1", "E2E1"]) {
  const contestants = name.startsWith("S") ? [recurra, onnxruntime] : [recurra, pool, onnxruntime];
  found.calls[name] = await race(contestants, name, 0);
  const cells = found.calls[name].map(
    ({ kind, ms, ratio }) =>
      `${kind} ${(1e3 * ms).toFixed(1)} µs${kind === "onnxruntime" ? "" : ` (${ratio.toFixed(2)})`}`,
  );
  console.log(`${name}: ${cells.join(", ")}`);
}
for (const name of ["S1", "S512"]) {
  found.streams[name] = await race([recurra, batcher, pool, onnxruntime], name, STREAMS);
  const cells = found.streams[name].map(
    ({ kind, ms, ratio }) => `${kind} ${Math.round((1e3 * STREAMS) / ms)} steps/s (${ratio.toFixed(2)})`,
  );
  console.log(`${STREAMS} streams of ${name}: ${cells.join(", ")}`);
}
console.log("In brackets: times as fast as onnxruntime-node. Streams: one at a time, batcher, batcher on the pool.");
for (const { end } of Object.values(all)) end();
keep(join(root, "bench/results/two_threads.json"), build, found);
