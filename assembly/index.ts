/** The ABI of the kernels: addresses in bytes, counts and steps in 4-byte elements. */

/** First byte above the static data; everything from here on belongs to the caller. */
export const heapBase: usize = __heap_base;

/** Which build this is: true where multiplications and additions are fused. */
export const fused: bool = ASC_FEATURE_RELAXED_SIMD;

export { largestTile } from "./kernels/gemm";
export { packPanels } from "./kernels/pack";
export { affine } from "./kernels/affine";
export { sequence, sequenceScratch } from "./kernels/sequence";
/** For assembly/team.ts. */
export { advanceBlocks, advanceChunk, advanceTable, project } from "./kernels/timestep";
export { gemv4, tile3, tile4, tile5, tile6 } from "./kernels/generated/tiles";
export { activateSlab } from "./kernels/activation";
export { toFloat, toInt } from "./kernels/conversion";
export { fill, gatherRows, scatterRows } from "./kernels/copy";
export { elementwise } from "./kernels/elementwise";
export { gather } from "./kernels/gather";
export { maskingRows } from "./kernels/masking";
export { matmul } from "./kernels/matmul";
export { layerNorm, scaleShift } from "./kernels/normalize";
export { reduce } from "./kernels/reduce";
export { logSoftmax, softmax, sparsemax } from "./kernels/softmax";
export { patches, slideWindow } from "./kernels/window";
