/** Modules around recurrent ones → layers. */
import { ArgumentError, show, UnsupportedError } from "../errors";
import type { JsonObject, NamedWeight, WeightTensor } from "../spec";
import { keyOf } from "./state_dict";
import { kerasDense } from "./torch_cells";
import type {
  TorchActivation,
  TorchActivationName,
  TorchConv1d,
  TorchEmbedding,
  TorchLinear,
  TorchNorm,
} from "./torch_modules";
import { agree, type Part, type PartContext, type PartLayer, whole } from "./torch_part";

/** PyTorch's name → Keras'. Those of two have a slope and a layer of their own. */
const ACTIVATIONS: Readonly<Record<Exclude<TorchActivationName, "leakyrelu" | "elu">, string>> = {
  celu: "celu",
  gelu: "gelu",
  hardsigmoid: "hard_sigmoid",
  hardswish: "hard_silu",
  hardtanh: "hard_tanh",
  logsigmoid: "log_sigmoid",
  logsoftmax: "log_softmax",
  mish: "mish",
  relu: "relu",
  relu6: "relu6",
  selu: "selu",
  sigmoid: "sigmoid",
  silu: "silu",
  softmax: "softmax",
  softplus: "softplus",
  softsign: "softsign",
  tanh: "tanh",
  tanhshrink: "tanh_shrink",
};

export const ACTIVATION_NAMES: readonly string[] = [...Object.keys(ACTIVATIONS), "leakyrelu", "elu"];

export function activationPart(context: PartContext, module: TorchActivation): Part {
  const settings = { leakyrelu: ["negativeSlope"], elu: ["alpha"] }[module.type as string] ?? [];
  agree(context, module, {}, settings);
  return { takes: null, gives: null, timed: false, layers: [activationLayer(context.where, module)] };
}

function activationLayer(where: string, { type, negativeSlope = 0.01, alpha = 1 }: TorchActivation): PartLayer {
  if (type === "leakyrelu") return { className: "LeakyReLU", config: { negative_slope: negativeSlope } };
  if (type === "elu") return { className: "ELU", config: { alpha } };
  if (Object.hasOwn(ACTIVATIONS, type)) return { className: "Activation", config: { activation: ACTIVATIONS[type] } };
  throw new ArgumentError(`${where}.activation`, `one of ${ACTIVATION_NAMES.join(", ")}`, show(type));
}

/** The layer, and the activation behind it. */
function activated(where: string, layer: PartLayer, activation: TorchActivationName | undefined): PartLayer[] {
  return activation === undefined ? [layer] : [layer, activationLayer(where, { type: activation })];
}

export function linearPart(context: PartContext, prefix: string, module: TorchLinear): Part {
  const { state, where } = context;
  const weight = state.take(keyOf(prefix, "weight"), [null, null]);
  const [units, inputs] = weight.shape as [number, number];
  const bias = state.optional(keyOf(prefix, "bias"), [units]);
  const found = { inFeatures: inputs, outFeatures: units, bias: bias !== undefined };
  agree(context, module, found, ["activation"]);
  const weights = kerasDense(weight, bias, `${state.where}, ${prefix}`);
  const dense = { className: "Dense", config: { units, use_bias: found.bias }, weights };
  return { takes: inputs, gives: units, timed: false, layers: activated(where, dense, module.activation) };
}

export function embeddingPart(context: PartContext, prefix: string, module: TorchEmbedding): Part {
  const table = context.state.take(keyOf(prefix, "weight"), [null, null]);
  const [rows, width] = table.shape as [number, number];
  agree(context, module, { numEmbeddings: rows, embeddingDim: width });
  const weights = [{ name: "embeddings", tensor: table }];
  const layer = { className: "Embedding", config: { input_dim: rows, output_dim: width }, weights };
  return { takes: "ids", gives: width, timed: false, layers: [layer] };
}

/** Both keep the features at the end; gain and shift may be missing, a batch norm's statistics may not. */
export function normPart(context: PartContext, prefix: string, module: TorchNorm): Part {
  const { state, where } = context;
  const batch = module.type === "batchnorm1d";
  const key = (tensor: string) => keyOf(prefix, tensor);
  const statistics = batch ? ["running_mean", "running_var"].map((tensor) => state.take(key(tensor), [null])) : [];
  const size = statistics[0]?.shape[0] ?? null;
  const weight = state.optional(key("weight"), [size]);
  const features = size ?? weight?.shape[0] ?? null;
  const bias = state.optional(key("bias"), [features]);
  state.skip(key("num_batches_tracked"));
  if (batch) state.take(key("running_var"), [features]);
  agree(context, module, features === null ? {} : { numFeatures: features }, ["eps"]);
  const { eps = 1e-5 } = module;
  if (!(eps >= 0)) throw new ArgumentError(`${where}.eps`, "a number from 0", show(eps));
  const config = { axis: -1, epsilon: eps, scale: weight !== undefined, center: bias !== undefined };
  const tensors = { gamma: weight, beta: bias, moving_mean: statistics[0], moving_variance: statistics[1] };
  const given = Object.entries(tensors).filter((entry): entry is [string, WeightTensor] => entry[1] !== undefined);
  const weights = given.map(([name, tensor]): NamedWeight => ({ name, tensor }));
  const className = batch ? "BatchNormalization" : "LayerNormalization";
  return { takes: features, gives: null, timed: false, layers: [{ className, config, weights }] };
}

export function convolutionPart(context: PartContext, prefix: string, module: TorchConv1d): Part {
  const { state, where } = context;
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = module;
  for (const [option, value] of Object.entries({ stride, dilation, groups })) whole(`${where}.${option}`, value, 1);
  const weight = state.take(keyOf(prefix, "weight"), [null, null, null]);
  const [filters, within, size] = weight.shape as [number, number, number];
  const bias = state.optional(keyOf(prefix, "bias"), [filters]);
  const found = { inChannels: within * groups, outChannels: filters, kernelSize: size, bias: bias !== undefined };
  agree(context, module, found, ["stride", "padding", "dilation", "groups", "activation"]);
  const words = ["valid", "same", "causal"].includes(padding as string);
  const zeros = words ? 0 : whole(`${where}.padding`, padding, 0);
  if (padding === "same" && stride > 1) {
    throw new UnsupportedError(`${where}.padding`, '"same" with stride 1, as in PyTorch', `stride ${stride}`);
  }
  const config: JsonObject = {
    filters,
    kernel_size: [size],
    strides: [stride],
    padding: words ? (padding as string) : "valid",
    dilation_rate: [dilation],
    groups,
    use_bias: found.bias,
  };
  const kernel: NamedWeight = { name: "kernel", tensor: reversedAxes(weight) };
  const weights = bias ? [kernel, { name: "bias", tensor: bias }] : [kernel];
  const layers = activated(where, { className: "Conv1D", config, weights }, module.activation);
  const padded = { className: "ZeroPadding1D", config: { padding: [zeros, zeros] } };
  return { takes: found.inChannels, gives: filters, timed: true, layers: zeros > 0 ? [padded, ...layers] : layers };
}

/** [filters, channels, size] → [size, channels, filters]. */
function reversedAxes({ shape, dtype, data }: WeightTensor): WeightTensor {
  const [filters, channels, size] = shape as [number, number, number];
  const out = new Float32Array(data.length);
  for (let filter = 0; filter < filters; filter++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let k = 0; k < size; k++) {
        out[(k * channels + channel) * filters + filter] = data[(filter * channels + channel) * size + k]!;
      }
    }
  }
  return { shape: [size, channels, filters], dtype, data: out };
}
