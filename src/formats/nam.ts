/** Neural Amp Modeler's `.nam`, the LSTM kind: sizes, and all weights in one flat list. */
import { FormatError, show, UnsupportedError } from "../errors";
import type { JsonObject, ModelSpec, WeightTensor } from "../spec";
import { type BuiltLayer, builtSpec, countOf, nestedArray } from "./built";
import { isObject } from "./json";
import type { Allowance } from "./limits";
import { kerasCell, kerasDense } from "./torch_cells";

/**
 * `{ architecture: "LSTM", config: { input_size, hidden_size, num_layers }, weights }`. For every layer: a matrix
 * [4·units, inputs + units], gates i f g o, a bias, the hidden and the cell state to begin with; then the linear head.
 *
 * The model takes one sequence, begins in these states, and goes on from call to call, as the plug-in does from buffer
 * to buffer. Its streams begin with zeros, and so does the model after `resetStates`.
 *
 * Source: NeuralAmpModelerCore, NAM/lstm.cpp.
 *
 * @throws {FormatError} when the list has another length. @throws {UnsupportedError} for other architectures.
 * @throws {LimitError}
 */
export function readNam(json: JsonObject, name: string, allowance: Allowance): ModelSpec {
  const { architecture, config } = json;
  if (architecture !== "LSTM") throw new UnsupportedError(`${name}, architecture`, '"LSTM"', show(architecture));
  if (!isObject(config)) throw new FormatError(`${name}, config`, "an object", show(config));
  const size = (key: string) => countOf(config[key], `${name}, config.${key}`);
  const [features, units, count] = [size("input_size"), size("hidden_size"), size("num_layers")];
  const outputs = countOf(config.out_channels ?? 1, `${name}, config.out_channels`);
  const all = nestedArray(json.weights, `${name}, weights`, allowance);
  const expected =
    count * 4 * units * (units + 1.5) + 4 * units * (features + (count - 1) * units) + outputs * (units + 1);
  if (all.shape.length !== 1 || all.data.length !== expected) {
    throw new FormatError(`${name}, weights`, `a list of ${expected}`, `[${all.shape.join(", ")}]`);
  }
  const take = cursor(all.data);
  const layers: BuiltLayer[] = [];
  const initialStates: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    const inputs = i === 0 ? features : units;
    const both = take(4 * units, inputs + units);
    const inputBias = take(4 * units);
    const [inputWeight, recurrentWeight] = [columns(both, 0, inputs), columns(both, inputs, inputs + units)];
    const weights = kerasCell("LSTM", { inputWeight, recurrentWeight, inputBias }, `${name}, layer ${i}`);
    initialStates.push(take(units).data, take(units).data);
    layers.push({ className: "LSTM", config: { units, return_sequences: true, stateful: true }, weights });
  }
  const weights = kerasDense(take(outputs, units), take(outputs), `${name}, head`);
  layers.push({ className: "Dense", config: { units: outputs }, weights });
  const spec = builtSpec({ format: "nam", name, inputShape: [null, features], layers, batch: 1 });
  return { ...spec, initialStates, ignored: json.metadata === undefined ? [] : ["metadata"] };
}

/** Hands out the next weights of a flat list. */
function cursor(data: Float32Array): (...shape: number[]) => WeightTensor {
  let at = 0;
  return (...shape) => {
    const start = at;
    at += shape.reduce((a, b) => a * b, 1);
    return { shape, dtype: "float32", data: data.slice(start, at) };
  };
}

function columns({ shape, data }: WeightTensor, from: number, to: number): WeightTensor {
  const [rows, width] = shape as [number, number];
  const part = new Float32Array(rows * (to - from));
  for (let row = 0; row < rows; row++) part.set(data.subarray(row * width + from, row * width + to), row * (to - from));
  return { shape: [rows, to - from], dtype: "float32", data: part };
}
