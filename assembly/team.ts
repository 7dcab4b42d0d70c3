/**
 * The kernels for threads that share a memory: a module beside that of index.ts, which makes the products for it and is
 * loaded without it by whoever has one thread. Its `sequence` takes the place of the other's.
 */

export { assist, collect, offer } from "./kernels/errand";
export { sequence } from "./kernels/team";
