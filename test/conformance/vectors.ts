/** Numbers of other projects' tests, read from the folder beside this repository where it is present. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Tensor, tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";

const FOLDER = fileURLToPath(new URL("../../../shared/conformance/", import.meta.url));

/** A tensor of a vector; infinities and NaN are strings. Expected values may be finer than float32. */
export interface VectorTensor {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
  readonly dtype?: "int32" | "bool";
}

/** What every case has. */
export interface Vector {
  readonly id: string;
  readonly atol: number;
  readonly rtol: number;
}

export function asTensor({ shape, data, dtype }: VectorTensor): Tensor {
  const values = Float64Array.from(data, Number);
  return tensor(dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values), shape, dtype ?? "float32");
}

/**
 * Runs every case of a file on both builds; where the folder is absent, shows one skipped test instead.
 *
 * @param count How many cases the file has: a case that is left out by mistake is a failure.
 * @param exempt Case → why it cannot be run; each must exist.
 */
export function itConforms<C extends { readonly id: string }>(
  file: string,
  count: number,
  run: (c: C) => void,
  exempt: Readonly<Record<string, string>> = {},
  select: (c: C) => boolean = () => true,
): void {
  if (!existsSync(FOLDER)) {
    it.skip(`${file}: the vectors are not there`, () => {});
    return;
  }
  const all = JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8")) as C[];
  const chosen = all.filter(select);
  const cases = chosen.filter((c) => !(c.id in exempt));
  it(`${file} has ${count} cases, ${Object.keys(exempt).length} of them exempt`, () => {
    expect(chosen.length).toBe(count);
    expect(Object.keys(exempt).filter((id) => !chosen.some((c) => c.id === id))).toEqual([]);
  });
  describe.each(BUILDS)(`${file} on the %s build`, (build) => {
    useBuild(build);
    it.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => run(c));
  });
}

/** Every element within atol + rtol·|expected|, in double precision; NaN equals NaN, infinities equal themselves. */
export function expectVector(got: Tensor | undefined, wanted: VectorTensor, { atol, rtol }: Vector): void {
  expect(got?.shape).toEqual(wanted.shape);
  wanted.data.forEach((value, k) => {
    const [actual, expected] = [(got as Tensor).data[k] as number, Number(value)];
    if (Object.is(actual, expected) || actual === expected) return;
    if (!(Math.abs(actual - expected) <= atol + rtol * Math.abs(expected))) {
      expect.fail(`element ${k}: expected ${expected} ± ${atol} + ${rtol}·|…|, got ${actual}`);
    }
  });
}
