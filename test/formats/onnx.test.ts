import { describe, expect, it } from "vitest";
import { readModel } from "../../src/formats";
import type { OnnxGraph, OnnxSpec, OnnxTensor } from "../../src/spec";
import { bytesOf, file, NO_SHARED_MODELS, random, sharedModel, text } from "./support";

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

/** A graph of one Relu on an input with one axis of this size. */
function sized(size: bigint): Uint8Array {
  const part = (field: number, value: Uint8Array) => bytesOf([8 * field + 2, 1], [value.length, 1], value);
  const varint = Array.from({ length: 10 }, (_, k) => Number((BigInt.asUintN(64, size) >> BigInt(7 * k)) & 127n) | 128);
  const dimension = part(1, Uint8Array.of(8, ...varint.slice(0, 9), varint[9]! & 127));
  const type = part(2, part(1, bytesOf(Uint8Array.of(8, 1), part(2, dimension))));
  const node = part(1, bytesOf(part(1, text("x")), part(2, text("y")), part(4, text("Relu"))));
  const graph = bytesOf(node, part(11, bytesOf(part(1, text("x")), type)), part(12, part(1, text("y"))));
  return bytesOf(Uint8Array.of(8, 8), part(7, graph));
}

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

  it("tells what it holds that is not read", async () => {
    const training = bytesOf(file("files/graph.onnx"), Uint8Array.of(0xa2, 1, 0)); // field 20, an empty message
    expect((await read(training)).ignored).toEqual(["training_info"]);
    expect((await read(file("files/graph.onnx"))).ignored).toEqual([]);
  });

  it.each([
    [-1n, [null]],
    [7n, [7]],
  ])("may have a size of %d, where TensorFlow writes -1 for one that is not known", async (size, shape) => {
    expect((await read(sized(size))).graph.inputs).toEqual([{ name: "x", dtype: "float32", shape }]);
  });

  it("is refused for a size beyond any memory", async () => {
    await expect(read(sized(2n ** 60n))).rejects.toThrow("m.onnx, x: expected sizes that fit in memory, got 11529");
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

  it.skipIf(NO_SHARED_MODELS)("of others: silero-vad", async () => {
    const bytes = sharedModel("silero-vad/silero_vad_16k_op15.onnx");
    const { graph, producer, opsets } = await read(bytes);
    expect([producer, opsets.get(""), graph.nodes.length]).toEqual(["pytorch", 15, 121]);
    expect(graph.inputs.map(({ name }) => name)).toEqual(["input", "state", "sr"]);
    expect(graph.initializers.get("model.decoder.rnn.weight_ih")?.shape).toEqual([512, 128]);
  });
});

type Value = number | string | Uint8Array;
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
/** A protobuf message, field by field: numbers as varints, texts and messages with their length before them. */
const message = (...fields: [number: number, value: Value][]): Uint8Array => {
  const parts = fields.map(([number, value]) => {
    if (typeof value === "number") return Uint8Array.from([...varint(8 * number), ...varint(value)]);
    const bytes = typeof value === "string" ? text(value) : value;
    return Uint8Array.from([...varint(8 * number + 2), ...varint(bytes.length), ...bytes]);
  });
  return bytesOf(...parts);
};
const [NODE, TENSOR, INPUT, OUTPUT, SPARSE] = [1, 5, 11, 12, 15];
const node = (inputs: string[], output: string, ...more: [number, Value][]) =>
  message(...inputs.map((name): [number, Value] => [1, name]), [2, output], [4, "Op"], ...more);
const tensor = (...more: [number, Value][]) => message([8, "w"], [1, 2], [2, 1], ...more);
const external = (location: string) => tensor([14, 1], [13, message([1, "location"], [2, location])]);
const named = (name: string) => message([1, name]);
/** A model of one graph with x and, unless another node is given, a node that makes y. */
const model = (...parts: [number, Uint8Array][]) => {
  const nodes: [number, Value][] = parts.some(([part]) => part === NODE) ? [] : [[NODE, node(["x"], "y")]];
  return message([1, 8], [7, message([INPUT, named("x")], ...parts, ...nodes, [OUTPUT, named("y")])]);
};
const nested = (depth: number): Uint8Array =>
  depth === 0
    ? message()
    : message([NODE, node([], `n${depth}`, [5, message([1, "g"], [20, 5], [6, nested(depth - 1)])])]);

describe("an ONNX file", () => {
  it.each([
    ["no graph", message([1, 8]), "m.onnx: expected an ONNX graph, got none"],
    ["bytes that are no message", bytesOf([8, 1], [8, 1], [0xff, 1], [0xff, 1]), "m.onnx: expected an ONNX model"],
    [
      "a message longer than the one around it",
      bytesOf([8, 1], [8, 1], [0x3a, 1], [9, 1], [10, 1], [9, 1]),
      "m.onnx: expected messages that end",
    ],
    ["a number where a message is", message([1, 8], [7, 3]), "m.onnx: expected a message at graph, got a number"],
    ["an unknown name", model([NODE, node(["a"], "y")]), 'm.onnx, Op y: expected inputs made before it, got "a"'],
    ["a circle", model([NODE, node(["b"], "y")], [NODE, node(["y"], "b")]), 'expected inputs made before it, got "b"'],
    [
      "a name made twice",
      model([NODE, node(["x"], "y")], [NODE, node(["x"], "y")]),
      "m.onnx, y: expected a value made once",
    ],
    [
      "an output from nowhere",
      model([OUTPUT, named("z")]),
      'm.onnx, outputs: expected values that the graph makes, got "z"',
    ],
    [
      "a tensor of too few bytes",
      model([TENSOR, tensor([9, "four"])]),
      "m.onnx, w: expected 8 bytes for float32 [2], got 4",
    ],
    [
      "a list of too many numbers",
      model([TENSOR, tensor([4, new Uint8Array(12)])]),
      "m.onnx, w: expected 2 numbers for [2], got 3",
    ],
    ["a huge dimension", model([TENSOR, tensor([1, 2 ** 50], [1, 2 ** 50])]), "expected a shape that fits in memory"],
    ["texts", model([TENSOR, tensor([2, 8])]), "m.onnx, w: expected numbers of 8 to 64 bits, got ONNX data type 8"],
    ["a sparse tensor", model([SPARSE, message()]), "m.onnx: expected dense tensors, got a sparse initializer"],
    [
      "an attribute of no kind",
      model([NODE, node(["x"], "y", [5, message([1, "a"], [20, 14])])]),
      "m.onnx, Op y, a: expected numbers",
    ],
    [
      "deep branches",
      model([NODE, node([], "y", [5, message([20, 5], [6, nested(70)])])]),
      "m.onnx: expected at most 128 levels of nesting",
    ],
    [
      "a path that leads away",
      model([TENSOR, external("../../etc/passwd")]),
      "m.onnx, w, location: expected a path beside this file",
    ],
    [
      "an absolute path",
      model([TENSOR, external("/etc/passwd")]),
      "m.onnx, w, location: expected a path beside this file",
    ],
    ["a path that is none", model([TENSOR, external("")]), "m.onnx, w, location: expected a path beside this file"],
  ])("is refused for %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
  });

  it("is refused before it fills the memory with small messages", async () => {
    const many = new Uint8Array(2_000_000).fill(10).map((byte, i) => (i % 2 === 0 ? byte : 0)); // a million empty nodes
    const bytes = message([1, 8], [7, many]);
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
