/** What is told wrongly, missing or left over is refused by name. */
import { describe, expect, it } from "vitest";
import { ArgumentError, type RecurraError, UnsupportedError, WeightError } from "../../src/errors";
import { loadModel, type TorchModule } from "../../src/load";
import { file } from "../formats/support";
import { filled, type Plain, safetensors } from "./state_dicts";

type Tensors = Record<string, Plain>;
type Refusal = [string, Tensors, unknown, new (...args: never[]) => RecurraError, string];

const lstm: Tensors = {
  "rnn.weight_ih_l0": filled([8, 3]),
  "rnn.weight_hh_l0": filled([8, 2]),
  "rnn.bias_ih_l0": filled([8]),
  "rnn.bias_hh_l0": filled([8]),
};
const linear: Tensors = { "fc.weight": filled([5, 2]), "fc.bias": filled([5]) };
const both = { ...lstm, ...linear };
const without = (tensors: Tensors, key: string): Tensors => {
  const { [key]: _, ...rest } = tensors;
  return rest;
};
const rnn = { type: "lstm", name: "rnn" };
const fc = { type: "linear", name: "fc" };

const tensors: Refusal[] = [
  [
    "a missing tensor",
    without(both, "rnn.weight_ih_l0"),
    [rnn, fc],
    WeightError,
    "model, rnn.weight_ih_l0: expected [8, any], got no tensor of this name",
  ],
  [
    "one bias of two",
    without(both, "rnn.bias_hh_l0"),
    [rnn, fc],
    WeightError,
    "model, rnn.bias_hh_l0: expected [8], got no tensor of this name",
  ],
  [
    "a missing module",
    lstm,
    [rnn, fc],
    WeightError,
    "model, fc.weight: expected [any, any], got no tensor of this name",
  ],
  [
    "a tensor left over",
    both,
    [rnn],
    WeightError,
    "model, fc.weight: expected a module that has this tensor, got [5, 2] in none and 1 more",
  ],
  ["layers with a gap", { ...lstm, "rnn.weight_ih_l2": filled([8, 2]) }, [rnn], WeightError, "rnn.weight_ih_l2"],
  [
    "another kind",
    lstm,
    [{ type: "gru", name: "rnn" }],
    WeightError,
    "model, rnn.weight_hh_l0: expected [6, 2], got [8, 2]",
  ],
  [
    "half of a second direction",
    { ...lstm, "rnn.weight_ih_l0_reverse": filled([8, 3]) },
    [rnn],
    WeightError,
    "rnn.weight_hh_l0_reverse: expected [any, any], got no tensor",
  ],
  [
    "a second layer of another width",
    { ...lstm, "rnn.weight_ih_l1": filled([8, 3]), "rnn.weight_hh_l1": filled([8, 2]) },
    [rnn],
    WeightError,
    "rnn.weight_ih_l1: expected [8, 2], got [8, 3]",
  ],
  [
    "neighbours that do not fit",
    { ...lstm, "fc.weight": filled([5, 4]) },
    [rnn, fc],
    WeightError,
    "model, fc: expected weights for 2 features, which rnn gives, got 4",
  ],
  [
    "a bias of another length",
    { ...both, "fc.bias": filled([4]) },
    [rnn, fc],
    WeightError,
    "model, fc.bias: expected [5], got [4]",
  ],
  [
    "an embedding behind the beginning",
    { ...lstm, "fc.weight": filled([5, 2]) },
    [rnn, { type: "embedding", name: "fc" }],
    WeightError,
    "which rnn gives, got ids",
  ],
  [
    "statistics that were not kept",
    { "bn.weight": filled([3]) },
    [{ type: "batchnorm1d", name: "bn" }],
    WeightError,
    "bn.running_mean",
  ],
  [
    "proj_size",
    { ...lstm, "rnn.weight_hr_l0": filled([1, 2]) },
    [rnn],
    UnsupportedError,
    "model, rnn.weight_hr_l0: expected an LSTM without proj_size",
  ],
];

const told: Refusal[] = [
  [
    "an unknown type",
    lstm,
    [{ type: "transformer" }],
    ArgumentError,
    "model, torch[0].type: expected one of lstm, gru, rnn",
  ],
  ["no type", lstm, [null], ArgumentError, "model, torch[0].type"],
  [
    "no list",
    lstm,
    { type: "lstm" },
    ArgumentError,
    "model, torch: expected a list of modules in the order of forward",
  ],
  ["no modules", lstm, [], ArgumentError, "model, torch: expected a list of modules"],
  [
    "an unknown option",
    lstm,
    [{ ...rnn, dropot: 0.5 }],
    ArgumentError,
    "model, torch[0] (lstm): expected options among name, output",
  ],
  [
    "another size than that of the tensors",
    lstm,
    [{ ...rnn, hiddenSize: 3 }],
    WeightError,
    "model, torch[0] (lstm).hiddenSize: expected 2, as in the tensors, got 3",
  ],
  ["another number of layers", lstm, [{ ...rnn, numLayers: 2 }], WeightError, "torch[0] (lstm).numLayers: expected 1"],
  [
    "a direction that is not there",
    lstm,
    [{ ...rnn, bidirectional: true }],
    WeightError,
    "(lstm).bidirectional: expected false",
  ],
  [
    "an odd output",
    lstm,
    [{ ...rnn, output: "all" }],
    ArgumentError,
    'output: expected one of sequence, last, hidden, got "all"',
  ],
  [
    "a nonlinearity of an LSTM",
    lstm,
    [{ ...rnn, nonlinearity: "relu" }],
    ArgumentError,
    "(lstm).nonlinearity: expected tanh",
  ],
  [
    "time before batch",
    lstm,
    [{ ...rnn, batchFirst: false }],
    UnsupportedError,
    "(lstm).batchFirst: expected true; models take [batch, timesteps, features]",
  ],
  [
    "an unknown activation",
    { ...lstm, "fc.weight": filled([5, 2]) },
    [rnn, { ...fc, activation: "snake" }],
    ArgumentError,
    "torch[1] (linear).activation: expected one of celu",
  ],
  [
    "a name that more than one could have",
    { ...both, "gc.weight": filled([5, 5]) },
    [rnn, { type: "linear" }],
    ArgumentError,
    "torch[1] (linear).name: expected the name of a module, got undefined; there are fc, gc",
  ],
  [
    "modules without tensors alone",
    lstm,
    [{ type: "relu" }],
    WeightError,
    "model, rnn.weight_ih_l0: expected a module that has this tensor",
  ],
  [
    "two recurrent modules and no list",
    { ...lstm, weight_ih: filled([4, 2]), weight_hh: filled([4, 1]) },
    undefined,
    ArgumentError,
    "model, torch: expected a list of modules",
  ],
  [
    "two linear modules and no list",
    { ...both, "gc.weight": filled([5, 5]) },
    undefined,
    ArgumentError,
    "got none, and modules rnn, fc, gc",
  ],
];

describe("is refused", () => {
  it.each([...tensors, ...told])("%s", async (_, state, torch, type, message) => {
    const loading = loadModel(safetensors(state), torch === undefined ? {} : { torch: torch as TorchModule[] });
    const error = await loading.then(
      () => expect.fail("loaded"),
      (e: unknown) => e as RecurraError,
    );
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });

  it("a list of modules for a file that has an architecture", async () => {
    const bytes = file("../fixtures/models/sequential_lstm.keras");
    const message = "model, torch: expected a state dict in safetensors, got a file of the format keras";
    await expect(loadModel(bytes, { torch: [{ type: "lstm" }] })).rejects.toThrow(message);
  });

  it("a file of weights that are nobody's", async () => {
    const message = "model: expected a model, or { topology, weights }, got weights alone";
    await expect(loadModel(safetensors({ "dense/kernel": filled([2, 2]) }))).rejects.toThrow(message);
  });
});

it("a module may be told with all its sizes, and used twice", async () => {
  const full = {
    inputSize: 3,
    hiddenSize: 2,
    numLayers: 1,
    bidirectional: false,
    bias: true,
    batchFirst: true,
  } as const;
  const square = { ...lstm, "fc.weight": filled([2, 2]) };
  const head = { type: "linear", name: "fc", inFeatures: 2, outFeatures: 2, bias: false } as const;
  const torch: TorchModule[] = [{ type: "lstm", name: "rnn", ...full }, head, { type: "relu" }, head];
  const model = await loadModel(safetensors(square), { torch });
  expect(model.layers.map(({ name }) => name)).toEqual(["input", "rnn", "fc", "relu_2", "fc_2"]);
  expect(model.outputs[0]!.shape).toEqual([null, null, 2]);
});
