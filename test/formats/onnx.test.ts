import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { readModel } from "../../src/formats";
import { type GraphProtoSchema, ModelProtoSchema } from "../../src/formats/generated/onnx_pb";
import type { OnnxGraph, OnnxSpec, OnnxTensor } from "../../src/spec";
import { bytesOf, file, random, sharedModel } from "./support";

const expected = JSON.parse(new TextDecoder().decode(file("files/expected_onnx.json"))) as {
  tensors: Record<string, { shape: number[]; data: number[] }>;
};
const read = async (bytes: Uint8Array, options = {}): Promise<OnnxSpec> => {
  const spec = await readModel(bytes, { name: "m.onnx", ...options });
  if (spec.format !== "onnx") throw new Error(spec.format);
  return spec;
};
const sameNumbers = (tensor: OnnxTensor | undefined, name: string) => {
  expect({ shape: tensor?.shape, data: [...(tensor?.data ?? [])] }, name).toEqual(expected.tensors[name]);
};

describe("an ONNX file of others", () => {
  it("gives tensors of every type, from bytes and from lists", async () => {
    const { graph } = await read(file("files/types.onnx"));
    for (const [name, tensor] of graph.initializers) sameNumbers(tensor, name);
    expect(graph.initializers.size).toBe(26);
    expect(graph.initializers.get("raw int64")).toMatchObject({ dtype: "int64", data: expect.any(Float64Array) });
    expect(graph.initializers.get("raw float16")).toMatchObject({ dtype: "float16", data: expect.any(Float32Array) });
  });

  it("gives nodes with attributes of every kind, and branches", async () => {
    const { graph, producer, opsets } = await read(file("files/graph.onnx"));
    expect([producer, opsets.get("")]).toEqual(["helper", 17]);
    expect(graph.inputs).toEqual([{ name: "x", dtype: "float32", shape: ["batch", null, 3] }]);
    expect(graph.outputs).toEqual([{ name: "y", dtype: "float32", shape: null }]);
    sameNumbers(graph.initializers.get("W"), "W");
    const [lstm, , branches] = graph.nodes;
    expect(lstm).toMatchObject({ op: "LSTM", domain: "", name: "rnn", inputs: ["x", "W", "R", "", "", "", ""] });
    expect(lstm!.outputs).toEqual(["Y", "", "Yc"]);
    expect(Object.fromEntries(lstm!.attributes)).toEqual({
      hidden_size: 2,
      clip: 0.5,
      direction: "forward",
      activations: ["Sigmoid", "Tanh", "Tanh"],
      activation_alpha: [0.25, 1.5],
    });
    const then = branches!.attributes.get("then_branch") as OnnxGraph;
    expect(then.nodes[0]).toMatchObject({ op: "Identity", inputs: ["Y"] });
  });

  it("may keep its weights beside it", async () => {
    const sibling = async (path: string) => file(`files/${path}`);
    const { graph } = await read(file("files/external.onnx"), { sibling });
    sameNumbers(graph.initializers.get("big"), "big");
    await expect(read(file("files/external.onnx"))).rejects.toThrow(
      "m.onnx: expected external.bin beside it, got bytes",
    );
    const short = async () => new Uint8Array(100);
    await expect(read(file("files/external.onnx"), { sibling: short })).rejects.toThrow(
      "m.onnx, big: expected bytes within the 100",
    );
  });

  it("of others: silero-vad", async () => {
    const bytes = sharedModel("silero-vad/silero_vad_16k_op15.onnx");
    if (!bytes) return console.warn("skipped: the shared models are not here");
    const { graph, producer, opsets } = await read(bytes);
    expect([producer, opsets.get(""), graph.nodes.length]).toEqual(["pytorch", 15, 121]);
    expect(graph.inputs.map(({ name }) => name)).toEqual(["input", "state", "sr"]);
    expect(graph.initializers.get("model.decoder.rnn.weight_ih")?.shape).toEqual([512, 128]);
  });
});

type Graph = MessageInitShape<typeof GraphProtoSchema>;
/** A model of one graph, each part of which may be wrong. */
const model = (graph: Graph): Uint8Array => {
  const node = { opType: "Relu", input: ["x"], output: ["y"] };
  const whole = { node: [node], input: [{ name: "x" }], output: [{ name: "y" }], ...graph };
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, graph: whole }));
};
const node = (input: string[], output: string[], attribute = {}) => ({ opType: "Op", input, output, ...attribute });
const tensor = (more: object) => ({ initializer: [{ name: "w", dims: [2n], dataType: 1, ...more }] });
const external = (location: string) =>
  tensor({ dataLocation: 1, externalData: [{ key: "location", value: location }] });
const nested = (depth: number): Graph => {
  const inner = depth === 0 ? {} : { attribute: [{ name: "g", type: 5, g: nested(depth - 1) }] };
  return { node: [node([], [`n${depth}`], inner)] };
};

describe("an ONNX file", () => {
  it.each([
    ["no graph", bytesOf([8, 1], [8, 1]), "m.onnx: expected an ONNX graph, got none"],
    ["bytes that are no message", bytesOf([8, 1], [8, 1], [0xff, 1], [0xff, 1]), "m.onnx: expected an ONNX model"],
    ["an unknown name", model({ node: [node(["a"], ["y"])] }), 'm.onnx, Op y: expected inputs made before it, got "a"'],
    ["a circle", model({ node: [node(["b"], ["y"]), node(["y"], ["b"])] }), 'expected inputs made before it, got "b"'],
    [
      "a name made twice",
      model({ node: [node(["x"], ["y"]), node(["x"], ["y"])] }),
      "m.onnx, y: expected a value made once",
    ],
    [
      "an output from nowhere",
      model({ output: [{ name: "z" }] }),
      'm.onnx, outputs: expected values that the graph makes, got "z"',
    ],
    [
      "a tensor of too few bytes",
      model(tensor({ rawData: new Uint8Array(4) })),
      "m.onnx, w: expected 8 bytes for float32 [2], got 4",
    ],
    [
      "a list of too many numbers",
      model(tensor({ floatData: [1, 2, 3] })),
      "m.onnx, w: expected 2 numbers for [2], got 3",
    ],
    ["a negative dimension", model(tensor({ dims: [-2n] })), "expected a shape of non-negative whole numbers"],
    ["a huge dimension", model(tensor({ dims: [2n ** 62n, 4n] })), "expected a shape"],
    ["texts", model(tensor({ dataType: 8 })), "m.onnx, w: expected numbers of 8 to 64 bits, got ONNX data type 8"],
    ["a sparse tensor", model({ sparseInitializer: [{}] }), "m.onnx: expected dense tensors, got a sparse initializer"],
    [
      "an attribute of no kind",
      model({ node: [node(["x"], ["y"], { attribute: [{ name: "a", type: 14 }] })] }),
      "m.onnx, Op y, a: expected numbers",
    ],
    ["deep branches", model(nested(70)), "m.onnx: expected at most 128 levels of nesting"],
    [
      "a path that leads away",
      model(external("../../etc/passwd")),
      "m.onnx, w, location: expected a path beside this file",
    ],
    ["an absolute path", model(external("/etc/passwd")), "m.onnx, w, location: expected a path beside this file"],
    ["a path that is none", model(external("")), "m.onnx, w, location: expected a path beside this file"],
  ])("is refused for %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
  });

  it("is refused before it fills the memory with small messages", async () => {
    const many = new Uint8Array(2_000_000); // a million empty nodes: field 1, length 0
    for (let i = 0; i < many.length; i += 2) many[i] = 0x0a;
    const length = [0x80 | (2_000_000 & 127), 0x80 | ((2_000_000 >> 7) & 127), 2_000_000 >> 14] as const;
    const head = bytesOf([8, 1], [8, 1], [0x3a, 1], ...length.map((byte) => [byte, 1] as const));
    const bytes = new Uint8Array(head.length + many.length);
    bytes.set(head);
    bytes.set(many, head.length);
    await expect(read(bytes, { limits: { bytes: 1e8 } })).rejects.toThrow(
      "m.onnx: expected at most 100000000 unpacked bytes",
    );
  });

  it("with damage is a typed error or goes unseen", async () => {
    const next = random(6);
    for (const name of ["types.onnx", "graph.onnx"]) {
      const whole = file(`files/${name}`);
      for (let round = 0; round < 300; round++) {
        const bytes = round % 5 === 0 ? whole.slice(0, next(whole.length)) : whole.slice();
        for (let flips = 1 + next(6); flips > 0 && bytes.length > 0; flips--)
          bytes[next(bytes.length)]! ^= 1 << next(8);
        await readModel(bytes).catch((e: unknown) => expect(e).toMatchObject({ brand: "recurra.error" }));
      }
    }
  });
});
