/** One recurrent layer at a time: microseconds, GFLOP/s, and per cent of the roofline measured in the same minutes. */

import { cpus } from "node:os";
import { fusesMultiplyAdd, setEngineOptions } from "../src/wasm/engine";
import { roofline } from "./compile_roofline";
import { check, network } from "./network";
import { rounds, type Timing } from "./rounds";
import { flops, LAYERS, type Shape, weightBytes } from "./shapes";

const ROUNDS = 7;
/** Weights that do not fit the second cache are read from the third: there the bandwidth is the roof. */
const SECOND_CACHE = 1 << 20;

const build = process.env.RECURRA_BUILD === "baseline" || !fusesMultiplyAdd() ? "baseline" : "relaxed";
setEngineOptions({ build });
const roof = await roofline(build);
const networks = Object.entries(LAYERS).map(([name, shape]) => network(name, shape));
check(networks, "before");

const readings = new Map(
  Object.entries(LAYERS).flatMap(([name, shape]) =>
    isFarAway(shape) ? [[name, roof.reading(weightBytes(shape))]] : [],
  ),
);
const contestants = [roof.arithmetic, ...new Map([...readings.values()].map((r) => [r.name, r])).values(), ...networks];
const timings = await rounds("layers", contestants, ROUNDS);
check(networks, "after");
const timing = (name: string) => timings.get(name) as Timing;
const best = roof.arithmetic.flops / timing("roofline").best / 1e9;

function isFarAway(shape: Shape): boolean {
  return shape.batch === 1 && weightBytes(shape) > SECOND_CACHE;
}

console.log(`${cpus()[0]?.model}, Node ${process.version}, ${build} build, roofline ${best.toFixed(1)} GFLOP/s`);
console.log("name   layer      B    T    I    H      median      best   GFLOP/s  of roof  spread");
for (const [name, shape] of Object.entries(LAYERS)) {
  const { median, best: fastest, spread } = timing(name);
  const gflops = flops(shape) / median / 1e9;
  const reading = readings.get(name);
  const read = (shape.timesteps * weightBytes(shape)) / median / 1e9;
  const roofRead = reading ? reading.bytes / timing(reading.name).median / 1e9 : 0;
  const far = reading ? `  reads ${read.toFixed(1)} of ${roofRead.toFixed(1)} GB/s` : "";
  console.log(
    [
      name.padEnd(6),
      shape.kind.padEnd(9),
      ...[shape.batch, shape.timesteps, shape.inputDim, shape.units].map((n) => String(n).padStart(4)),
      time(median).padStart(11),
      time(fastest).padStart(9),
      gflops.toFixed(1).padStart(9),
      `${((100 * gflops) / best).toFixed(0)} %`.padStart(8),
      `${(100 * spread).toFixed(0)} %`.padStart(7),
    ].join(" ") + far,
  );
}

function time(seconds: number): string {
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} µs` : `${(seconds * 1e3).toFixed(2)} ms`;
}
