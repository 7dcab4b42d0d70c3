/** Models as JSON and as plain data: away and back, with nothing lost, and as Keras itself writes them. */
import { readdirSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { FormatError, UnsupportedError, WeightError } from "../../src/errors";
import {
  input,
  layers,
  loadModel,
  type Model,
  model,
  modelFromJSON,
  modelFromParts,
  ops,
  registerLayer,
  sequential,
  Tensor,
} from "../../src/index";
import { goldenModel, modelBytes } from "../fixtures/golden";
import { randomTensor } from "../support";

const names = readdirSync(new URL("../fixtures/models", import.meta.url))
  .filter((file) => file.endsWith(".keras") && !file.includes("npz"))
  .map((file) => file.replace(/\.keras$/, ""));

type Json = Record<string, unknown>;
const outputs = (m: Model, inputs: readonly Tensor[]) =>
  [m.predict(inputs)].flat().map((t) => ({ shape: (t as Tensor).shape, data: Array.from((t as Tensor).data) }));

/**
 * What decides a graph, of Keras' configuration or ours: arguments that say no, and types, are left out; one initial
 * state may stand alone or in a list.
 */
function skeleton(config: Json): unknown {
  const says = (value: unknown): boolean =>
    Array.isArray(value) ? value.some(says) : value !== null && value !== false;
  const node = ({ args, kwargs }: Json) => ({
    args,
    kwargs: Object.fromEntries(
      Object.entries(kwargs as Json).flatMap(([key, value]) =>
        says(value) ? [[key, key === "initial_state" ? [value].flat() : value]] : [],
      ),
    ),
  });
  const layer = ({ module, class_name, registered_name, name, config: own, inbound_nodes }: Json) => ({
    ...{ module, class_name, registered_name, name: name ?? (own as Json).name },
    nodes: (inbound_nodes as Json[] | undefined)?.map(node),
    inside: "layers" in (own as Json) ? skeleton(own as Json) : undefined,
  });
  const { name, layers: list, input_layers, output_layers, build_input_shape } = config;
  return { name, list: (list as Json[]).map(layer), input_layers, output_layers, build_input_shape };
}

describe.each(names)("%s", (name) => {
  const given = () => goldenModel(name).calls[0]!.inputs.map((t) => new Tensor(t.shape, t.dtype, t.data));

  it("goes to JSON and comes back", async () => {
    const m = await loadModel(modelBytes(name));
    const copy = modelFromJSON(JSON.stringify(m));
    expect(copy.toJSON()).toEqual(m.toJSON());
    copy.setWeights(m.getWeights());
    expect(outputs(copy, given())).toEqual(outputs(m, given()));
  });

  it("goes through a channel as parts and comes back", async () => {
    const m = await loadModel(modelBytes(name));
    const transfer: ArrayBuffer[] = [];
    const sent = structuredClone(m.toParts({ transfer }), { transfer });
    expect(transfer).toHaveLength(1);
    expect(transfer[0]?.byteLength).toBe(0);
    expect(outputs(modelFromParts(sent), given())).toEqual(outputs(m, given()));
  });

  it("is drawn in JSON as Keras draws it", async () => {
    const m = await loadModel(modelBytes(name));
    const written = JSON.parse(strFromU8(unzipSync(modelBytes(name))["config.json"]!)) as Json;
    const ours = JSON.parse(JSON.stringify(m)) as Json;
    const dictionary = name === "functional_dictionary" ? { input_layers: 0, output_layers: 0 } : {};
    const [a, b] = [ours, written].map(({ config }) => Object.assign(skeleton(config as Json) as Json, dictionary));
    expect(a).toEqual(b);
    expect({ ...ours, config: 0, build_config: 0 }).toMatchObject({
      module: written.module,
      class_name: written.class_name,
      registered_name: written.registered_name,
    });
  });
});

describe("a model drawn here", () => {
  const x = randomTensor([2, 4, 3], 1);

  it("keeps the mask that counts though there is an initial state, as Keras 2 has it", () => {
    const keras2 = {
      class_name: "Model",
      keras_version: "2.2.4",
      config: {
        name: "m",
        layers: [
          {
            class_name: "InputLayer",
            name: "x",
            config: { batch_input_shape: [null, 4, 3], name: "x" },
            inbound_nodes: [],
          },
          {
            class_name: "InputLayer",
            name: "h",
            config: { batch_input_shape: [null, 2], name: "h" },
            inbound_nodes: [],
          },
          {
            class_name: "Masking",
            name: "k",
            config: { name: "k", mask_value: 0 },
            inbound_nodes: [[["x", 0, 0, {}]]],
          },
          {
            class_name: "SimpleRNN",
            name: "r",
            config: { name: "r", units: 2 },
            inbound_nodes: [
              [
                ["k", 0, 0, {}],
                ["h", 0, 0, {}],
              ],
            ],
          },
        ],
        input_layers: [
          ["x", 0, 0],
          ["h", 0, 0],
        ],
        output_layers: [["r", 0, 0]],
      },
    };
    const m = modelFromJSON(keras2);
    const h = randomTensor([2, 2], 2);
    const padded = new Tensor(x.shape, "float32", x.data.slice().fill(0, 6, 12));
    const weights = m.getWeights();
    const short = modelFromParts(m.toParts());
    const [full] = outputs(m, [padded, h]);
    expect(outputs(short, [padded, h])).toEqual([full]);
    const rnn = layers.simpleRNN({ units: 2 });
    rnn.build([null, null, 3]);
    rnn.setWeights(weights);
    const cut = new Tensor([1, 2, 3], "float32", padded.data.slice(0, 6));
    const alone = rnn.apply(cut, { initialState: new Tensor([1, 2], "float32", h.data.slice(0, 2)) });
    expect(full?.data.slice(0, 2)).toEqual(Array.from(alone.data));
  });

  it("goes on adapting to its data when it did before", () => {
    const m = sequential({ layers: [layers.gru({ units: 2 })] });
    m.predict(x);
    const copy = modelFromJSON(m.toJSON());
    expect(copy.countParams()).toBe(m.countParams());
    expect((copy.predict(randomTensor([1, 9, 3], 1)) as Tensor).shape).toEqual([1, 2]);
  });

  it("keeps a layer that stands inside and outside of a nested model", () => {
    const dense = layers.dense({ units: 3 });
    const inner = sequential({ layers: [layers.inputLayer({ shape: [3] }), dense, layers.dense({ units: 3 })] });
    const from = input({ shape: [3] });
    const m = model({ inputs: from, outputs: dense.apply(inner.apply(from)) });
    expect(m.getWeights()).toHaveLength(4);
    const row = randomTensor([2, 3], 3);
    expect(outputs(modelFromParts(m.toParts()), [row])).toEqual(outputs(m, [row]));
  });

  it("holds a user's layers, where they are registered", () => {
    const scale = (factor: number) =>
      layers.custom({ className: "Scale", call: (t) => ops.mul(t as Tensor, factor), getConfig: () => ({ factor }) });
    const m = sequential({ layers: [layers.inputLayer({ shape: [3] }), scale(4)] });
    expect(() => modelFromJSON(m.toJSON())).toThrow(UnsupportedError);
    const make = ({ factor }: Readonly<Record<string, unknown>>) => scale(factor as number);
    expect(outputs(modelFromJSON(m.toJSON(), { customLayers: { Scale: make } }), [randomTensor([1, 3], 1)])).toEqual(
      outputs(m, [randomTensor([1, 3], 1)]),
    );
    registerLayer("Scale", make);
    expect(outputs(modelFromParts(structuredClone(m.toParts())), [randomTensor([1, 3], 1)])).toEqual(
      outputs(m, [randomTensor([1, 3], 1)]),
    );
  });
});

describe("what is refused", () => {
  const parts = () => sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] }).toParts();

  it.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["text that is no JSON", () => modelFromJSON("{"), FormatError, "modelFromJSON: expected JSON"],
    ["JSON that is no object", () => modelFromJSON("[1]"), FormatError, "modelFromJSON: expected an object"],
    ["an object that is no model", () => modelFromJSON({}), FormatError, "class_name"],
    [
      "a layer that is no model",
      () => modelFromJSON({ class_name: "Dense", config: { units: 1 } }),
      UnsupportedError,
      "expected a Sequential or a functional model, got Dense",
    ],
    [
      "a Keras before 2",
      () => modelFromJSON({ class_name: "Sequential", config: [], keras_version: "1.2.0" }),
      UnsupportedError,
      "Keras 1.2.0",
    ],
    ["parts that are none", () => modelFromParts({} as never), FormatError, "what model.toParts() gave"],
    [
      "parts with fewer weights",
      () => modelFromParts({ ...parts(), weights: new Float32Array(7) }),
      WeightError,
      "expected 8 numbers, got 7",
    ],
  ])("%s", (_, run, type, message) => {
    expect(run).toThrow(type);
    expect(run).toThrow(message);
  });
});
