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
import { type Sequential, sequential } from "../src/models/sequential";
import { Tensor } from "../src/tensor";
import { createBatcher } from "../src/throughput/batcher";
import { createPool } from "../src/throughput/create_pool";
import { keep } from "./keep.mjs";
import { machine } from "./machine.mjs";
import { median } from "./median";
import { chosenBuild } from "./networks";
import { mustBeSame } from "./same";
import { seeded } from "./seeded";
import { recurrentShapes, type Shape, WORKLOADS, type Workload } from "./shapes";
import { workerBundle } from "./worker_bundle";

const ROUNDS = 21;
/** Milliseconds of a turn: callers that come one after another, not after a pause in which helpers fall asleep. */
const TURN = 60;
const STREAMS = 1000;
const BATCH = 128;
const INPUT = 64;
/** Timesteps of the sequences that tell what the kernels alone make of a batch: no caller, no state to fetch. */
const LENGTH = 32;
/** Largest difference between answers, which are the same bits on the baseline build alone. */
const TOLERANCE = 1e-5;

/** Seconds a run: the best turn, the median, and how many times as fast as the first way in the same round. */
interface Timing {
  readonly best: number;
  readonly median: number;
  readonly ratio: number;
}

/** Seconds a run of several ways to do the same work, round by round; all take their turns in every round. */
async function raced(ways: readonly (() => unknown)[]): Promise<number[][]> {
  const rounds: number[][] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const times: number[] = [];
    for (const way of ways) {
      const start = performance.now();
      let runs = 0;
      do {
        await way();
        runs++;
      } while (performance.now() - start < TURN);
      times.push((performance.now() - start) / 1e3 / runs);
    }
    if (round >= 0) rounds.push(times);
  }
  return rounds;
}

const ratioOf = (round: readonly number[], first: number, other: number) =>
  (round[first] as number) / (round[other] as number);

/** What came out for each way. */
function summed(rounds: readonly number[][]): Timing[] {
  return (rounds[0] as number[]).map((_, k) => {
    const times = rounds.map((round) => round[k] as number);
    return { best: Math.min(...times), median: median(times), ratio: median(rounds.map((r) => ratioOf(r, 0, k))) };
  });
}

const compare = async (ways: readonly (() => unknown)[]) => summed(await raced(ways));

const build = chosenBuild();
const worker = await workerBundle();
const found: { streams: object[]; pools: object[] } = { streams: [], pools: [] };

/** 1,000 live streams: one at a time, and through a batcher, on one thread and on two, beside what is possible. */
async function streams(units: number): Promise<void> {
  const m = sequential({ layers: [lstm({ units, inputShape: [null, INPUT] })] });
  const frames = Array.from({ length: STREAMS }, (_, k) => seeded([INPUT], k, 1).data as Float32Array);
  const alone = frames.map(() => m.createStream());
  const [wanted, outs] = [0, 1].map(() => frames.map(() => new Float32Array(units))) as [
    Float32Array[],
    Float32Array[],
  ];
  const oneByOne = () => alone.map((stream, k) => stream.step(frames[k] as Float32Array, wanted[k]));
  const pool = await createPool(m, { threads: 2, worker });
  const batchers = [createBatcher(m, { maxBatch: BATCH }), createBatcher(pool, { maxBatch: BATCH })];
  const ways = batchers.map((batcher) => {
    const live = frames.map(() => batcher.createStream());
    const each = () => Promise.all(live.map((stream, k) => stream.step(frames[k] as Float32Array, { out: outs[k] })));
    return { each, all: () => batcher.stepAll(live, frames, { out: outs }) };
  });
  oneByOne();
  for (const { each } of ways) {
    await each();
    outs.forEach((y, k) => {
      mustBeSame(`stream ${k}`, y, wanted[k] as Float32Array, TOLERANCE);
    });
  }
  const x = seeded([BATCH, LENGTH, INPUT], 7, 1);
  const cores = await apart({ m, x });
  const kernels = [cores.one, cores.two];
  const timings = await compare([oneByOne, ...ways.flatMap(({ each, all }) => [each, all]), ...kernels]);
  console.log(`${STREAMS} streams, LSTM ${INPUT} -> ${units}, batches of ${BATCH}`);
  const batched = ["step", "stepAll", "step, 2 threads", "stepAll, 2 threads"];
  const possible = ["kernels alone", "kernels alone, 2 threads apart"];
  ["one at a time", ...batched, ...possible].forEach((way, k) => {
    const { median, best, ratio } = timings[k] as Timing;
    const steps = possible.includes(way) ? BATCH * LENGTH : STREAMS;
    const row = { units, way, rate: steps / median, ratio: (ratio * steps) / STREAMS };
    const times = `${row.rate.toFixed(0)} steps/s, ${row.ratio.toFixed(2)} times`;
    console.log(`  ${way}: ${times}, best ${(steps / best).toFixed(0)}`);
    found.streams.push(row);
  });
  await cores.close();
  for (const [k, batcher] of batchers.entries()) {
    const { p50, p99 } = batcher.stats().latencyMs;
    console.log(`  ${k + 1} threads, all come at once: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
    found.streams.push({ units, way: `latency, ${k + 1} threads`, p50, p99 });
    await batcher.close();
  }
  await pool.close();
}

/** The names of the ways after the first. */
const POOLED = ["pool", "pool, with out", "two threads that share nothing"];
/** In rounds in which two threads that share nothing do so many times the work of one, nobody else had the cores. */
const FREE = 1.8;

function ratio(what: string, [first, ...others]: readonly Timing[]): void {
  const ms = ({ median }: Timing) => `${(1e3 * median).toFixed(median < 1e-3 ? 4 : 2)} ms`;
  const each = others.map((other, k) => `${POOLED[k]} ${ms(other)}, ${other.ratio.toFixed(2)} times`);
  console.log(`  ${what}: ${ms(first as Timing)}; ${each.join("; ")}`);
}

/** A process that takes the second core for itself; where the platform cannot bind it, any core. */
function busyProcess() {
  const loop = [process.execPath, "-e", "for (;;);"] as const;
  const isLinux = process.platform === "linux";
  const [command, ...rest] = isLinux ? (["taskset", "-c", "1", ...loop] as const) : loop;
  return spawn(command, rest, { stdio: "ignore" });
}

/** The layer of a workload, or for BI32 of two directions, in a model; and its input. */
function workOf(name: string) {
  const [shape] = recurrentShapes(WORKLOADS[name === "BI32" ? "L32" : name] as Workload);
  const { kind, batch, timesteps, inputDim, units, sequences } = shape as Shape;
  const options = { units, returnSequences: sequences, inputShape: [null, inputDim] };
  const both = () => bidirectional({ layer: lstm(options), inputShape: [null, inputDim] });
  const alone = (): Layer<Result> => (kind === "GRU" ? gru(options) : lstm(options));
  const m = sequential({ layers: [name === "BI32" ? both() : alone()] });
  m.build([null, null, inputDim]);
  const layer = `${name === "BI32" ? "Bidirectional " : ""}${kind} ${inputDim} -> ${units}`;
  return { m, x: seeded([batch, timesteps, inputDim], 5, 1), layer, batch, timesteps };
}

/** Two threads that share nothing, each with half of the samples: what two cores give just then. */
async function apart({ m, x }: { m: Sequential; x: Tensor }) {
  const pools = [await createPool(m, { threads: 1, worker }), await createPool(m, { threads: 1, worker })];
  const [samples = 0, ...rest] = x.shape;
  const size = Math.ceil(samples / 2) * (x.data.length / samples);
  const half = new Tensor([Math.ceil(samples / 2), ...rest], x.dtype, x.data.slice(0, size));
  return {
    one: () => m.predict(x),
    two: () => Promise.all(pools.map((pool) => pool.predict(half))),
    close: () => Promise.all(pools.map((pool) => pool.close())),
  };
}

/** One thread (the caller's own) against a pool of two: alone, and beside a process that takes a core. */
async function threads(name: string): Promise<void> {
  const work = workOf(name);
  const { m, x, layer, batch, timesteps } = work;
  const pool = await createPool(m, { threads: 2, worker });
  const wanted = m.predict(x) as Tensor;
  mustBeSame(name, (await pool.predict(x)).data, wanted.data, TOLERANCE);
  const out = new Float32Array(wanted.data.length);
  const ways = [() => m.predict(x), () => pool.predict(x), () => pool.predict(x, { out })];
  console.log(`${name}, ${layer}, batch ${batch}, ${timesteps} timesteps`);
  // One sample has no halves: another workload tells what two cores give.
  const isSplit = batch > 1;
  const cores = await apart(isSplit ? work : workOf("L64"));
  const rounds = await raced([...ways, ...(isSplit ? [] : [cores.one]), cores.two]);
  await cores.close();
  const quiet = summed(isSplit ? rounds : rounds.map((round) => round.slice(0, 3)));
  ratio("one thread", quiet);
  const freeRounds = rounds.filter((round) => ratioOf(round, isSplit ? 0 : 3, round.length - 1) >= FREE);
  const ratios = freeRounds.length > 0 ? summed(freeRounds).map(({ ratio }) => ratio) : [];
  const free = { rounds: freeRounds.length, of: rounds.length, pool: ratios[1], out: ratios[2] };
  console.log(
    `  both cores free in ${free.rounds} of ${free.of} rounds: ${ratios.slice(1, 3).map((r) => r.toFixed(2))}`,
  );
  const busy = busyProcess();
  try {
    const beside = await compare(ways.slice(0, 2));
    ratio("beside a busy process", beside);
    found.pools.push({ name, layer, batch, timesteps, quiet, free, beside });
  } finally {
    busy.kill();
  }
  await pool.close();
}

const load = () =>
  loadavg()
    .map((l) => l.toFixed(1))
    .join(" ");
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${build} build`);
console.log(`load before: ${load()} (processes that want a core beside this one)`);
for (const units of [128, 512]) await streams(units);
for (const name of ["L64", "BI32", "G64", "L1", "BIG1", "TINY"]) await threads(name);
console.log(`load after: ${load()}`);
keep("bench/results/throughput.json", build, { ...machine(), ...found });
