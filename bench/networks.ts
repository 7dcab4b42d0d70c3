/** Times workloads beside the roofline: what the suites of layers and of models share. */

import { type BuildName, setEngineOptions, sharedEngine } from "../src/wasm/engine";
import { roofline } from "./compile_roofline";
import { check, network } from "./network";
import { type Row, report } from "./report";
import { rounds, type Timing } from "./rounds";
import { flops, recurrentShapes, type Shape, type Workload, weightBytes } from "./shapes";

const ROUNDS = 7;
/** Weights that do not fit the second cache are read from the third: there the bandwidth is the roof. */
const SECOND_CACHE = 1 << 20;

/** The build that is measured: RECURRA_BUILD, or what the library chooses. */
export function chosenBuild(): BuildName {
  const build = process.env.RECURRA_BUILD as BuildName | undefined;
  if (build) setEngineOptions({ build });
  return sharedEngine().build as BuildName;
}

/** Times networks in rounds and reports them. */
export async function timeNetworks(suite: string, workloads: Readonly<Record<string, Workload>>): Promise<void> {
  const build = chosenBuild();
  const roof = await roofline(build);
  const networks = Object.entries(workloads).map(([name, workload]) => network(name, workload));
  check(networks, "before");
  const readings = new Map(
    Object.entries(workloads).flatMap(([name, workload]) => {
      const [shape] = recurrentShapes(workload);
      return shape && isFarAway(shape) ? [[name, roof.reading(weightBytes(shape))] as const] : [];
    }),
  );
  const contestants = [...new Map([...readings.values()].map((r) => [r.name, r])).values(), ...networks];
  const timings = await rounds(suite, [roof.arithmetic, ...contestants], ROUNDS);
  check(networks, "after");
  const timing = (name: string) => timings.get(name) as Timing;
  const best = roof.arithmetic.flops / timing("roofline").best / 1e9;
  const rows = Object.entries(workloads).map(([name, workload]): Row => {
    const { median } = timing(name);
    const gflops = recurrentShapes(workload).reduce((sum, shape) => sum + flops(shape), 0) / median / 1e9;
    const products = { gflops, ofRoofline: gflops / best };
    const row = { name, what: describe(workload), ...timing(name), ...products };
    const reading = readings.get(name);
    if (!reading) return row;
    const gbps = (workload.timesteps * reading.bytes) / median / 1e9;
    return { ...row, gbps, ofBandwidth: gbps / (reading.bytes / timing(reading.name).median / 1e9) };
  });
  report({ suite, build, rounds: ROUNDS, roofline: best, rows });
}

function isFarAway(shape: Shape): boolean {
  return shape.batch === 1 && weightBytes(shape) > SECOND_CACHE;
}

function describe({ batch, timesteps, features, vocabulary, layers, stream }: Workload): string {
  const given = features === undefined ? `ids<${vocabulary}` : `${features}`;
  const names = layers.map(({ kind, units, bidirectional }) => `${bidirectional ? "2×" : ""}${kind} ${units}`);
  return `${stream ? "stream" : `B${batch} T${timesteps}`} ${given} → ${names.join(" → ")}`;
}
