import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACTIVATION, type ActivationName } from "../../src/wasm/activation_codes";
import { activationReference } from "../reference/activations";
import { random } from "../support";
import { BUILDS, KernelModule } from "./module";

/** Bounds that assembly/README.md states; all that are given must hold. */
interface Bounds {
  /** |y − f(x)| */
  absolute?: number;
  /** |y − f(x)| / |f(x)| */
  relative?: number;
  /** |y − f(x)| / max(1, |f(x)|) */
  scaled?: number;
}

const rounded: Bounds = { relative: 2 ** -24 }; // one rounding to float32
const twice: Bounds = { relative: 1.3e-7 }; // two roundings
const bent: Bounds = { relative: 3e-7 }; // an exponential or a logarithm, and roundings
const gated: Bounds = { scaled: 4e-7 }; // x times a gate
const plain: Bounds = { scaled: 2.5e-7 }; // a few roundings, with cancellation

const CASES: [ActivationName, Bounds, ...number[]][] = [
  ["linear", rounded],
  ["tanh", { absolute: 3.5e-7 }],
  ["sigmoid", { absolute: 1.1e-7, relative: 3.1e-7 }],
  ["relu", rounded],
  ["relu6", rounded],
  ["leaky_relu", rounded, 0.25],
  ["clipped_relu", plain, 0.25, 4, 1],
  ["clipped_relu", plain, 0.25, Infinity, 0],
  ["clipped_relu", plain, 0, 4, 0],
  ["clipped_relu", plain, 0, Infinity, -1],
  ["elu", bent, 0.75],
  ["selu", bent],
  ["celu", bent, 0.5],
  ["gelu", gated],
  ["gelu_tanh", gated],
  ["silu", gated],
  ["hard_silu", plain],
  ["hard_sigmoid", plain],
  ["clipped_affine", plain, 0.25, 0.5],
  ["log_sigmoid", bent],
  ["hard_tanh", rounded],
  ["tanh_shrink", gated],
  ["soft_shrink", plain, 0.5],
  ["hard_shrink", rounded, 0.5],
  ["softplus", bent],
  ["softsign", twice],
  ["exponential", { relative: 1.5e-7 }],
  ["mish", gated],
  ["squareplus", plain, 4],
  ["sparse_plus", plain],
  ["sparse_sigmoid", plain],
  ["threshold", rounded, 1, 7],
  ["scaled_tanh", gated, 0.5, 2],
  ["affine", plain, 2, 1],
  ["abs", rounded],
  ["negative", rounded],
  ["square", rounded],
  ["sqrt", rounded],
  ["rsqrt", twice],
  ["log", { relative: 1.5e-7 }],
  ["log1p", { relative: 1.5e-7 }],
  ["reciprocal", rounded],
  ["sign", rounded],
  ["floor", rounded],
  ["logical_not", rounded],
  ["isnan", rounded],
  ["erf", { absolute: 2.5e-7 }],
  ["expm1", { relative: 1.5e-7 }],
];

/** Results below this may come out as 0. */
const SMALLEST = 1.7e-38;

/** Where float32 overflows on the way although the result does not; Keras overflows there too. */
const OVERFLOWS: Partial<Record<ActivationName, number>> = { squareplus: 1.8e19 };

/** Floats of every size, and many where the functions bend. */
const samples = (() => {
  const all = new Float32Array(3 << 15);
  const next = random(1);
  new Uint32Array(all.buffer, 0, 1 << 15).forEach((_, k, bits) => {
    bits[k] = (k << 17) + 65536 * (next() + 1);
  });
  for (let k = 1 << 15; k < all.length; k++) all[k] = (k & 1 ? 8 : 100) * next();
  return all.filter((x) => Number.isFinite(x));
})();

const SPECIAL = Float32Array.of(Number.NaN, Infinity, -Infinity, 3e38, -3e38, 0, -0, 1e-45, -1e-45, 1, -1);
const KEEPS_SIGN_OF_ZERO = [
  "tanh",
  "leaky_relu",
  "gelu",
  "silu",
  "softsign",
  "log1p",
  "expm1",
  "erf",
  "mish",
  "hard_tanh",
];

function run(module: KernelModule, name: ActivationName, x: ArrayLike<number>, params: number[]): Float32Array {
  const y = module.block(x.length);
  const [alpha = 0, beta = 0, gamma = 0] = params;
  module.call("activateSlab", module.floats(x), y, x.length, ACTIVATION[name], alpha, beta, gamma);
  return module.readFloats(y, x.length);
}

/** The largest error as a part of what is allowed, and where. */
function worst(name: ActivationName, bounds: Bounds, params: number[], x: Float32Array, y: Float32Array) {
  const [alpha = 0, beta = 0, gamma = 0] = params;
  let [most, at] = [0, 0];
  x.forEach((v, k) => {
    const wanted = activationReference[name](v, alpha, beta, gamma);
    const got = y[k] as number;
    if (Object.is(Math.fround(wanted), got) || Math.abs(v) > (OVERFLOWS[name] ?? Infinity)) return;
    const size = Math.abs(wanted);
    const { absolute = Infinity, relative, scaled = Infinity } = bounds;
    const proportional = relative === undefined ? Infinity : SMALLEST + relative * size;
    const allowed = Math.min(absolute, proportional, scaled * Math.max(1, size));
    const part = Math.abs(got - wanted) / allowed;
    if (!(part <= most)) [most, at] = [Number.isNaN(part) ? Infinity : part, v];
  });
  return { most, at };
}

describe.each(BUILDS)("activateSlab on the %s build", (build) => {
  it.each(CASES)("%s is within its bounds everywhere", (name, bounds, ...params) => {
    const y = run(new KernelModule(build), name, samples, params);
    const { most, at } = worst(name, bounds, params, samples, y);
    expect(most, `at ${at}`).toBeLessThanOrEqual(1);
  });

  it.each(CASES)("%s has its limits at infinity, zero and NaN", (name, _bounds, ...params) => {
    const y = run(new KernelModule(build), name, SPECIAL, params);
    const [alpha = 0, beta = 0, gamma = 0] = params;
    SPECIAL.forEach((x, k) => {
      if (Math.abs(x) > (OVERFLOWS[name] ?? Infinity) && Number.isFinite(x)) return;
      const wanted = Math.fround(activationReference[name](x, alpha, beta, gamma));
      const got = y[k] as number;
      if (!Number.isFinite(wanted)) expect(got, `at ${x}`).toBe(wanted);
      else expect(Math.abs(got - wanted) / Math.max(1, Math.abs(wanted)), `at ${x}`).toBeLessThanOrEqual(4e-7);
      if (x === 0 && KEEPS_SIGN_OF_ZERO.includes(name)) expect(Object.is(got, x), `sign of ${x}`).toBe(true);
    });
  });

  it.each([0, 1, 2, 3, 4, 5, 8, 17])("writes %i elements, no more, also in place", (count) => {
    const module = new KernelModule(build);
    const x = samples.slice(0, count);
    for (const code of [ACTIVATION.tanh, ACTIVATION.relu, ACTIVATION.square]) {
      const y = module.block(count);
      const inPlace = module.floats(x);
      module.call("activateSlab", module.floats(x), y, count, code, 0, 0, 0);
      module.call("activateSlab", inPlace, inPlace, count, code, 0, 0, 0);
      expect(module.readFloats(inPlace, count)).toEqual(module.readFloats(y, count));
    }
  });
});

it("has a case for every code, and the same codes on both sides", () => {
  expect(new Set(CASES.map(([name]) => name))).toEqual(new Set(Object.keys(ACTIVATION)));
  const source = readFileSync(new URL("../../assembly/simd/activation_codes.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/^ {2}([A-Z0-9_]+) = (\d+),/gm)].map(([, name, code]) => [
    name?.toLowerCase(),
    Number(code),
  ]);
  expect(Object.fromEntries(codes)).toEqual(ACTIVATION);
});
