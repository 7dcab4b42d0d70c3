/**
 * `recurra/worklet`: models in an AudioWorkletProcessor. One file that needs nothing but ECMAScript and WebAssembly;
 * models come from the page as what `model.toParts()` gave.
 */

export { initializers } from "./initializers";
export * as layers from "./layers/index";
export { input } from "./layers/input_layer";
export { registerLayer } from "./layers/registry";
export { SymbolicTensor } from "./layers/symbolic";
export { modelFromJSON } from "./models/from_json";
export { modelFromParts } from "./models/from_parts";
export { Functional, model } from "./models/functional";
export { Model } from "./models/model";
export { Sequential, sequential } from "./models/sequential";
export { Stream, type StreamOptions } from "./models/stream";
export type { ModelParts } from "./models/to_parts";
export * as ops from "./ops";
export * from "./public_errors";
export { configure, runtime } from "./runtime";
export { Tensor, tensor } from "./tensor";
