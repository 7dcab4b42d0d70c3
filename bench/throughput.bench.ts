/**
 * Batcher and pool against the same work one by one, in the same minutes: steps a second, latencies, and what a second
 * thread gives, also while another process takes a core. Answers are compared before anything is timed.
 */

import { spawn } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { bidirectional } from "../src/layers/bidirectional";
import type { Layer, Result } from "../src/layers/layer";
import { gru } from "../src/layers/recurrent/gru";
import { lstm } from "../src/layers/recurrent/lstm";
import { sequential } from "../src/models/sequential";
import type { Tensor } from "../src/tensor";
import { createBatcher } from "../src/throughput/batcher";
import { createPool } from "../src/throughput/pool";
import { sharedEngine } from "../src/wasm/engine";
import { seeded } from "./seeded";
import { recurrentShapes, type Shape, WORKLOADS, type Workload } from "./shapes";
import { workerBundle } from "./worker_bundle";

const ROUNDS = 15;
const STREAMS = 1000;
const INPUT = 64;

/** Seconds a run; `processor` counts those of all threads, and not those in which other processes had the core. */
interface Timing {
  readonly best: number;
  readonly median: number;
  readonly processor: number;
}

/** Times several ways to do the same work, one after another in every round. */
async function compare(ways: readonly (() => unknown)[]): Promise<Timing[]> {
  const samples: { wall: number; processor: number }[][] = ways.map(() => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [k, way] of ways.entries()) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await way();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) samples[k]?.push({ wall: (performance.now() - start) / 1e3, processor: (user + system) / 1e6 });
    }
  }
  const sorted = (all: number[]) => all.sort((x, y) => x - y);
  return samples.map((all) => {
    const wall = sorted(all.map((sample) => sample.wall));
    const processor = sorted(all.map((sample) => sample.processor));
    const middle = all.length >> 1;
    return { best: wall[0] as number, median: wall[middle] as number, processor: processor[middle] as number };
  });
}

function mustBeSame(what: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  for (let k = 0; k < b.length; k++) {
    const [x, y] = [a[k] as number, b[k] as number];
    if (!(Math.abs(x - y) < 1e-5)) throw new Error(`${what}: expected ${y} at ${k}, got ${x}`);
  }
}

/** 1,000 live streams: one at a time, and through a batcher. */
async function streams(units: number): Promise<void> {
  const m = sequential({ layers: [lstm({ units, inputShape: [null, INPUT] })] });
  const frames = Array.from({ length: STREAMS }, (_, k) => seeded([INPUT], k, 1).data as Float32Array);
  const alone = frames.map(() => m.createStream());
  const batcher = createBatcher(m);
  const together = frames.map(() => batcher.createStream());
  const [wanted, outs] = [0, 1].map(() => frames.map(() => new Float32Array(units))) as [
    Float32Array[],
    Float32Array[],
  ];
  const oneByOne = () => alone.map((stream, k) => stream.step(frames[k] as Float32Array, wanted[k]));
  const all = () => Promise.all(together.map((stream, k) => stream.step(frames[k] as Float32Array, { out: outs[k] })));
  oneByOne();
  await all();
  outs.forEach((y, k) => {
    mustBeSame(`stream ${k}`, y, wanted[k] as Float32Array);
  });
  const [one, many] = (await compare([oneByOne, all])) as [Timing, Timing];
  const { latencyMs, batchSize } = batcher.stats();
  console.log(`${STREAMS} streams, LSTM ${INPUT} -> ${units}, batches of ${batchSize.mean.toFixed(0)}`);
  ratio("one at a time", one, "batcher", many, STREAMS, "steps/s");
  const show = (ms: number) => `${ms.toFixed(2)} ms`;
  console.log(`  latency when all come at once: p50 ${show(latencyMs.p50)}, p99 ${show(latencyMs.p99)}`);
  await batcher.close();
}

function ratio(a: string, first: Timing, b: string, second: Timing, count: number, unit: string): void {
  const rate = (seconds: number) => (count / seconds).toFixed(0);
  console.log(`  ${a}: ${rate(first.median)} ${unit}, ${b}: ${rate(second.median)} ${unit}`);
  const times = (key: keyof Timing) => (first[key] / second[key]).toFixed(2);
  console.log(
    `  ratio of medians ${times("median")}, of best ${times("best")}, of processor time ${times("processor")}`,
  );
}

const worker = await workerBundle();

/** One thread (the caller's own) against a pool of two: alone, and beside a process that takes a core. */
async function threads(name: string): Promise<void> {
  const [shape] = recurrentShapes(WORKLOADS[name === "BI32" ? "L32" : name] as Workload);
  const { kind, batch, timesteps, inputDim, units, sequences } = shape as Shape;
  const options = { units, returnSequences: sequences, inputShape: [null, inputDim] };
  const both = () => bidirectional({ layer: lstm(options), inputShape: [null, inputDim] });
  const alone = (): Layer<Result> => (kind === "GRU" ? gru(options) : lstm(options));
  const m = sequential({ layers: [name === "BI32" ? both() : alone()] });
  m.build([null, null, inputDim]);
  const x = seeded([batch, timesteps, inputDim], 5, 1);
  const pool = await createPool(m, { threads: 2, worker });
  const wanted = m.predict(x) as Tensor;
  mustBeSame(name, (await pool.predict(x)).data, wanted.data);
  const ways = [() => m.predict(x), () => pool.predict(x)];
  const layer = `${name === "BI32" ? "Bidirectional " : ""}${kind} ${inputDim} -> ${units}`;
  console.log(`${name}, ${layer}, batch ${batch}, ${timesteps} timesteps`);
  const [one, two] = (await compare(ways)) as [Timing, Timing];
  ratio("predict", one, "pool of 2", two, batch, "samples/s");
  const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  try {
    const [oneBeside, twoBeside] = (await compare(ways)) as [Timing, Timing];
    ratio("beside a busy process: predict", oneBeside, "pool of 2", twoBeside, batch, "samples/s");
  } finally {
    busy.kill();
  }
  await pool.close();
}

const load = () =>
  loadavg()
    .map((l) => l.toFixed(1))
    .join(" ");
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${sharedEngine().build} build`);
console.log(`load before: ${load()} (processes that want a core beside this one)`);
for (const units of [128, 512]) await streams(units);
for (const name of ["L64", "BI32", "G64", "L1", "BIG1"]) await threads(name);
console.log(`load after: ${load()}`);
