/** Models of guitar amplifiers: RTNeural's trained ones, and PyTorch's vectors in the words of GuitarML and NAM. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, useBuild } from "../support";

const FOLDER = new URL("../../../shared/conformance/", import.meta.url);

interface Array_ {
  shape: number[];
  data: number[];
}
interface KerasLayer {
  class_name: string;
  config: { units: number; activation?: string; layer?: KerasLayer };
}
interface KerasCase {
  id: string;
  layer: { config: { layers: KerasLayer[] } };
  weights: Array_[];
  input: Array_;
  expected: [Array_];
}
interface TorchCase {
  id: string;
  module: { type: string; input_size: number; hidden_size: number; num_layers: number };
  state_dict: Record<string, Array_>;
  input: Array_;
  h0: Array_;
  c0: Array_;
  expected: { output: Array_ };
}

const read = <C>(file: string) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as C[];
const bytes = (json: object) => new TextEncoder().encode(JSON.stringify(json));
const tensorOf = ({ shape, data }: Array_) => new Tensor(shape, "float32", Float32Array.from(data));

/** [a, b] → nested lists. */
function nested({ shape, data }: Array_): unknown[] {
  const [, columns] = shape;
  if (columns === undefined) return data;
  return Array.from({ length: shape[0]! }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}

/** The case as RTNeural's own JSON says it. */
function rtneural({ layer, weights, input }: KerasCase): object {
  const left = [...weights];
  const layers = layer.config.layers.map((wrapped) => {
    const { class_name: name, config } = wrapped.config.layer ?? wrapped;
    const own = left.splice(0, name === "Dense" ? 2 : 3).map(nested);
    const type = name === "Dense" ? (wrapped.config.layer ? "time-distributed-dense" : "dense") : name.toLowerCase();
    return { type, activation: config.activation ?? "", shape: [null, null, config.units], weights: own };
  });
  return { in_shape: [null, null, input.shape[2]], layers };
}

/** A linear head, and what it makes of the recurrent outputs in float64: Σ weight·h + 0.25. */
const headOf = (units: number) => Array.from({ length: units }, (_, k) => (k % 2 ? -0.5 : 0.75) / (k + 1));
const headed = (outputs: readonly number[], units: number) =>
  Array.from({ length: outputs.length / units }, (_, row) =>
    headOf(units).reduce((sum, weight, k) => sum + weight * outputs[row * units + k]!, 0.25),
  );

describe.skipIf(!existsSync(FOLDER))("audio models (skipped where ../shared/conformance is not there)", () => {
  const cases = existsSync(FOLDER) ? read<KerasCase>("external_vectors.json") : [];
  const trained = cases.filter(({ id }) => id.startsWith("rtneural/"));
  const torch = existsSync(FOLDER) ? read<TorchCase>("torch_vectors.json") : [];
  const plain = torch.filter(({ id }) => /\/0[012]_(lstm|gru|rnn_tanh)_/.test(id));

  it("are six, three and one", () => {
    expect(trained.length).toBe(6);
    expect(plain.length).toBe(3);
  });

  describe.each(BUILDS)("on the %s build", (build) => {
    useBuild(build);

    it.each(trained.map((c) => [c.id, c] as const))("%s", async (_, c) => {
      const model = await loadModel(bytes(rtneural(c)));
      expect(model.loadReport?.format).toBe("rtneural");
      expectClose(model.predict(tensorOf(c.input)) as Tensor, c.expected[0], 2e-6, 0);
    });

    it.each(plain.map((c) => [c.id, c] as const))("%s in GuitarML's words", async (_, { module, ...c }) => {
      const { hidden_size, input_size, num_layers } = module;
      const state = Object.entries(c.state_dict).map(([key, value]) => [`rec.${key}`, nested(value)] as const);
      const lin = { "lin.weight": [headOf(hidden_size)], "lin.bias": [0.25] };
      const model_data = { unit_type: module.type, input_size, hidden_size, num_layers, output_size: 1, skip: 1 };
      const model = await loadModel(bytes({ model_data, state_dict: { ...Object.fromEntries(state), ...lin } }));
      expect(model.loadReport?.format).toBe("guitarml");
      const direct = headed(c.expected.output.data, hidden_size);
      const data = direct.map((value, k) => value + Math.fround(c.input.data[k * input_size]!));
      const shape = [...c.input.shape.slice(0, 2), 1];
      expectClose(model.predict(tensorOf(c.input)) as Tensor, { shape, data }, 2e-6, 2e-6);
    });

    it("two LSTM layers with first states, in NAM's words: they begin there and go on from call to call", async () => {
      const c = torch.find(({ id }) => id.includes("07_lstm"))!; // [timesteps, batch, features]
      const { hidden_size: units, input_size: features } = c.module;
      const weights = [0, 1].flatMap((layer) => {
        const tensor = (name: string) => c.state_dict[`${name}_l${layer}`]!;
        const [input, recurrent] = [nested(tensor("weight_ih")), nested(tensor("weight_hh"))] as number[][][];
        const bias = tensor("bias_ih").data.map((value, k) => value + tensor("bias_hh").data[k]!);
        const first = ({ data }: Array_) => data.slice(layer * 3 * units, layer * 3 * units + units);
        return [...input!.flatMap((row, k) => [...row, ...recurrent![k]!]), ...bias, ...first(c.h0), ...first(c.c0)];
      });
      const config = { input_size: features, hidden_size: units, num_layers: 2 };
      const all = [...weights, ...headOf(units), 0.25];
      const model = await loadModel(bytes({ version: "0.5.4", architecture: "LSTM", config, weights: all }));
      const rows = (a: Array_, width: number) =>
        Array.from({ length: 9 }, (_, t) => a.data.slice(t * 3 * width, t * 3 * width + width));
      const [x, wanted] = [rows(c.input, features), headed(rows(c.expected.output, units).flat(), units)];
      for (const [from, to] of [
        [0, 4],
        [4, 9],
      ] as const) {
        const y = model.predict([x.slice(from, to)]) as Tensor;
        expectClose(y, { shape: [1, to - from, 1], data: wanted.slice(from, to) }, 2e-6, 2e-6);
      }
    });
  });
});
