/** All layers by name: the entry `recurra/layers`, and `layers` of the root. */

export {
  Activation,
  type ActivationOptions,
  activation,
  ELU,
  type ELUOptions,
  elu,
  LeakyReLU,
  type LeakyReLUOptions,
  leakyReLU,
  ReLU,
  type ReLUOptions,
  relu,
} from "./activation";
export { AdditiveAttention, type AdditiveAttentionOptions, additiveAttention } from "./additive_attention";
export { Attention, type AttentionOptions, attention } from "./attention";
export { BatchNormalization, type BatchNormalizationOptions, batchNormalization } from "./batch_normalization";
export {
  Bidirectional,
  type BidirectionalOptions,
  type BidirectionalResult,
  bidirectional,
  type MergeMode,
} from "./bidirectional";
export type { CallOptions } from "./call";
export { Concatenate, type ConcatenateOptions, concatenate } from "./concatenate";
export type { ArrayOption } from "./constants";
export { Conv1D, Conv2D, type ConvolutionOptions, conv1d, conv2d } from "./convolution";
export { Dense, type DenseOptions, dense } from "./dense";
export { type DeserializeOptions, deserialize } from "./deserialize";
export { Dot, type DotOptions, dot } from "./dot";
export { Embedding, type EmbeddingOptions, embedding } from "./embedding";
export type { GainAndBiasOptions } from "./gain_and_bias";
export {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  type GlobalPoolingOptions,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
} from "./global_pooling";
export { GroupNormalization, type GroupNormalizationOptions, groupNormalization } from "./group_normalization";
export {
  ActivityRegularization,
  type ActivityRegularizationOptions,
  AlphaDropout,
  activityRegularization,
  alphaDropout,
  Dropout,
  type DropoutOptions,
  dropout,
  GaussianDropout,
  GaussianNoise,
  type GaussianNoiseOptions,
  gaussianDropout,
  gaussianNoise,
  Identity,
  identity,
  type RandomOptions,
  type RateOptions,
  SpatialDropout1D,
  spatialDropout1d,
} from "./inactive";
export { InputLayer, type InputOptions, input, inputLayer } from "./input_layer";
export { Layer, type One, type Result } from "./layer";
export { LayerNormalization, type LayerNormalizationOptions, layerNormalization } from "./layer_normalization";
export { Masking, type MaskingOptions, masking } from "./masking";
export {
  Add,
  Average,
  add,
  average,
  Maximum,
  Minimum,
  Multiply,
  maximum,
  minimum,
  multiply,
  Subtract,
  subtract,
} from "./merging";
export { MultiHeadAttention, multiHeadAttention } from "./multi_head_attention";
export type { MultiHeadAttentionCall, MultiHeadAttentionOptions } from "./multi_head_options";
export { Normalization, type NormalizationOptions, normalization } from "./normalization";
export type { LayerOptions } from "./options";
export {
  AveragePooling1D,
  type AveragePoolingOptions,
  averagePooling1d,
  MaxPooling1D,
  MaxPooling2D,
  maxPooling1d,
  maxPooling2d,
  type PoolingOptions,
} from "./pooling";
export { PReLU, type PReLUOptions, prelu } from "./prelu";
export { Cell } from "./recurrent/cell";
export { GRU, GRUCell, type GRUCellOptions, type GRUOptions, gru, gruCell } from "./recurrent/gru";
export { LSTM, LSTMCell, type LSTMCellOptions, type LSTMOptions, lstm, lstmCell } from "./recurrent/lstm";
export { RNN, type RNNOptions, rnn, type StateCount } from "./recurrent/rnn";
export {
  SimpleRNN,
  SimpleRNNCell,
  type SimpleRNNCellOptions,
  type SimpleRNNOptions,
  simpleRNN,
  simpleRNNCell,
} from "./recurrent/simple_rnn";
export {
  type CellLike,
  StackedRNNCells,
  type StackedRNNCellsOptions,
  stackedRNNCells,
} from "./recurrent/stacked_rnn_cells";
export type { UserCellDefinition, UserStep } from "./recurrent/user_cell";
export { type CustomLayer, registerLayer } from "./registry";
export { Rescaling, type RescalingOptions, rescaling } from "./rescaling";
export {
  Flatten,
  type FlattenOptions,
  flatten,
  Permute,
  type PermuteOptions,
  permute,
  RepeatVector,
  type RepeatVectorOptions,
  Reshape,
  type ReshapeOptions,
  repeatVector,
  reshape,
} from "./reshaping";
export {
  Cropping1D,
  type Cropping1DOptions,
  cropping1d,
  UpSampling1D,
  type UpSampling1DOptions,
  upSampling1d,
  ZeroPadding1D,
  type ZeroPadding1DOptions,
  zeroPadding1d,
} from "./resizing";
export type { AttentionCall } from "./scored";
export { SeparableConv1D, type SeparableConv1DOptions, separableConv1d } from "./separable_conv1d";
export { Softmax, type SoftmaxOptions, softmax } from "./softmax";
export { type SymbolicShape, SymbolicTensor } from "./symbolic";
export { TimeDistributed, type TimeDistributedOptions, timeDistributed } from "./time_distributed";
export { custom, type UserCall, UserLayer, type UserLayerDefinition } from "./user_layer";
export type { WeightScope } from "./user_weights";
