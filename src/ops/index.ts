/**
 * Operations on tensors, for layers and cells of your own. Each takes tensors, nested arrays or numbers, runs on the
 * kernels of the layers, and gives a tensor that belongs to the caller.
 */

export * from "./tensors/activations";
export * from "./tensors/arithmetic";
export * from "./tensors/arrange";
export * from "./tensors/matmul";
export * from "./tensors/reduce";
