import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type FunctionalGraph, readGraph } from "../../src/config/graph";
import { readValue, tensorsIn } from "../../src/config/references";
import type { JsonObject } from "../../src/spec";

const ref = (layer: string, node = 0, tensor = 0) => ({ kind: "tensor", layer, node, tensor });
type History = (string | number)[];
const keras3 = (...keras_history: History) => ({ class_name: "__keras_tensor__", config: { keras_history } });
const layer = (name: string, inbound_nodes: unknown[]) => ({
  name,
  class_name: "Dense",
  config: { name },
  inbound_nodes,
});
const graph = (
  layers: unknown[],
  ends: [unknown, unknown] = [
    ["a", 0, 0],
    ["b", 0, 0],
  ],
): FunctionalGraph => {
  const [input_layers, output_layers] = ends;
  return readGraph({ name: "m", layers, input_layers, output_layers } as JsonObject, "m");
};

describe("readGraph", () => {
  it("reads calls of Keras 3, tensors in args and kwargs at any depth", () => {
    const call = {
      args: [[keras3("a", 0, 0), keras3("h", 1, 2)]],
      kwargs: { initial_state: [keras3("h", 0, 0)], mask: null },
    };
    const h = layer("h", [
      { args: [keras3("a", 0, 0)], kwargs: {} },
      { args: [keras3("a", 0, 0)], kwargs: {} },
    ]);
    const { layers, order } = graph([layer("b", [call]), h, layer("a", [])]);
    expect(layers[0]!.calls[0]).toEqual({
      dialect: 3,
      args: [{ kind: "list", items: [ref("a"), ref("h", 1, 2)] }],
      kwargs: { initial_state: { kind: "list", items: [ref("h")] }, mask: { kind: "value", value: null } },
    });
    expect(order.map(({ layer, node }) => `${layer.name} ${node}`)).toEqual(["a 0", "h 0", "h 1", "b 0"]);
  });

  it("reads calls of Keras 2 in their three spellings", () => {
    const one = graph([layer("a", []), layer("b", [[["a", 0, 0, { training: false }]]])]).layers[1]!;
    expect(one.calls).toEqual([
      { dialect: 2, args: [ref("a")], kwargs: { training: { kind: "value", value: false } } },
    ]);
    const bare = graph([layer("a", []), layer("b", [["a", 0, 0, { y: ["a", 0, 0] }]])]).layers[1]!;
    expect(bare.calls).toEqual([{ dialect: 2, args: [ref("a")], kwargs: { y: ref("a") } }]);
    const states = graph([
      layer("a", []),
      layer("c", []),
      layer("b", [
        [
          ["a", 0, 0, {}],
          ["c", 0, 0, {}],
        ],
      ]),
    ]).layers[2]!;
    expect(states.calls[0]!.args).toEqual([{ kind: "list", items: [ref("a"), ref("c")] }]);
    const constant = graph([
      layer("a", []),
      layer("b", [
        [
          ["a", 0, 0, {}],
          ["_CONSTANT_VALUE", -1, 2.5, {}],
        ],
      ]),
    ]).layers[1]!;
    expect(constant.calls[0]!.args).toEqual([{ kind: "list", items: [ref("a"), { kind: "value", value: 2.5 }] }]);
  });

  it("reads ends as one triple, a list or an object", () => {
    const layers = [layer("a", []), layer("b", [[["a", 0, 0, {}]]])];
    expect(graph(layers).inputs).toEqual(ref("a"));
    const ends = graph(layers, [[["a", 0, 0]], { y: ["b", 0, 0] }]);
    expect(ends.inputs).toEqual({ kind: "list", items: [ref("a")] });
    expect(ends.outputs).toEqual({ kind: "object", entries: { y: ref("b") } });
  });

  it("counts the calls of a model inside a model from 0, as its writer may not have", () => {
    const inner = (calls: unknown[]) => ({
      ...layer("i", calls),
      class_name: "Model",
      config: { name: "i", layers: [] },
    });
    const twice = [[["a", 0, 0]], [["a", 0, 0]]];
    const ends = (node: number): [unknown, unknown] => [
      [["a", 0, 0]],
      [
        ["i", node, 0],
        ["b", 0, 0],
      ],
    ];
    const read = (first: number) => {
      const { layers, outputs } = graph(
        [layer("a", []), inner(twice), layer("b", [[["i", first, 0]]])],
        ends(first + 1),
      );
      return [...layers[2]!.calls[0]!.args, ...tensorsIn(outputs)];
    };
    expect(read(1)).toEqual([ref("i", 0), ref("i", 1), ref("b")]);
    expect(read(0)).toEqual([ref("i", 0), ref("i", 1), ref("b")]);
  });

  it("finds its way through a long chain", () => {
    const chain = Array.from({ length: 5000 }, (_, i) => layer(`l${i}`, i === 0 ? [] : [[[`l${i - 1}`, 0, 0, {}]]]));
    const { order } = graph(chain.reverse(), [
      ["l0", 0, 0],
      ["l4999", 0, 0],
    ]);
    expect(order.map(({ layer }) => layer.name)).toEqual(chain.map(({ name }) => name).reverse());
  });

  it.each([
    ["a circle", [layer("a", [[["b", 0, 0]]]), layer("b", [[["a", 0, 0]]])], "a graph without circles"],
    [
      "a layer that feeds itself",
      [layer("a", []), layer("b", [[["b", 0, 0]]])],
      "a graph without circles, got one through b",
    ],
    [
      "a name twice",
      [layer("a", []), layer("b", []), layer("a", [])],
      'm.layers: expected different names, got "a" twice',
    ],
    [
      "an unknown layer",
      [layer("a", []), layer("b", [[["x", 0, 0]]])],
      'm.b: expected references to layers of this model, got "x"',
    ],
    ["an unknown call", [layer("a", []), layer("b", [[["a", 3, 0]]])], "m.b.a: expected calls 0 to 0, got 3"],
    ["a negative call", [layer("a", []), layer("b", [[["a", -1, 0]]])], "[layer name, call number, output number]"],
    ["no layers", null, "m.layers: expected a list, got null"],
    ["a layer without a name", [{ class_name: "Dense" }], "m.layers[0].name: expected a name, got undefined"],
    ["code", [layer("a", []), layer("b", [{ args: [{ class_name: "__lambda__", config: {} }] }])], "no code in a file"],
    [
      "an unknown tag",
      [layer("a", []), layer("b", [{ args: [{ class_name: "__x__" }] }])],
      "an argument that Keras writes",
    ],
  ])("refuses %s", (_, layers, message) => {
    expect(() => graph(layers as unknown[])).toThrow(message);
  });
});

describe("readValue", () => {
  it("reads slices, ellipses and arrays", () => {
    const slice = { class_name: "__slice__", config: { start: null, stop: -1, step: keras3("a", 0, 0) } };
    const value = readValue([slice, { class_name: "__ellipsis__", config: {} }], "m");
    expect(value).toEqual({
      kind: "list",
      items: [
        { kind: "slice", start: { kind: "value", value: null }, stop: { kind: "value", value: -1 }, step: ref("a") },
        { kind: "ellipsis" },
      ],
    });
    expect(tensorsIn(value)).toEqual([ref("a")]);
    const array = { class_name: "__numpy__", config: { value: [1, 2], dtype: "int32" } };
    expect(readValue(array, "m")).toEqual({ kind: "array", dtype: "int32", values: [1, 2] });
  });
});

describe("a file that Keras wrote", () => {
  const file = (name: string): JsonObject => {
    const path = new URL(`../fixtures/models/${name}.keras`, import.meta.url);
    const config = unzipSync(readFileSync(path))["config.json"]!;
    return (JSON.parse(new TextDecoder().decode(config)) as { config: JsonObject }).config;
  };

  it("slices and computes among its layers", () => {
    const { order } = readGraph(file("functional_slice_and_arithmetic"), "m");
    const operations = order.filter(({ layer }) => layer.spec.module?.startsWith("keras.src.ops"));
    expect(operations.map(({ layer }) => layer.spec.className)).toEqual(
      expect.arrayContaining(["GetItem", "Multiply"]),
    );
  });

  it("has a model inside that is called twice", () => {
    const { layers, outputs } = readGraph(file("functional_nested_functional"), "m");
    expect(layers.find(({ name }) => name === "inner")!.calls.length).toBe(2);
    expect(outputs).toEqual({ kind: "list", items: [ref("lstm"), ref("inner", 0, 1)] });
  });

  it("has two inputs and two outputs", () => {
    const { inputs, outputs } = readGraph(file("functional_two_in_two_out"), "m");
    expect([tensorsIn(inputs).length, tensorsIn(outputs).length]).toEqual([2, 2]);
  });
});
