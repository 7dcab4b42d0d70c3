/** ONNX's own node tests of LSTM, GRU and RNN, each as a model of one node. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OnnxModel } from "../../src/onnx/model";
import type { OnnxAttribute, OnnxSpec } from "../../src/spec";
import { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, useBuild } from "../support";

const FILE = new URL("../../../shared/conformance/onnx_vectors.json", import.meta.url);

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly id: string;
  readonly op_type: string;
  readonly opset: number;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly expected: Readonly<Record<string, Numbers>>;
  readonly atol: number;
  readonly rtol: number;
}

const INPUTS = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"];
const OUTPUTS = ["Y", "Y_h", "Y_c"];
const DATA = ["X", "initial_h", "initial_c"];

/** Weights and lengths are constants, the rest is data. */
function specOf({ id, op_type: op, opset, attributes, inputs, expected }: Case): OnnxSpec {
  const names = (all: readonly string[], of: object) => all.map((name) => (Object.hasOwn(of, name) ? name : ""));
  const present = Object.entries(inputs);
  const initializers = present
    .filter(([name]) => !DATA.includes(name))
    .map(([name, { shape, data }]) => {
      const whole = name === "sequence_lens";
      const numbers = whole ? Float64Array.from(data) : Float32Array.from(data);
      return [name, { shape, dtype: whole ? "int32" : "float32", data: numbers }] as const;
    });
  const value = ([name, { shape }]: [string, Numbers]) => ({ name, dtype: "float32", shape });
  const node = {
    ...{ op, domain: "", name: "node", inputs: names(INPUTS, inputs), outputs: names(OUTPUTS, expected) },
    attributes: new Map(Object.entries(attributes)),
  };
  const graph = {
    name: id,
    nodes: [node],
    initializers: new Map(initializers),
    inputs: present.filter(([name]) => DATA.includes(name)).map(value),
    outputs: Object.entries(expected).map(value),
  };
  return { format: "onnx", name: id, producer: "", opsets: new Map([["", opset]]), graph, ignored: [] };
}

const cases: Case[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : [];

it.skipIf(cases.length === 0)("all 18 vectors are there", () => {
  expect(cases).toHaveLength(18);
});

describe.skipIf(cases.length === 0).each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
    const model = new OnnxModel(specOf(c));
    const tensors = model.inputs.map(({ name }) => {
      const { shape, data } = c.inputs[name] as Numbers;
      return new Tensor(shape, "float32", Float32Array.from(data));
    });
    const results = model.predict(tensors);
    const list = results instanceof Tensor ? [results] : results;
    expect(list).toHaveLength(Object.keys(c.expected).length);
    Object.values(c.expected).forEach((wanted, k) => {
      expectClose(list[k] as Tensor, wanted, c.atol, c.rtol);
    });
  });
});
