/** recurra: Keras' recurrent networks on WebAssembly SIMD kernels. The public surface. */

export { initializers } from "./initializers";
export * as layers from "./layers/index";
export { input } from "./layers/input_layer";
export { type Trace, type TraceOptions, trace } from "./layers/recurrent/trace";
export type { CustomLayer } from "./layers/registry";
export { registerLayer } from "./layers/registry";
export type { SymbolicShape } from "./layers/symbolic";
export { SymbolicTensor } from "./layers/symbolic";
export {
  type LoadOptions,
  loadModel,
  type ModelSource,
  type OnnxModel,
  type OnnxOptions,
  type TorchModule,
} from "./load";
export type { BatchOptions } from "./models/batches";
export type { AnyResult, FromJSONOptions } from "./models/from_json";
export { modelFromJSON } from "./models/from_json";
export { modelFromParts } from "./models/from_parts";
export { Functional, type FunctionalOptions, model } from "./models/functional";
export type { ModelInput } from "./models/inputs";
export type { LoadReport } from "./models/load_report";
export { Model } from "./models/model";
export type { ModelOptions } from "./models/network";
export { Sequential, type SequentialOptions, sequential } from "./models/sequential";
export { Stream, type StreamOptions } from "./models/stream";
export type { ModelParts, PartsOptions } from "./models/to_parts";
export { tensorFromNpy, tensorToNpy } from "./npy";
export * as ops from "./ops";
export * from "./public_errors";
export { type Configuration, configure, type Runtime, runtime } from "./runtime";
export { saveModel, saveWeights } from "./save";
export { type DType, type NestedArray, Tensor, type TensorData, type TensorLike, tensor } from "./tensor";
export type { BatchStream, StepOptions } from "./throughput/batch_stream";
export { Batcher, type BatcherOptions, createBatcher } from "./throughput/batcher";
export { createPool, type PoolOptions } from "./throughput/create_pool";
export type { Frame } from "./throughput/frames";
export { Pool, type PoolCallOptions } from "./throughput/pool";
export type { StepResult } from "./throughput/rows";
export type { BatcherStats } from "./throughput/scheduler";
export type { CallOptions } from "./throughput/ticket";
