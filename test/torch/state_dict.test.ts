/** State dicts that PyTorch wrote give PyTorch's numbers; generate.py makes them. */
import { describe, expect, it } from "vitest";
import { loadModel, type TorchModule } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { file } from "../formats/support";
import { BUILDS, expectClose, useBuild } from "../support";

interface Case {
  file: string;
  torch: TorchModule[] | null;
  dtype: "float32" | "int32";
  input: { shape: number[]; data: number[] };
  output: { shape: number[]; data: number[] };
}

const { cases } = JSON.parse(new TextDecoder().decode(file("../torch/files/expected.json"))) as {
  cases: Record<string, Case>;
};
const bytesOf = (name: string) => file(`../torch/files/${name}.safetensors`);

/** float32 on both sides, sums in another order. */
const TOLERANCE = 2e-6;

const { projected: _, ...sound } = cases;

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each(Object.entries(sound))("%s", async (_, { file: name, torch, dtype, input, output }) => {
    const model = await loadModel(bytesOf(name), torch ? { torch } : {});
    const data = dtype === "int32" ? Int32Array.from(input.data) : Float32Array.from(input.data);
    expectClose(model.predict(new Tensor(input.shape, dtype, data)) as Tensor, output, TOLERANCE, TOLERANCE);
    expect(model.loadReport?.format).toBe("safetensors");
  });
});

describe("an LSTM with proj_size", () => {
  it("is refused by name", async () => {
    const torch = [{ type: "lstm" }] as const;
    const message = "model, weight_hr_l0: expected an LSTM without proj_size, got one with it";
    for (const options of [{ torch }, {}]) {
      await expect(loadModel(bytesOf("projected"), options)).rejects.toThrow(message);
    }
  });
});

it("streams what it can stream", async () => {
  const model = await loadModel(bytesOf("two_modules"));
  const { input, output } = cases.two_modules!;
  const stream = model.createStream();
  const width = output.shape[2]!;
  for (let t = 0; t < 4; t++) {
    const y = stream.step(input.data.slice(3 * t, 3 * t + 3));
    expectClose(
      { shape: [width], data: y },
      { shape: [width], data: output.data.slice(width * t, width * (t + 1)) },
      TOLERANCE,
      TOLERANCE,
    );
  }
});
