/** The kernels for engines that join vectors: the ABI of index.ts. */
import { widen } from "./kernels/wide";

export * from "./index";
export { gemv8, pair3, pair4, pair5, pair6, tall12, tall8 } from "./kernels/generated/wide";

widen();
