/** PyTorch's own numbers for LSTM, GRU and RNN, through a state dict: ../shared/conformance, where it exists. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel, type TorchModule } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, useBuild } from "../support";
import { type Plain, safetensors } from "./state_dicts";

const FILE = new URL("../../../shared/conformance/torch_vectors.json", import.meta.url);

interface Case {
  id: string;
  module: {
    type: "LSTM" | "GRU" | "RNN";
    input_size: number;
    hidden_size: number;
    num_layers: number;
    bidirectional: boolean;
    batch_first: boolean;
    bias: boolean;
    nonlinearity?: "tanh" | "relu";
  };
  state_dict: Record<string, Plain>;
  input: Plain;
  lengths?: number[];
  h0?: Plain;
  c0?: Plain;
  expected: { output: Plain; h_n: Plain; c_n?: Plain };
  atol: number;
  rtol: number;
}

const asTensor = ({ shape, data }: Plain) => new Tensor(shape, "float32", Float32Array.from(data, Number));

/** [timesteps, batch, …] and [batch, timesteps, …] are each other's. */
function swapped({ shape, data }: Tensor): Tensor {
  const [rows, columns, width] = shape as [number, number, number];
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      out.set(
        (data as Float32Array).subarray((i * columns + j) * width, (i * columns + j + 1) * width),
        (j * rows + i) * width,
      );
    }
  }
  return new Tensor([columns, rows, width], "float32", out);
}

/** [layers · directions, batch, units] → one tensor a layer and direction; h before c. */
function stateList(h: Plain, c: Plain | undefined): Tensor[] {
  const [count = 0, batch = 0, units = 0] = h.shape;
  const part = ({ data }: Plain, k: number) => {
    const values = Array.from(data.slice(k * batch * units, (k + 1) * batch * units), Number);
    return new Tensor([batch, units], "float32", Float32Array.from(values));
  };
  return Array.from({ length: count }, (_, k) => [part(h, k), ...(c ? [part(c, k)] : [])]).flat();
}

async function check({ module, state_dict, input, lengths, h0, c0, expected, atol, rtol }: Case): Promise<void> {
  const turn = (t: Plain) => (module.batch_first ? asTensor(t) : swapped(asTensor(t)));
  const told: TorchModule = {
    type: module.type.toLowerCase() as "lstm" | "gru" | "rnn",
    inputSize: module.input_size,
    hiddenSize: module.hidden_size,
    numLayers: module.num_layers,
    bidirectional: module.bidirectional,
    bias: module.bias,
    ...(module.nonlinearity && { nonlinearity: module.nonlinearity }),
    packed: lengths !== undefined,
    initialState: h0 !== undefined,
    returnState: true,
  };
  const bytes = safetensors(state_dict);
  const model = await loadModel(bytes, { torch: [told] });
  const x = turn(input);
  const [batch, timesteps] = x.shape as [number, number];
  const mask = (rows: number[]) => {
    const real = rows.flatMap((length) => Array.from({ length: timesteps }, (_, t) => (t < length ? 1 : 0)));
    return [new Tensor([batch, timesteps], "bool", Uint8Array.from(real))];
  };
  const inputs = [x, ...(lengths ? mask(lengths) : []), ...(h0 ? stateList(h0, c0) : [])];
  const [output, ...states] = model.predict(inputs.length === 1 ? x : inputs) as Tensor[];
  const wanted = turn(expected.output);
  expectClose(output!, wanted, atol, rtol);
  const finals = stateList(expected.h_n, expected.c_n);
  expect(states.length).toBe(finals.length);
  for (const [k, state] of finals.entries()) expectClose(states[k]!, state, atol, rtol);
  if (lengths) await checkLast(bytes, { ...told, initialState: false, returnState: false }, inputs.slice(0, 2));
  if (lengths || h0 || module.nonlinearity === "relu") return;
  const inferred = await loadModel(bytes); // needs no option
  expectClose(inferred.predict(x) as Tensor, wanted, atol, rtol);
}

/** `last` and `hidden` of padded sequences are among the outputs that were checked: at the last place, or real step. */
async function checkLast(bytes: Uint8Array, told: TorchModule & { output?: string }, inputs: Tensor[]): Promise<void> {
  const [all, last, hidden] = (await Promise.all(
    (["sequence", "last", "hidden"] as const).map(async (output) => {
      const model = await loadModel(bytes, { torch: [{ ...told, output } as TorchModule] });
      return model.predict(inputs) as Tensor;
    }),
  )) as [Tensor, Tensor, Tensor];
  const [batch, timesteps, width] = all.shape as [number, number, number];
  const [, mask] = inputs as [Tensor, Tensor];
  const directions = told.type !== "linear" && "bidirectional" in told && told.bidirectional ? 2 : 1;
  for (let b = 0; b < batch; b++) {
    const real = Array.from(mask.data.slice(b * timesteps, (b + 1) * timesteps));
    const length = real.reduce((sum, step) => sum + step, 0);
    const at = (row: Tensor, k: number) => row.data[b * width + k];
    for (let k = 0; k < width; k++) {
      expect(at(last, k)).toBe(all.data[((b + 1) * timesteps - 1) * width + k]);
      const end = k < width / directions ? length - 1 : 0;
      expect(at(hidden, k)).toBeCloseTo(all.data[(b * timesteps + end) * width + k] as number, 6);
    }
  }
}

if (!existsSync(FILE)) it.skip("torch_vectors.json: the vectors are not there", () => {});
else {
  const cases = JSON.parse(readFileSync(FILE, "utf8")) as Case[];
  it("torch_vectors.json has 31 cases", () => {
    expect(cases.length).toBe(31);
    expect(cases.filter(({ lengths }) => lengths).length).toBeGreaterThan(4);
  });
  describe.each(BUILDS)("on the %s build", (build) => {
    useBuild(build);
    it.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => check(c));
  });
}
