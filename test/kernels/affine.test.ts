import { describe, expect, it } from "vitest";
import { ACTIVATION } from "../../src/wasm/activation_codes";
import { affineReference } from "../reference/affine";
import { expectClose, random } from "../support";
import { KernelModule, TILINGS } from "./module";

const TOLERANCE = 1e-6; // stated in assembly/README.md, times the sum of what is summed, up to 200 terms

interface Case {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Floats between the end of a row and the next. */
  readonly gap?: number;
  readonly bias?: boolean;
  readonly activation?: "linear" | "tanh" | "relu" | "clipped_affine";
}

const scalars = {
  linear: (v: number) => v,
  tanh: Math.tanh,
  relu: (v: number) => Math.max(v, 0),
  clipped_affine: (v: number) => Math.min(Math.max(0.2 * v + 0.5, 0), 1),
};

function run(build: (typeof TILINGS)[number], c: Case, seed = 1): { got: Float32Array; wanted: number[] } {
  const { m, k, n, gap = 0, bias = true, activation = "linear" } = c;
  const module = new KernelModule(build, 128);
  const next = random(seed);
  const numbers = (count: number) => Float32Array.from({ length: count }, next);
  const [x, w, b] = [numbers(m * k), numbers(k * n), numbers(n)];
  const spread = new Float32Array(m * (k + gap)).fill(Number.NaN);
  for (let row = 0; row < m; row++) spread.set(x.subarray(row * k, (row + 1) * k), row * (k + gap));
  const panels = Math.ceil(n / 8);
  const packed = module.block(panels * 8 * k);
  module.call("packPanels", module.floats(w), n, k, n, packed, 8 * k);
  const padded = new Float32Array(8 * panels);
  padded.set(b);
  const y = module.floats(new Float32Array(m * (n + gap)).fill(-7));
  const biasPtr = bias ? module.floats(padded) : 0;
  const xPtr = module.floats(spread);
  module.call("affine", xPtr, k + gap, packed, biasPtr, y, n + gap, m, k, n, ACTIVATION[activation], 0.2, 0.5);
  const rows = module.readFloats(y, m * (n + gap));
  const inside = rows.filter((_, at) => at % (n + gap) < n);
  expect(rows.filter((_, at) => at % (n + gap) >= n).every((v) => v === -7)).toBe(true);
  return { got: inside, wanted: affineReference(x, w, bias ? b : undefined, [m, k, n], scalars[activation]) };
}

function check(build: (typeof TILINGS)[number], c: Case): void {
  const { got, wanted } = run(build, c, c.m + 10 * c.n);
  const size = Math.max(1, Math.sqrt(c.k));
  expectClose(
    { shape: [got.length], data: got },
    { shape: [wanted.length], data: wanted },
    TOLERANCE * size,
    TOLERANCE,
  );
}

describe.each(TILINGS)("affine, %s", (build) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 59, 60, 61, 62, 63, 125])("agrees with its twin for %i rows", (m) => {
    for (const n of [1, 5, 8, 13, 40]) for (const k of [1, 6, 17]) check(build, { m, k, n });
  });

  it.each([1, 2, 3, 4, 7, 8, 9, 15, 16, 24, 31, 32, 33, 39, 40, 64, 65])("agrees with its twin for %i columns", (n) => {
    for (const m of [1, 2, 6, 9]) for (const k of [0, 3, 200]) check(build, { m, k, n });
  });

  it("keeps to its rows when there is something between them, and goes without bias", () => {
    for (const m of [1, 5, 14]) {
      for (const n of [3, 8, 21]) for (const bias of [true, false]) check(build, { m, k: 10, n, gap: 3, bias });
    }
  });

  it.each(["tanh", "relu", "clipped_affine"] as const)("applies %s", (activation) => {
    for (const m of [1, 7]) for (const n of [1, 6, 12]) check(build, { m, k: 9, n, activation });
  });

  it("gives a row the same bits alone and among others", () => {
    const [k, n] = [13, 37];
    const whole = run(build, { m: 64, k, n });
    const next = random(1);
    const numbers = (count: number) => Float32Array.from({ length: count }, next);
    const [x, w, b] = [numbers(64 * k), numbers(k * n), numbers(n)];
    for (const row of [0, 31, 63]) {
      const module = new KernelModule(build);
      const packed = module.block(5 * 8 * k);
      module.call("packPanels", module.floats(w), n, k, n, packed, 8 * k);
      const bias = new Float32Array(40);
      bias.set(b);
      const y = module.block(n);
      const xPtr = module.floats(x.subarray(row * k, (row + 1) * k));
      module.call("affine", xPtr, k, packed, module.floats(bias), y, n, 1, k, n, 0, 0, 0);
      expect(module.readFloats(y, n)).toEqual(whole.got.slice(row * n, (row + 1) * n));
    }
  });
});
