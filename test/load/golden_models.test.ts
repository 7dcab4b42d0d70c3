/** Every file that Keras wrote gives Keras' numbers. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { goldenModel, modelBytes } from "../fixtures/golden";
import { BUILDS, expectClose, useBuild } from "../support";

/** float32 on both sides; the cases are well conditioned (test/fixtures/README.md). */
const TOLERANCE = 1e-5;

const names = readdirSync(new URL("../fixtures/models", import.meta.url))
  .filter((file) => file.endsWith(".keras"))
  .map((file) => file.replace(/\.keras$/, ""))
  .filter((name) => name !== "sequential_npz"); // pickled; see the test of that name

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each(names)("%s", async (name) => {
    const model = await loadModel(modelBytes(name));
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
