/** What each engine measures of itself: layers, and the roofline of the same minutes. It needs no platform. */
import { configure, runtime } from "../../src/runtime";
import { median } from "../median";
import { check, network } from "../network";
import { type Exports, rooflineOf } from "../roofline";
import type { Contestant } from "../rounds";
import { flops, LAYERS, recurrentShapes, type Shape, type Workload } from "../shapes";

/** Build → the measuring program in base64; put here by the bundler. */
declare const ROOFLINES: Readonly<Record<"baseline" | "relaxed", string>>;

const NAMES = ["S1", "L1", "L32", "L64", "G64", "R64", "BIG32"];
const ROUNDS = 9;
/** Milliseconds of calls before any is timed: in Bun L1 is at its speed after some 170 calls. */
const WARM_UP = 200;
/** Pages read the time in steps of 20 µs at best. */
const MILLISECONDS = 5;

export interface Measured {
  readonly build: "baseline" | "relaxed";
  /** GFLOP/s in registers. */
  readonly roofline: number;
  /** Name → seconds a call (median of rounds), GFLOP/s and the share of the roofline. */
  readonly layers: Readonly<Record<string, { seconds: number; gflops: number; share: number }>>;
}

export function measure(): Measured {
  const build = runtime().fusedMultiplyAdd ? "relaxed" : "baseline";
  configure({ build });
  const bytes = Uint8Array.from(atob(ROOFLINES[build]), (c) => c.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { arithmetic } = rooflineOf(exports as unknown as Exports);
  const workloads = NAMES.map((name) => [name, LAYERS[name] as Workload] as const);
  const networks = workloads.map(([name, workload]) => network(name, workload));
  check(networks, "before");
  const [roof, ...times] = inRounds([arithmetic, ...networks]) as [number[], ...number[][]];
  check(networks, "after");
  const roofline = arithmetic.flops / Math.min(...roof) / 1e9;
  const layers = workloads.map(([name, workload], k) => {
    const seconds = median(times[k] as number[]);
    const gflops = flops(recurrentShapes(workload)[0] as Shape) / seconds / 1e9;
    return [name, { seconds, gflops, share: gflops / roofline }];
  });
  return { build, roofline, layers: Object.fromEntries(layers) };
}

/** Seconds a call of each contestant in each round. */
function inRounds(contestants: readonly Contestant[]): number[][] {
  const counts = contestants.map((contestant) => {
    for (let warm = 0; warm < WARM_UP; ) warm += time(contestant, 1) * 1e3;
    let count = 1;
    while (time(contestant, count) * count * 1e3 < MILLISECONDS) count *= 2;
    return count;
  });
  const all: number[][] = contestants.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    contestants.forEach((contestant, k) => {
      all[k]?.push(time(contestant, counts[k] as number));
    });
  }
  return all;
}

function time({ run }: Contestant, count: number): number {
  const start = performance.now();
  for (let k = 0; k < count; k++) run();
  return (performance.now() - start) / count / 1e3;
}
