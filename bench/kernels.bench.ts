/** The kernels alone: products in GFLOP/s beside the roofline, passes over memory in GB/s beside its bandwidth. */

import { ACTIVATION } from "../src/wasm/activation_codes";
import { type Engine, sharedEngine } from "../src/wasm/engine";
import { roofline } from "./compile_roofline";
import { chosenBuild } from "./networks";
import { type Row, report } from "./report";
import { type Contestant, rounds, type Timing } from "./rounds";
import { seeded } from "./seeded";

const ROUNDS = 7;
/** [m, k, n] of x W: one row (a step of a stream), few rows, many rows, and weights beyond the second cache. */
const PRODUCTS = [
  [1, 192, 512],
  [4, 192, 512],
  [8, 192, 512],
  [48, 192, 512],
  [64, 1024, 2048],
  [1, 1024, 2048],
] as const;
const ELEMENTS = 1 << 14;
const PASSES = ["tanh", "sigmoid", "relu"] as const;

interface Case extends Contestant {
  readonly what: string;
  readonly flops?: number;
  readonly bytes: number;
}

const build = chosenBuild();
const engine = sharedEngine();

function filled(values: ArrayLike<number>): number {
  const { ptr } = engine.arena.reserve(4 * values.length);
  engine.arena.f32.set(values, ptr >> 2);
  return ptr;
}

function product({ kernels, arena }: Engine, m: number, k: number, n: number): Case {
  const [a, w] = [seeded([m, k], 1, 1).data, seeded([k, n], 2, 1).data];
  const [x, raw] = [filled(a), filled(w)];
  const [packed, y] = [arena.reserve(4 * k * n).ptr, arena.reserve(4 * m * n).ptr];
  kernels.packPanels(raw, n, k, n, packed, 8 * k);
  const run = () => kernels.affine(x, k, packed, 0, y, n, m, k, n, 0, 0, 0);
  run();
  let last = 0;
  for (let i = 0; i < k; i++) last += (a[(m - 1) * k + i] as number) * (w[i * n + n - 1] as number);
  const got = arena.f32[(y >> 2) + m * n - 1] as number;
  if (!(Math.abs(got - last) < 1e-3)) throw new Error(`affine ${m}×${k}×${n}: expected ${last}, got ${got}`);
  const what = m === 1 ? "row times matrix" : "matrix product";
  return { name: `${m}×${k}×${n}`, what, run, flops: 2 * m * k * n, bytes: 4 * (m * k + k * n + m * n) };
}

function pass({ kernels, arena }: Engine, name: (typeof PASSES)[number]): Case {
  const x = filled(seeded([ELEMENTS], 3, 6).data);
  const y = arena.reserve(4 * ELEMENTS).ptr;
  const run = () => kernels.activateSlab(x, y, ELEMENTS, ACTIVATION[name], 0, 0, 0);
  return { name, what: `${ELEMENTS} elements`, run, bytes: 8 * ELEMENTS };
}

const roof = await roofline(build);
const cases = [...PRODUCTS.map(([m, k, n]) => product(engine, m, k, n)), ...PASSES.map((name) => pass(engine, name))];
const reading = roof.reading(4 * 1024 * 2048);
const readings = [roof.reading(4 * 192 * 512), reading];
const timings = await rounds("kernels", [roof.arithmetic, ...readings, ...cases], ROUNDS);
const timing = (name: string) => timings.get(name) as Timing;
const best = roof.arithmetic.flops / timing("roofline").best / 1e9;
const bandwidth = reading.bytes / timing(reading.name).median / 1e9;
const rows = cases.map(({ name, what, flops, bytes }): Row => {
  const { median } = timing(name);
  const gbps = bytes / median / 1e9;
  const row = { name, what, ...timing(name), gbps };
  if (flops === undefined) return row;
  const far = bytes >= reading.bytes ? { ofBandwidth: gbps / bandwidth } : {};
  return { ...row, gflops: flops / median / 1e9, ofRoofline: flops / median / 1e9 / best, ...far };
});
const memory = readings.map(({ name, bytes }): Row => {
  const gbps = bytes / timing(name).median / 1e9;
  return { name: `${bytes >> 10} kB`, what: "reading", ...timing(name), gbps };
});
report({ suite: "kernels", build, rounds: ROUNDS, roofline: best, rows: [...rows, ...memory] });
