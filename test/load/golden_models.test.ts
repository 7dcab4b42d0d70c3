/** Every file that Keras wrote gives Keras' numbers. */
import { readdirSync, readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { loadModel, type ModelSource } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { goldenModel, modelBytes } from "../fixtures/golden";
import { BUILDS, expectClose, useBuild } from "../support";

/** float32 on both sides; the cases are well conditioned (test/fixtures/README.md). */
const TOLERANCE = 1e-5;

const FOLDER = new URL("../fixtures/models/", import.meta.url);
const endingWith = (end: string) =>
  readdirSync(FOLDER).flatMap((file) => (file.endsWith(end) ? [file.slice(0, -end.length)] : []));
const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file, FOLDER)));

const names = endingWith(".keras").filter((name) => name !== "sequential_npz"); // pickled; see the test of that name
const weightNames = endingWith(".weights.h5");
const hdf5Names = endingWith(".h5").filter((name) => !name.endsWith(".weights"));

/** What `to_json` gives is the `config.json` of the archive. */
const topologyOf = (name: string) => unzipSync(modelBytes(name))["config.json"]!;

const sources: [string, string, () => ModelSource][] = [
  ...names.map((name): [string, string, () => ModelSource] => [`${name}.keras`, name, () => modelBytes(name)]),
  ...hdf5Names.map((name): [string, string, () => ModelSource] => [`${name}.h5`, name, () => bytesOf(`${name}.h5`)]),
  ...weightNames.map((name): [string, string, () => ModelSource] => {
    const weights = () => bytesOf(`${name}.weights.h5`);
    return [`${name}.weights.h5`, name, () => ({ topology: topologyOf(name), weights: weights() })];
  }),
];

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each(sources)("%s", async (_, name, source) => {
    const model = await loadModel(source());
    for (const { reset, inputs, expected } of goldenModel(name).calls) {
      if (reset) model.resetStates();
      const given = inputs.map((t) => new Tensor(t.shape, t.dtype, t.data));
      const results = model.predict(given.length === 1 ? (given[0] as Tensor) : given);
      const list = Array.isArray(results) ? results : [results];
      expect(list).toHaveLength(expected.length);
      list.forEach((result, k) => {
        expectClose(result, expected[k]!, TOLERANCE, TOLERANCE);
      });
    }
  });
});
