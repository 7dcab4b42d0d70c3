/** How a PyTorch model is told: its modules in the order of `forward`, as `print(model)` shows them. */

/** What every module with tensors has. */
interface Named {
  /**
   * What stands before its tensors in the state dict, `encoder.rnn`, or "" for tensors without a prefix. May be left
   * out where only one of the modules that are left fits.
   */
  name?: string;
}

/** The part of `forward` that comes after a recurrent module. */
export type RecurrentOutput = "sequence" | "last" | "hidden";

/** nn.LSTM, nn.GRU, nn.RNN and their cells. Sizes, layers, directions and biases are in the tensors. */
export interface TorchRecurrent extends Named {
  type: "lstm" | "gru" | "rnn" | "lstmcell" | "grucell" | "rnncell";
  /**
   * What goes on to the next module: `sequence`, the default, is `output`; `last` is `output[:, -1]`; `hidden` is `h_n`
   * of the last layer, both directions side by side.
   */
  output?: RecurrentOutput;
  /** The model takes `mask` [batch, timesteps] too and is 0 where it is, as between pack and pad_packed_sequence. */
  packed?: boolean;
  /** The model takes the first states too: for every layer and direction h0 [batch, units], then c0. */
  initialState?: boolean;
  /** The model gives the final states too, in the same order. */
  returnState?: boolean;
  /** Only of a plain RNN. Default tanh. */
  nonlinearity?: "tanh" | "relu";
  /** Models take [batch, timesteps, features] whatever the module took: only `true`. */
  batchFirst?: true;
  inputSize?: number;
  hiddenSize?: number;
  numLayers?: number;
  bidirectional?: boolean;
  bias?: boolean;
}

/** nn.Linear, over the last axis. */
export interface TorchLinear extends Named {
  type: "linear";
  /** What follows at once. */
  activation?: TorchActivationName;
  inFeatures?: number;
  outFeatures?: number;
  bias?: boolean;
}

/** nn.Embedding. */
export interface TorchEmbedding extends Named {
  type: "embedding";
  numEmbeddings?: number;
  embeddingDim?: number;
}

/** nn.BatchNorm1d and nn.LayerNorm (over the last axis). */
export interface TorchNorm extends Named {
  type: "batchnorm1d" | "layernorm";
  /** Default 1e-5. */
  eps?: number;
  /** The features, for `layernorm` without tensors: nothing else tells them. */
  numFeatures?: number;
}

/** nn.Conv1d over time. The model keeps [batch, timesteps, channels], so that no transposes are needed around it. */
export interface TorchConv1d extends Named {
  type: "conv1d";
  /** Default 1. */
  stride?: number;
  /** Zeros at both ends, `same`, or `causal`: all of them in front. Default 0. */
  padding?: number | "valid" | "same" | "causal";
  /** Default 1. */
  dilation?: number;
  /** Default 1. */
  groups?: number;
  activation?: TorchActivationName;
  inChannels?: number;
  outChannels?: number;
  kernelSize?: number;
  bias?: boolean;
}

export type TorchActivationName =
  | "celu"
  | "elu"
  | "gelu"
  | "hardsigmoid"
  | "hardswish"
  | "hardtanh"
  | "leakyrelu"
  | "logsigmoid"
  | "logsoftmax"
  | "mish"
  | "relu"
  | "relu6"
  | "selu"
  | "sigmoid"
  | "silu"
  | "softmax"
  | "softplus"
  | "softsign"
  | "tanh"
  | "tanhshrink";

/** Softmax and log-softmax go over the last axis. */
export interface TorchActivation {
  type: TorchActivationName;
  /** Of `leakyrelu`. Default 0.01. */
  negativeSlope?: number;
  /** Of `elu`. Default 1. */
  alpha?: number;
}

/** Does nothing at inference. */
export interface TorchInactive {
  type: "dropout" | "identity";
}

/** One module. Sizes that are given are compared with the tensors. */
export type TorchModule =
  | TorchRecurrent
  | TorchLinear
  | TorchEmbedding
  | TorchNorm
  | TorchConv1d
  | TorchActivation
  | TorchInactive;
