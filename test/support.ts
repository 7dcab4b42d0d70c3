/** What tests share: the builds to run on, seeded numbers, and comparison. */

import { afterAll, beforeAll, expect } from "vitest";
import { sizeOf, Tensor } from "../src/tensor";
import { BUILD_NAMES } from "../src/wasm/builds";
import { type BuildName, setEngineOptions } from "../src/wasm/engine";
import { kernelBytes } from "../src/wasm/kernel_bytes";

/** Those that this engine compiles: both in Node, which test/runtime checks; some browsers have no relaxed SIMD. */
export const BUILDS = BUILD_NAMES.filter((build) => WebAssembly.validate(kernelBytes(build)));

/** Runs the tests of the enclosing `describe` on this build. */
export function useBuild(build: BuildName): void {
  beforeAll(() => setEngineOptions({ build }));
  afterAll(() => setEngineOptions({ build: "baseline" }));
}

/** Seeded numbers in [-1, 1): a linear congruential generator modulo 2^32 (Numerical Recipes). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A tensor of seeded numbers in [-scale, scale). */
export function randomTensor(shape: readonly number[], seed: number, scale = 1): Tensor {
  const next = random(seed);
  return new Tensor(
    shape,
    "float32",
    Float32Array.from({ length: sizeOf(shape) }, () => scale * next()),
  );
}

/** Every element within atol + rtol·|expected|; NaN equals NaN, infinities equal themselves. */
export function expectClose(
  got: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  wanted: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  atol: number,
  rtol: number,
): void {
  expect(got.shape).toEqual(wanted.shape);
  let worst = 0;
  let at = -1;
  for (let k = 0; k < wanted.data.length; k++) {
    const [a, b] = [got.data[k] as number, wanted.data[k] as number];
    if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const excess = Math.abs(a - b) - (atol + rtol * Math.abs(b));
    if (!(excess <= worst)) [worst, at] = [Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess, k];
  }
  if (at >= 0) expect.fail(`element ${at}: expected ${wanted.data[at]} ± ${atol} + ${rtol}·|…|, got ${got.data[at]}`);
}
