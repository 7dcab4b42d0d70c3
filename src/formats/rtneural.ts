/** RTNeural's JSON: `{ in_shape, layers: [{ type, activation, shape, weights }] }`, weights as Keras has them. */
import { FormatError, show, UnsupportedError } from "../errors";
import type { Json, JsonObject, ModelSpec, NamedWeight, WeightTensor } from "../spec";
import { type BuiltLayer, builtSpec, countOf, nestedArray } from "./built";
import { isObject } from "./json";
import type { Allowance } from "./limits";

/** type → the Keras class, the names of its weights, and settings beside `shape`. */
const TYPES: Readonly<Record<string, { className: string; weights: string[]; config?: JsonObject }>> = {
  lstm: { className: "LSTM", weights: ["kernel", "recurrent_kernel", "bias"] },
  gru: { className: "GRU", weights: ["kernel", "recurrent_kernel", "bias"] },
  dense: { className: "Dense", weights: ["kernel", "bias"] },
  "time-distributed-dense": { className: "Dense", weights: ["kernel", "bias"] },
  conv1d: { className: "Conv1D", weights: ["kernel", "bias"], config: { padding: "causal" } },
  prelu: { className: "PReLU", weights: ["alpha"], config: { shared_axes: [1] } },
  batchnorm: { className: "BatchNormalization", weights: ["gamma", "beta", "moving_mean", "moving_variance"] },
  activation: { className: "Activation", weights: [] },
};

/**
 * @throws {FormatError} when shapes and weights do not fit together.
 * @throws {UnsupportedError} for a type of layer that is not read. @throws {LimitError}
 */
export function readRtneural(json: JsonObject, name: string, allowance: Allowance): ModelSpec {
  const { in_shape: inShape, layers: list } = json;
  if (!Array.isArray(inShape) || !Array.isArray(list))
    throw new FormatError(name, "in_shape and layers", show(inShape));
  const features = countOf(inShape.at(-1), `${name}, in_shape`);
  const layers = list.map((layer, i) => readLayer(layer, `${name}, layers[${i}]`, allowance));
  const inputShape = [...inShape.slice(1, -1).map((size) => (typeof size === "number" ? size : null)), features];
  return builtSpec({ format: "rtneural", name, inputShape, layers });
}

function readLayer(json: Json, where: string, allowance: Allowance): BuiltLayer {
  if (!isObject(json)) throw new FormatError(where, "an object", show(json));
  const { type, shape, weights: lists = [] } = json;
  const known = typeof type === "string" && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!known) throw new UnsupportedError(where, `a layer of ${Object.keys(TYPES).join(", ")}`, show(type));
  if (!Array.isArray(lists) || lists.length > known.weights.length) {
    throw new FormatError(`${where}, weights`, known.weights.join(", ") || "none", show(lists));
  }
  const weights = lists.map((list, i): NamedWeight => {
    const name = known.weights[i]!;
    return { name, tensor: nestedArray(list, `${where}, ${name}`, allowance) };
  });
  const units = Array.isArray(shape) ? countOf(shape.at(-1), `${where}, shape`) : 0;
  const sequences = Array.isArray(shape) && shape.length === 3;
  const config = { ...known.config, ...settings(known.className, json, units, sequences, weights) };
  return { className: known.className, config, weights: reshaped(known.className, weights) };
}

function settings(
  className: string,
  json: JsonObject,
  units: number,
  sequences: boolean,
  weights: readonly NamedWeight[],
): JsonObject {
  const activation = typeof json.activation === "string" && json.activation !== "" ? json.activation : "linear";
  const size = (key: string) => (Array.isArray(json[key]) ? json[key] : [json[key] ?? 1]);
  switch (className) {
    case "LSTM": // their activations are fixed, whatever the file says
      return { units, return_sequences: sequences, use_bias: weights.length === 3 };
    case "GRU":
      return { units, return_sequences: sequences, use_bias: weights.length === 3, reset_after: true };
    case "Dense":
      return { units, activation, use_bias: weights.length === 2 };
    case "Conv1D": {
      const convolution = {
        kernel_size: size("kernel_size"),
        dilation_rate: size("dilation"),
        groups: json.groups ?? 1,
      };
      return { filters: units, ...convolution, activation, use_bias: weights.length === 2 };
    }
    case "BatchNormalization": {
      const affine = weights.length === 4;
      return { epsilon: json.epsilon ?? 0.001, center: affine, scale: affine };
    }
    default:
      return className === "Activation" ? { activation } : {};
  }
}

/** A slope for every feature is shared over time; a normalization without scale and centre has two weights. */
function reshaped(className: string, weights: readonly NamedWeight[]): readonly NamedWeight[] {
  if (className === "BatchNormalization" && weights.length === 2) {
    return weights.map(({ tensor }, i) => ({ name: i === 0 ? "moving_mean" : "moving_variance", tensor }));
  }
  if (className !== "PReLU") return weights;
  const asRow = (tensor: WeightTensor) => ({ ...tensor, shape: [1, tensor.data.length] });
  return weights.map(({ name, tensor }) => ({ name, tensor: asRow(tensor) }));
}
