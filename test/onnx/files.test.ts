/** ONNX files by real exporters, and files of single nodes, against onnxruntime; see test/fixtures/onnx/generate.py. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/load";
import { type DType, Tensor, tensor } from "../../src/tensor";
import { BUILDS, expectClose, useBuild } from "../support";

const FOLDER = new URL("../fixtures/onnx/", import.meta.url);
const TOLERANCE = 1e-5;

interface Plain {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: readonly number[];
}

interface Call {
  readonly inputs: Readonly<Record<string, Plain>>;
  readonly outputs: readonly Plain[];
}

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".onnx"))
  .map((file) => file.replace(/\.onnx$/, ""));

const toTensor = ({ shape, dtype, data }: Plain) => tensor(Float32Array.from(data), shape, dtype);

it("every kind of file is there", () => {
  for (const kind of ["torch_", "keras_", "nodes_", "tf2onnx_"]) {
    expect(names.filter((name) => name.startsWith(kind)).length, kind).toBeGreaterThan(0);
  }
});

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each(names)("%s", async (name) => {
    const model = await loadModel(new Uint8Array(readFileSync(new URL(`${name}.onnx`, FOLDER))), { onnx: {} });
    const { calls }: { calls: readonly Call[] } = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
    expect(calls.length).toBeGreaterThan(0);
    for (const { inputs, outputs } of calls) {
      const given = Object.fromEntries(Object.entries(inputs).map(([key, plain]) => [key, toTensor(plain)]));
      const results = model.predict(given);
      const list = results instanceof Tensor ? [results] : results;
      expect(list).toHaveLength(outputs.length);
      outputs.forEach((wanted, k) => {
        const got = list[k] as Tensor;
        expect(got.dtype, model.outputs[k]?.name).toBe(wanted.dtype);
        expectClose(got, wanted, TOLERANCE, TOLERANCE);
      });
    }
  });
});
