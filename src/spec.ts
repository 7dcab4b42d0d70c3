/** Plain data between the readers of files and the builders of models; no behaviour. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/**
 * One stored array, in C order. Floats of every width and integers arrive as float32; `dtype` tells what the file held
 * (`float32`, `float16`, `bfloat16`, `float64`, `int64`, `uint8`, …).
 */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: Float32Array;
}

export interface NamedWeight {
  readonly name: string;
  readonly tensor: WeightTensor;
}

/** The weights of one layer, in the order the writer listed them. */
export interface LayerWeights {
  readonly name: string;
  readonly weights: readonly NamedWeight[];
}

/**
 * How the weights are found again.
 *
 * `tree`    `.keras` and `.weights.h5`: `groups` maps an object path (`layers/lstm/cell`, `""` for the model itself;
 *           always `/` and `layers`, whatever the writer used) to its variables 0, 1, 2 …; `names` maps a path to the
 *           name its object had, where the file tells it (a cross-check, not a key).
 * `layers`  whole and weights-only legacy HDF5: positional, among the layers that have weights, then within each layer.
 * `names`   TF.js and safetensors: the writer's names, in the order of the file.
 * `none`    an architecture alone.
 */
export type WeightStore =
  | {
      readonly kind: "tree";
      readonly groups: ReadonlyMap<string, readonly WeightTensor[]>;
      readonly names: ReadonlyMap<string, string>;
    }
  | { readonly kind: "layers"; readonly layers: readonly LayerWeights[] }
  | { readonly kind: "names"; readonly weights: ReadonlyMap<string, WeightTensor> }
  | { readonly kind: "none" };

/** 2: Keras 2, tf.keras and TF.js. 3: Keras 3. Defaults, config keys and `hard_sigmoid` differ. */
export type Dialect = 2 | 3;

export type ModelFormat =
  | "keras"
  | "hdf5"
  | "weights"
  | "tfjs"
  | "json"
  | "safetensors"
  | "rtneural"
  | "guitarml"
  | "nam";

/** What a model file says, whichever format it has. */
export interface ModelSpec {
  readonly format: ModelFormat;
  /** The name the user gave or the file has; starts the messages of errors. */
  readonly name: string;
  /** As written in the file: `3.9.2`, `2.2.4-tf`, `tfjs-layers 4.22.0`; null where it is silent. */
  readonly kerasVersion: string | null;
  readonly dialect: Dialect;
  /** The raw Keras object `{ class_name, config, … }` in snake_case; null in a file of weights alone. */
  readonly architecture: JsonObject | null;
  readonly weights: WeightStore;
  /** What was read over, for the load report: `optimizer state`, `training_config`, … */
  readonly ignored: readonly string[];
  /** Texts that a safetensors file carries beside its arrays. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the states are before the first step, one flat list as everywhere; absent: zeros. */
  readonly initialStates?: readonly Float32Array[];
}

/** A Keras object as files hold it: a layer, a cell, an initializer, a model. `config` stays raw and snake_case. */
export interface ObjectSpec {
  readonly className: string;
  /** `keras.layers`, `keras.src.ops.numpy`, a user's module; null where the file does not say. */
  readonly module: string | null;
  readonly registeredName: string | null;
  readonly config: JsonObject;
}

/** An ONNX tensor: floats of every width as float32, whole numbers and booleans as doubles (exact to 2^53). */
export interface OnnxTensor {
  readonly shape: readonly number[];
  /** `float32`, `float16`, `int64`, `bool`, … as stored. */
  readonly dtype: string;
  readonly data: Float32Array | Float64Array;
}

/** An input or output of a graph; a dimension is a size, a name, or null where nothing is said. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | string | null)[] | null;
}

export type OnnxAttribute = number | string | readonly number[] | readonly string[] | OnnxTensor | OnnxGraph;

/** `If` holds its branches among the attributes. */
export interface OnnxNode {
  readonly op: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly name: string;
  /** Names of values; empty for an argument left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** Nodes stand in an order that can be run; every name they take is known, here or in a graph around this one. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Without those that have an initializer. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** What an ONNX file says. */
export interface OnnxSpec {
  readonly format: "onnx";
  readonly name: string;
  /** `pytorch`, `tf2onnx`, …; empty where the file is silent. */
  readonly producer: string;
  /** Domain → version of its operators. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly ignored: readonly string[];
}
