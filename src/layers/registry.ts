/**
 * Every layer by its Keras class name. Only what reads configurations imports this, so that a page that builds its
 * model by hand carries no layer that it does not use.
 */

import { ArgumentError, ConfigError, show } from "../errors";
import { isRecord } from "../options";
import { activation, elu, leakyReLU, relu } from "./activation";
import { additiveAttention } from "./additive_attention";
import { attention } from "./attention";
import { batchNormalization } from "./batch_normalization";
import { bidirectional } from "./bidirectional";
import { concatenate } from "./concatenate";
import { conv1d, conv2d } from "./convolution";
import { dense } from "./dense";
import { dot } from "./dot";
import { embedding } from "./embedding";
import { globalAveragePooling1d, globalAveragePooling2d, globalMaxPooling1d } from "./global_pooling";
import { groupNormalization } from "./group_normalization";
import {
  activityRegularization,
  alphaDropout,
  dropout,
  gaussianDropout,
  gaussianNoise,
  identity,
  spatialDropout1d,
} from "./inactive";
import { inputLayer } from "./input_layer";
import { Layer, type Result } from "./layer";
import { layerNormalization } from "./layer_normalization";
import { masking } from "./masking";
import { add, average, maximum, minimum, multiply, subtract } from "./merging";
import { multiHeadAttention } from "./multi_head_attention";
import { normalization } from "./normalization";
import { averagePooling1d, maxPooling1d, maxPooling2d } from "./pooling";
import { prelu } from "./prelu";
import { gru, gruCell } from "./recurrent/gru";
import { lstm, lstmCell } from "./recurrent/lstm";
import { rnn } from "./recurrent/rnn";
import { simpleRNN, simpleRNNCell } from "./recurrent/simple_rnn";
import { stackedRNNCells } from "./recurrent/stacked_rnn_cells";
import { isUserCell, UserCell, type UserCellDefinition } from "./recurrent/user_cell";
import { rescaling } from "./rescaling";
import { flatten, permute, repeatVector, reshape } from "./reshaping";
import { cropping1d, upSampling1d, zeroPadding1d } from "./resizing";
import { separableConv1d } from "./separable_conv1d";
import { softmax } from "./softmax";
import { timeDistributed } from "./time_distributed";
import { asLayer, type UserLayerDefinition } from "./user_layer";

type Factory = (options: never) => Layer<Result>;

const LAYERS: Readonly<Record<string, Factory>> = {
  Activation: activation,
  ActivityRegularization: activityRegularization,
  Add: add,
  AdditiveAttention: additiveAttention,
  AlphaDropout: alphaDropout,
  Attention: attention,
  Average: average,
  AveragePooling1D: averagePooling1d,
  Bidirectional: bidirectional,
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Conv1D: conv1d,
  Conv2D: conv2d,
  Cropping1D: cropping1d,
  Dense: dense,
  Dot: dot,
  Dropout: dropout,
  ELU: elu,
  Flatten: flatten,
  Embedding: embedding,
  GaussianDropout: gaussianDropout,
  GaussianNoise: gaussianNoise,
  GlobalAveragePooling1D: globalAveragePooling1d,
  GlobalAveragePooling2D: globalAveragePooling2d,
  GlobalMaxPooling1D: globalMaxPooling1d,
  GroupNormalization: groupNormalization,
  GRU: gru,
  GRUCell: gruCell,
  Identity: identity,
  InputLayer: inputLayer,
  LayerNormalization: layerNormalization,
  LeakyReLU: leakyReLU,
  LSTM: lstm,
  LSTMCell: lstmCell,
  Masking: masking,
  Maximum: maximum,
  MaxPooling1D: maxPooling1d,
  MaxPooling2D: maxPooling2d,
  Minimum: minimum,
  MultiHeadAttention: multiHeadAttention,
  Multiply: multiply,
  Normalization: normalization,
  PReLU: prelu,
  Permute: permute,
  ReLU: relu,
  Rescaling: rescaling,
  RepeatVector: repeatVector,
  Reshape: reshape,
  SeparableConv1D: separableConv1d,
  RNN: rnn,
  SimpleRNN: simpleRNN,
  SimpleRNNCell: simpleRNNCell,
  Softmax: softmax,
  SpatialDropout1D: spatialDropout1d,
  StackedRNNCells: stackedRNNCells,
  Subtract: subtract,
  UpSampling1D: upSampling1d,
  ZeroPadding1D: zeroPadding1d,
  TimeDistributed: timeDistributed,
};

/** The layer of that class; undefined where there is none. The options are not checked yet. */
export function knownLayer(className: string, options: object): Layer<Result> | undefined {
  return Object.hasOwn(LAYERS, className) ? (LAYERS[className] as Factory)(options as never) : undefined;
}

/** All class names, in alphabetical order. */
export function knownLayers(): readonly string[] {
  return [...Object.keys(LAYERS), ...registered.keys()].sort();
}

/** Makes a layer of the configuration that a file holds, in Keras' keys. */
export type CustomLayer = (
  config: Readonly<Record<string, unknown>>,
) => Layer<Result> | UserLayerDefinition | UserCellDefinition;

const registered = new Map<string, CustomLayer>();

/**
 * Makes a user's own layer known, so that files which name its class load.
 *
 * @param className As in the file: `AttentionLayer`, with or without the package before it (`Pkg>Name`).
 * @throws {ConfigError} when a layer of this library has that name.
 */
export function registerLayer(className: string, factory: CustomLayer): void {
  if (typeof factory !== "function")
    throw new ArgumentError(`registerLayer, ${className}`, "a function", show(factory));
  if (Object.hasOwn(LAYERS, className)) {
    throw new ConfigError("registerLayer", "a name that no layer here has", show(className));
  }
  registered.set(className, factory);
}

/** What makes a user's layer: given for this file, or registered; by its full name, or without its package. */
export function customLayer(
  className: string,
  registeredName: string | null,
  given: Readonly<Record<string, CustomLayer>>,
): CustomLayer | undefined {
  const names = [registeredName, className, registeredName?.split(">").pop()];
  for (const name of names) {
    const found = name ? (Object.hasOwn(given, name) ? given[name] : registered.get(name)) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Refuses what a user's factory gives when it is no layer. */
export function checkedLayer(where: string, made: unknown, name: unknown): Layer<Result> {
  const named = typeof name === "string" && !(made instanceof Layer) ? withName(made, name) : made;
  if (isUserCell(named)) return new UserCell(named);
  const layer = asLayer(named);
  if (layer) return layer;
  throw new ConfigError(where, "a layer from its factory", show(made));
}

/** A user's object under the name that the file gives it, unless it has its own. */
function withName(made: unknown, name: string): unknown {
  return isRecord(made) && made.name === undefined ? Object.assign(made, { name }) : made;
}
