/**
 * `recurra/layers`: all layers by name, and what makes models of them. Nothing here is loaded on demand, so that every
 * bundler sees what a page does not use; what opens files is in the root alone.
 */

export { initializers } from "./initializers";
export * as layers from "./layers/index";
export * from "./layers/index";
export { modelFromJSON } from "./models/from_json";
export { modelFromParts } from "./models/from_parts";
export { Functional, type FunctionalOptions, model } from "./models/functional";
export { Model } from "./models/model";
export { Sequential, type SequentialOptions, sequential } from "./models/sequential";
export { Stream, type StreamOptions } from "./models/stream";
export type { ModelParts } from "./models/to_parts";
export * as ops from "./ops";
export * from "./public_errors";
export { type Configuration, configure, type Runtime, runtime } from "./runtime";
export { type DType, Tensor, type TensorData, type TensorLike, tensor } from "./tensor";
