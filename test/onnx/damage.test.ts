/** Damaged ONNX files: each is refused by an error of this library, or runs and gives what it says. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { RecurraError } from "../../src/errors";
import { loadModel } from "../../src/load";
import { kindOf } from "../../src/onnx/value";
import { sizeOf, Tensor } from "../../src/tensor";
import { random, useBuild } from "../support";

const FOLDER = new URL("../fixtures/onnx/", import.meta.url);
const MUTANTS = 130;
const names = readdirSync(FOLDER).filter((file) =>
  /^(nodes|tf2onnx|torch_(tagger_gru|features|mixer)\b).*\.onnx$/.test(file),
);

/** Three bytes changed: anywhere, or in the nodes, which come first; to anything, or to a small number. */
function damaged(bytes: Uint8Array, next: () => number): Uint8Array {
  const copy = bytes.slice();
  const below = (count: number) => Math.floor(((next() + 1) / 2) * count);
  for (let k = 0; k < 3; k++) copy[below(next() < 0 ? copy.length : copy.length / 4)] = below(next() < 0 ? 256 : 8);
  return copy;
}

/** Loads and runs on zeros. @returns the outputs. */
async function attempt(bytes: Uint8Array): Promise<readonly Tensor[]> {
  const model = await loadModel(bytes, { onnx: {}, limits: { bytes: 1 << 24 } });
  const inputs = model.inputs.map(({ dtype, shape }) => {
    const concrete = (shape ?? []).map((d) => (typeof d === "number" ? Math.min(d, 100) : 2));
    const kind = kindOf(dtype);
    const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
    return new Tensor(concrete, kind, new arrays[kind](sizeOf(concrete)));
  });
  const results = model.predict(Object.fromEntries(model.inputs.map(({ name }, k) => [name, inputs[k] as Tensor])));
  model.dispose();
  return results instanceof Tensor ? [results] : results;
}

describe("files with three odd bytes", () => {
  useBuild("baseline");
  const seen = { refused: 0, run: 0 };
  beforeAll(() => {
    expect(names.length).toBeGreaterThan(10);
  });

  it.each(names)("%s", async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, FOLDER)));
    const next = random(name.length);
    for (let k = 0; k < MUTANTS; k++) {
      try {
        for (const { shape, data } of await attempt(damaged(bytes, next))) expect(data.length).toBe(sizeOf(shape));
        seen.run++;
      } catch (e) {
        if (!RecurraError.is(e)) throw new Error(`mutant ${k}: ${e instanceof Error ? e.stack : e}`);
        seen.refused++;
      }
    }
  });

  it("saw both ends", () => {
    expect(seen.run).toBeGreaterThan(MUTANTS);
    expect(seen.refused).toBeGreaterThan(MUTANTS);
  });
});
