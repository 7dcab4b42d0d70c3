/** The ABI of the kernels: addresses in bytes, counts and steps in 4-byte elements. */

/** First byte above the static data; everything from here on belongs to the caller. */
export const heapBase: usize = __heap_base;

export { packPanels } from "./kernels/pack";
