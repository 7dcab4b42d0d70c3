/** The next base of DNA; Keras 3.14, .keras: ISIS-4219-Assignments/Assignment-10. The example scores all windows. */
import { expect, it } from "vitest";
// @ts-expect-error: an example in plain JavaScript
import { genesOf, score, windowsOf } from "../../examples/dna_next_base/score.mjs";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { gruReference } from "../reference/gru";
import { lstmReference } from "../reference/lstm";
import { describeModels, pathOf, textOf } from "./support";

/** Every 71st of 2,876,601 windows. */
const EVERY = 71;
const MINUTES = 60_000;

const TWINS = { lstm: lstmReference, gru: gruReference };

describeModels("dna-next-base", () => {
  const genes = genesOf(textOf("dna-next-base/test.csv")) as Int32Array[];

  it("has as many windows as its author counts", () => {
    expect(genes.reduce((sum, gene) => sum + gene.length - 20, 0)).toBe(2_876_601);
  });

  it.each([
    ["lstm", 0.4255, 1.2014],
    ["gru", 0.4145, 1.2177],
  ])(
    "%s gives its figures on every 71st window",
    async (name, accuracy, loss) => {
      const model = await loadModel(pathOf(`dna-next-base/${name}_model.keras`));
      expect(model.loadReport).toMatchObject({ format: "keras", kerasVersion: "3.14.0", ignoredKeys: [] });
      const result = score(model, genes, { every: EVERY });
      expect(result.windows).toBe(40_516);
      expect(result.accuracy).toBeCloseTo(accuracy, 4);
      expect(result.loss).toBeCloseTo(loss, 4);
    },
    10 * MINUTES,
  );

  it.each(["lstm", "gru"] as const)("%s agrees with its float64 twin", async (name) => {
    const model = await loadModel(pathOf(`dna-next-base/${name}_model.keras`));
    const [{ ids }] = windowsOf(genes, 211, 4) as Iterable<{ ids: Int32Array }> & [{ ids: Int32Array }];
    const got = model.predict(new Tensor([4, 20], "int32", ids)) as Tensor;
    const [table, ...weights] = model.getWeights().map(({ data }) => data as Float32Array);
    let x: ArrayLike<number> = Array.from(ids).flatMap((id) => Array.from(table!.subarray(32 * id, 32 * id + 32)));
    const zeros = () => new Float32Array(4 * 128);
    for (const [layer, inputDim] of [32, 128].entries()) {
      const [kernel, recurrentKernel, bias] = weights.slice(3 * layer, 3 * layer + 3) as Float32Array[];
      const shape = {
        batch: 4,
        timesteps: 20,
        inputDim,
        units: 128,
        states: name === "lstm" ? [zeros(), zeros()] : [zeros()],
      };
      x = TWINS[name]({ ...shape, x, kernel: kernel!, recurrentKernel: recurrentKernel!, bias }).y;
    }
    const [kernel, bias] = weights.slice(6) as [Float32Array, Float32Array];
    for (let row = 0; row < 4; row++) {
      const last = Array.from({ length: 128 }, (_, u) => x[(row * 20 + 19) * 128 + u]!);
      const sums = Array.from(bias, (b, k) => last.reduce((sum, h, u) => sum + h * kernel[4 * u + k]!, b));
      const total = sums.reduce((sum, value) => sum + Math.exp(value), 0);
      sums.forEach((value, k) => {
        expect(Math.abs(got.data[4 * row + k]! - Math.exp(value) / total)).toBeLessThan(2e-6);
      });
    }
  });
});
