/** Writes what `npm run bench throughput`, bench/throughput_rivals and the soak found into the README. */
import { readFileSync, writeFileSync } from "node:fs";
import { between, table, time } from "./rivals/figures.mjs";

const results = (name) => JSON.parse(readFileSync(`bench/results/${name}.json`, "utf8"));
/** What was found, build by build. */
const found = Object.entries(results("throughput"));
const WAYS = ["one at a time", "step", "stepAll", "step, 2 threads", "stepAll, 2 threads"];
const rounded = (rate) => Number(rate.toPrecision(3)).toLocaleString("en");
const times = ({ ratio }) => `${ratio.toFixed(2)}×`;
const conditions = ({ engine, commit, date }, build) => `the ${build} build in ${engine} at ${commit}, ${date}`;

const live = found.flatMap(([build, { streams }]) =>
  [...new Set(streams.map(({ units }) => units))].map((units) => {
    const of = (way) => streams.find((row) => row.units === units && row.way === way);
    const possible = (way) => of(way.includes("2 threads") ? "kernels alone, 2 threads apart" : "kernels alone");
    const cells = WAYS.map((way, k) => {
      const reached = k > 0 ? ` (${of(way).ratio.toFixed(2)} of ${times(possible(way))})` : "";
      return rounded(of(way).rate) + reached;
    });
    const latencies = [1, 2].map((threads) => of(`latency, ${threads} threads`));
    const shown = latencies.map(({ p50, p99 }) => `${time(p50 / 1e3)}, ${time(p99 / 1e3)}`);
    return [build, `LSTM 64 → ${units}`, ...cells, shown.join("; ")];
  }),
);
/** Rounds that a median takes. */
const ENOUGH = 3;
const whileFree = ({ rounds, of, pool, out }) =>
  rounds >= ENOUGH ? `${pool.toFixed(2)}×, ${out.toFixed(2)}× (${rounds} of ${of})` : `– (${rounds} of ${of})`;
const pools = found.flatMap(([build, one]) =>
  one.pools.map(({ name, layer, batch, timesteps, quiet, free, beside }) => [
    build,
    `${name}: ${layer.replace("->", "→")}, batch ${batch}, ${timesteps} timesteps`,
    time(quiet[0].median),
    `${time(quiet[1].median)} (${times(quiet[1])})`,
    times(quiet[2]),
    quiet[3] ? times(quiet[3]) : "",
    whileFree(free),
    times(beside[1]),
  ]),
);
const predictions = ["one thread", "pool of 2", "with `out`", "2 threads apart", "both cores free"];
const text = [
  table(["build", "1,000 live streams, steps a second", ...WAYS, "p50, p99; 2 threads"], live),
  "",
  table(["build", "predict", ...predictions, "beside a busy process"], pools),
  "",
  "By `npm run bench throughput`: medians of turns of 60 ms; in brackets the median of the ratios to one at a time, or",
  `to one thread, in the same round; ${found[0][1].cpu}, 2 cores;`,
  `${found.map(([build, one]) => conditions(one, build)).join("; ")}.`,
  "`1.2 of 1.4×`: what was reached, and what the kernels alone reached in that run on sequences of the same batch,",
  "where no state is fetched and nobody answered. Latencies are those of steps that all come at once. Two threads",
  "apart have half of the samples each and share nothing: more was not to be had of the cores. Both cores were free",
  "in those rounds in which two threads apart, for single samples with L64, did 1.8 times the work of one: then the",
  "pool, and with `out`. The busy process is bound to the second core.",
].join("\n");

const KINDS = ["recurra", "batcher", "pool"];

/** Times as fast as onnxruntime-node on two threads, each way in a process of its own. */
function beside() {
  const races = Object.entries(results("two_threads"));
  const ratio = (ways, kind) => {
    const way = ways.find((one) => one.kind === kind);
    return way ? `${way.ratio.toFixed(2)}×` : "";
  };
  const told = { S1: "1,000 streams, LSTM 64 → 128", S512: "1,000 streams, LSTM 64 → 512" };
  const rows = races.flatMap(([build, { calls, streams }]) => [
    ...Object.entries(calls).map(([name, ways]) => [build, name, ...KINDS.map((kind) => ratio(ways, kind))]),
    ...Object.entries(streams).map(([name, ways]) => [build, told[name], ...KINDS.map((kind) => ratio(ways, kind))]),
  ]);
  const head = ["build", "times as fast as onnxruntime-node, 2 threads", "one thread", "batcher", "pool of 2"];
  const made = races.map(([build, one]) => conditions(one, build)).join("; ");
  return `${table(head, rows)}\n\n${races[0][1].cpu}; ${made}.`;
}

function soaked() {
  const { calls, seed, seconds, rate, counts, cpu, commit, date } = results("soak");
  const told = (count) => count.toLocaleString("en");
  return [
    `\`node scripts/soak_throughput.mjs --seed ${seed}\` made ${told(calls)} calls through a pool and a batcher in`,
    `${seconds.toFixed(0)} s (${told(rate)} a second), with ${told(counts.aborted)} aborted and ${told(counts.killed)}`,
    "workers killed: each was answered once, each answer compared bit for bit, memory flat",
    `(${cpu}, commit ${commit}, ${date}).`,
  ].join("\n");
}

let readme = readFileSync("README.md", "utf8");
for (const [name, part] of Object.entries({ throughput: text, beside: beside(), soak: soaked() })) {
  readme = between(readme, `bench:${name}`, part);
}
writeFileSync("README.md", readme);
