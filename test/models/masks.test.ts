/** Masks on their way through whole models, against Keras. */

import { describe, expect, it } from "vitest";
import { modelFromJSON } from "../../src/models/from_json";
import type { Tensor } from "../../src/tensor";
import { tensor } from "../../src/tensor";
import { type GoldenCase, type GoldenTensor, golden } from "../fixtures/golden";
import { BUILDS, expectClose, useBuild } from "../support";

/** Keras and this library add in other orders; every case is conditioned to allow it. */
const TOLERANCE = 1e-5;

const cases = golden("embedding").filter((c) => c.model !== undefined);
const asTensor = ({ data, shape, dtype }: GoldenTensor) => tensor(data, shape, dtype);

function runCase(c: GoldenCase): void {
  const m = modelFromJSON(c.model as object);
  m.setWeights(c.weights.map(asTensor));
  for (const call of c.calls) {
    const outputs = [m.predict(call.inputs.map(asTensor))].flat() as Tensor[];
    expect(outputs.length).toBe(call.expected.length);
    call.expected.forEach((wanted, k) => {
      expectClose(outputs[k] as Tensor, wanted, TOLERANCE, TOLERANCE);
    });
  }
}

describe.each(BUILDS)("models equal Keras on the %s build", (build) => {
  useBuild(build);

  it("knows the cases", () => expect(cases.length).toBeGreaterThan(25));

  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => runCase(c));
});
