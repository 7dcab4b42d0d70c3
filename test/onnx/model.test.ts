/** What can be asked of a model from ONNX: inputs in all forms, streams, options, and refusals that name the place. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/errors";
import { loadModel } from "../../src/load";
import { OnnxModel } from "../../src/onnx/model";
import type { OnnxOptions } from "../../src/onnx/options";
import { isSound, Live } from "../../src/onnx/value";
import { Slab } from "../../src/ops/slab";
import type { OnnxAttribute, OnnxSpec } from "../../src/spec";
import { type Tensor, tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

const bytes = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/onnx/${name}.onnx`, import.meta.url)));

/** A graph of one node on a [batch, 4] input. */
function oneNode(op: string, attributes: Record<string, OnnxAttribute> = {}, inputs = ["x"], domain = ""): OnnxSpec {
  const node = { op, domain, name: "it", inputs, outputs: ["y"], attributes: new Map(Object.entries(attributes)) };
  const value = (name: string) => ({ name, dtype: "float32", shape: ["batch", 4] });
  const graph = { name: "g", nodes: [node], initializers: new Map(), inputs: [value("x")], outputs: [value("y")] };
  return { format: "onnx", name: "m.onnx", producer: "me", opsets: new Map([["", 17]]), graph, ignored: [] };
}

/** The file with states: its outputs but the first are states, named after the inputs. */
async function carried(onnx: Partial<OnnxOptions> = {}): Promise<OnnxModel> {
  const { outputs } = await loadModel(bytes("torch_carried"), { onnx: {} });
  const [h, c] = outputs.slice(1).map(({ name }) => name) as [string, string];
  return loadModel(bytes("torch_carried"), { onnx: { state: { [h]: "h0", [c]: "c0" }, ...onnx } });
}

describe.each(BUILDS)("on the %s build", (build) => {
  useBuild(build);

  it("streams what it predicts, for several sequences at once", async () => {
    const model = await carried();
    const x = randomTensor([5, 3, 3], 1);
    const [whole] = model.predict(x) as readonly [Tensor];
    const stream = model.createStream({ batch: 3 });
    expect(stream.inputs).toHaveLength(1);
    expect(stream.outputs).toHaveLength(1);
    const steps = Array.from({ length: 5 }, (_, t) => [...stream.step(x.data.subarray(9 * t, 9 * t + 9))]);
    expectClose(tensor(steps.flat(), [5, 3, 2]), whole, 1e-6, 1e-6);
    const kept = stream.getState();
    const again = [...stream.step(x.data.subarray(0, 9))];
    stream.setState(kept);
    expect([...stream.step(x.data.subarray(0, 9))]).toEqual(again);
    stream.reset();
    expect([...stream.step(x.data.subarray(0, 9))]).toEqual(steps[0]);
  });

  it("takes one tensor, a list or names, with states or without", async () => {
    const model = await carried();
    const x = randomTensor([4, 2, 3], 2);
    const zeros = tensor(new Float32Array(18), [1, 2, 9]);
    const wanted = (model.predict(x) as readonly Tensor[])[0] as Tensor;
    for (const given of [[x], [x, zeros, zeros], { x }, { c0: zeros, x, h0: zeros }]) {
      expectClose((model.predict(given) as readonly Tensor[])[0] as Tensor, wanted, 0, 0);
    }
  });

  it("looks ids up and refuses those that there are not", async () => {
    const model = await loadModel(bytes("torch_tagger_lstm"), { onnx: {} });
    expect((model.predict([[1, 2, 3]]) as Tensor).shape).toEqual([1, 4]);
    expect(() => model.predict([[1, 11]])).toThrow(/Gather\): expected indices from 0 to 10, got 11/);
    expect(() => model.predict([[1, 0.5]])).toThrow(/expected numbers of type int64/);
  });
});

describe("batches", () => {
  it("give the same numbers, tell how far they are, and stop when they are told to", async () => {
    const model = await loadModel(bytes("torch_tagger_lstm"), { onnx: {} });
    const x = Array.from({ length: 7 }, (_, k) => [k, (3 * k) % 11, 5]);
    const whole = model.predict(x) as Tensor;
    expect(model.predict(x, { batchSize: 3 })).toEqual(whole);
    const seen: number[][] = [];
    const options = { batchSize: 3, onProgress: (done: number, all: number) => seen.push([done, all]) };
    expect(await model.predictAsync(x, options)).toEqual(whole);
    expect(seen).toEqual([3, 6, 7].map((done) => [done, 7]));
    expect(await model.predictAsync(x)).toEqual(whole);
    const reason = new Error("enough");
    const controller = new AbortController();
    const stopped = model.predictAsync(x, {
      batchSize: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);
  });

  it("are refused where the first axis does not count samples", async () => {
    const open = oneNode("ReduceSum", { keepdims: 0 });
    const summed = new OnnxModel({ ...open, opsets: new Map([["", 11]]) });
    expect(() => summed.predict(randomTensor([4, 4], 1), { batchSize: 2 })).toThrow(
      "m.onnx, output y: expected 2 rows for as many samples, or no batchSize, got []",
    );
    const fixed = new OnnxModel(oneNode("Relu"), { inputShapes: { x: [2, null] } });
    expect(() => fixed.predict(randomTensor([2, 4], 1), { batchSize: 1 })).toThrow(
      "m.onnx, batchSize: expected inputs whose first axis is open, got [2, 4]",
    );
  });
});

it("warms up without a trace", async () => {
  const model = await carried();
  const x = randomTensor([4, 2, 3], 2);
  const before = model.predict(x);
  model.warmup([4, 2, 3]);
  expect(model.predict(x)).toEqual(before);
  expect(() => model.warmup([4, 2, 5])).toThrow(ShapeError);
});

it("reports what it does not use, and types that are computed in float32", async () => {
  const { loadReport } = await loadModel(bytes("torch_tagger_lstm"), { onnx: {} });
  expect(loadReport).toEqual({
    format: "onnx",
    producer: "pytorch",
    computedInFloat32: [],
    ignoredKeys: [],
    ignored: [],
  });
  const { graph, ...spec } = oneNode("Relu");
  const half = { shape: [1], dtype: "float16", data: Float32Array.of(1) };
  const odd = { ...spec, ignored: ["functions"], graph: { ...graph, initializers: new Map([["w", half]]) } };
  expect(new OnnxModel(odd).loadReport).toMatchObject({ computedInFloat32: ["float16"], ignored: ["functions"] });
});

describe("refusals", () => {
  it("name the node that is not done", () => {
    expect(() => new OnnxModel(oneNode("Loop"))).toThrow(
      "m.onnx, node it (Loop): expected an operator that is done here",
    );
    expect(() => new OnnxModel(oneNode("Relu", {}, ["x"], "com.acme"))).toThrow("got com.acme.Relu");
    expect(() => new OnnxModel(oneNode("constructor"))).toThrow("got constructor");
  });

  it("name the node whose attribute or input does not fit", () => {
    const run = (spec: OnnxSpec) => () => new OnnxModel(spec).predict(randomTensor([2, 4], 3));
    expect(run(oneNode("Transpose", { perm: [0, 0] }))).toThrow("m.onnx, node it (Transpose)");
    expect(run(oneNode("Softmax", { axis: 5 }))).toThrow("m.onnx, node it (Softmax)");
    expect(run(oneNode("Flatten", { axis: "one" }))).toThrow('expected a number for axis, got "one"');
    expect(run(oneNode("Reshape", {}, ["x", "x"]))).toThrow("expected constant shape (input 1), got computed numbers");
    expect(run(oneNode("Add"))).toThrow("expected an input 1, got nothing");
    const cut = { ...oneNode("Slice", { starts: [0], ends: [] }), opsets: new Map([["", 9]]) };
    expect(run(cut)).toThrow("m.onnx, node it (Slice): expected attributes and inputs that fit together");
    expect(run(oneNode("If", {}, ["x"]))).toThrow("(If): expected a condition that follows from shapes and constants");
  });

  it("of what an operator did not foresee", () => {
    const odd = new Map<string, OnnxAttribute>();
    odd.get = () => {
      throw new TypeError("odd");
    };
    const { graph, ...rest } = oneNode("Softmax");
    const nodes = graph.nodes.map((node) => ({ ...node, attributes: odd }));
    const model = new OnnxModel({ ...rest, graph: { ...graph, nodes } });
    expect(() => model.predict([[1, 2, 3, 4]])).toThrow(
      "(Softmax): expected attributes and inputs that fit together, got odd",
    );
  });

  it("of walks that leave their memory", () => {
    const slab = new Slab([4], "float32", { ptr: 0 });
    expect(isSound(new Live(slab, [2, 2], 0, [-1, 1]))).toBe(false);
    expect(isSound(new Live(slab, [3], 2, [1]))).toBe(false);
    expect(isSound(new Live(slab, [2, 2], 1, [-1, 2]))).toBe(true);
  });

  it("of options and shapes", async () => {
    const spec = oneNode("Relu");
    expect(() => new OnnxModel(spec, { constants: { z: 1 } })).toThrow('m.onnx, constants: expected one of x, got "z"');
    expect(() => new OnnxModel(spec, { state: { y: "h" } })).toThrow("m.onnx, state");
    expect(() => new OnnxModel(spec, { inputShapes: { x: [1, 5] } })).toThrow("inputShapes.x: expected [batch, 4]");
    const model = new OnnxModel(spec, { inputShapes: { x: [2, null] } });
    expect(() => model.predict(randomTensor([3, 4], 4))).toThrow("m.onnx, input x: expected [2, 4], got [3, 4]");
    expect(() => model.predict({ z: 1 })).toThrow("expected inputs named x, got z");
    expect(() => model.createStream()).toThrow("m.onnx.createStream: expected states in loadModel's option onnx.state");
    const streaming = await carried();
    expect(() => streaming.createStream({ batch: 0 })).toThrow(
      "createStream, batch: expected a positive integer, got 0",
    );
    const keras = new Uint8Array(
      readFileSync(new URL("../fixtures/models/functional_attention.keras", import.meta.url)),
    );
    await expect(loadModel(keras, { onnx: {} })).rejects.toThrow("expected an ONNX file, got keras");
  });

  it("of constants beyond the limit, which count anew for every set of shapes", () => {
    const value = { shape: [1], dtype: "float32", data: Float32Array.of(2) };
    const { graph, ...rest } = oneNode("Add", {}, ["x", "filled"]);
    const shape = { ...graph.nodes[0]!, op: "Shape", outputs: ["shape"], inputs: ["x"] };
    const filled = {
      ...shape,
      op: "ConstantOfShape",
      inputs: ["shape"],
      outputs: ["filled"],
      attributes: new Map([["value", value]]),
    };
    const spec = { ...rest, graph: { ...graph, nodes: [shape, filled, ...graph.nodes] } };
    const model = new OnnxModel(spec, {}, { bytes: 2000 });
    for (let batch = 1; batch < 100; batch++) model.predict(randomTensor([batch, 4], 5));
    expect(() => model.predict(randomTensor([251, 4], 5))).toThrow(
      "m.onnx, node it (ConstantOfShape): expected at most 4000 bytes of constants, got 4016",
    );
  });

  it("after dispose", () => {
    const model = new OnnxModel(oneNode("Relu"));
    model.predict(randomTensor([2, 4], 5));
    model.dispose();
    model.dispose();
    expect(() => model.predict(randomTensor([2, 4], 5))).toThrow("m.onnx.predict: expected a model in use");
  });
});

it("a summary tells inputs, outputs, operators and weights", () => {
  const lines: string[] = [];
  const model = new OnnxModel(oneNode("Relu"));
  expect(model.summary({ print: (text) => lines.push(text) })).toBe(`${lines[0]}\n`);
  expect(lines[0]).toContain('Model: "m.onnx" (ONNX 17, written by me)');
  expect(lines[0]).toContain("x  float32 [batch, 4]");
  expect(lines[0]).toContain("Relu");
});
