/** Writes what `npm run bench throughput` found into the README. */
import { readFileSync, writeFileSync } from "node:fs";
import { between, table, time } from "./rivals/figures.mjs";

const found = JSON.parse(readFileSync("bench/results/throughput.json", "utf8"));
const WAYS = ["one at a time", "step", "stepAll", "step, 2 threads", "stepAll, 2 threads"];
const rounded = (rate) => Number(rate.toPrecision(3)).toLocaleString("en");
const times = ({ ratio }) => `${ratio.toFixed(2)}×`;

const live = [...new Set(found.streams.map(({ units }) => units))].map((units) => {
  const of = (way) => found.streams.find((row) => row.units === units && row.way === way);
  const possible = (way) => of(way.includes("2 threads") ? "kernels alone, 2 threads apart" : "kernels alone");
  const cells = WAYS.map((way, k) => {
    const reached = k > 0 ? ` (${of(way).ratio.toFixed(2)} of ${times(possible(way))})` : "";
    return rounded(of(way).rate) + reached;
  });
  const latencies = [1, 2].map((threads) => of(`latency, ${threads} threads`));
  const shown = latencies.map(({ p50, p99 }) => `${time(p50 / 1e3)}, ${time(p99 / 1e3)}`);
  return [`LSTM 64 → ${units}`, ...cells, shown.join("; ")];
});
const pools = found.pools.map(({ name, layer, batch, timesteps, quiet, beside }) => [
  `${name}: ${layer.replace("->", "→")}, batch ${batch}, ${timesteps} timesteps`,
  time(quiet[0].median),
  `${time(quiet[1].median)} (${times(quiet[1])})`,
  times(quiet[2]),
  quiet[3] ? times(quiet[3]) : "",
  times(beside[1]),
]);
const text = [
  table(["1,000 live streams, steps a second", ...WAYS, "p50, p99; 2 threads"], live),
  "",
  table(["predict", "one thread", "pool of 2", "with `out`", "2 threads apart", "beside a busy process"], pools),
  "",
  "By `npm run bench throughput`: medians of turns of 60 ms; in brackets the median of the ratios to one at a time, or",
  `to one thread, in the same round; ${found.cpu}, 2 cores, ${found.engine}, commit ${found.commit},`,
  `${found.date}. \`1.2 of 1.4×\`: what was reached, and what the kernels alone reached in that run on sequences of`,
  "the same batch, where no state is fetched and nobody answered. Latencies are those of steps that all come at once.",
  "Two threads apart have half of the samples each and share nothing: more was not to be had of the cores. The busy",
  "process is bound to the second core.",
].join("\n");
writeFileSync("README.md", between(readFileSync("README.md", "utf8"), "bench:throughput", text));
