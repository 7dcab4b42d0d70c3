/** What a contestant does; each lives in a worker of its own and is loaded there when it is to run. */

import type { Workload } from "./workloads";

export interface Prepared {
  /** From typed array to typed array, copies included. */
  readonly run: () => Float32Array | Promise<Float32Array>;
  /** Forgets the state of a stream. */
  readonly reset?: () => void;
  /** Its GRU has no `reset_after`; it computes the other form with the same weights. */
  readonly resetBefore?: boolean;
}

export type Prepare = (workload: Workload) => Promise<Prepared> | Prepared;

export const CONTESTANTS = {
  recurra: { title: "recurra", load: () => import("./contestants/recurra") },
  onnx: { title: "onnxruntime-web", load: () => import("./contestants/onnx") },
  tfjs: { title: "TensorFlow.js wasm", load: () => import("./contestants/tfjs") },
} as const satisfies Record<string, { title: string; load: () => Promise<{ prepare: Prepare }> }>;

export type ContestantName = keyof typeof CONTESTANTS;

/** In the order of columns. */
export const CONTESTANT_NAMES = Object.keys(CONTESTANTS) as ContestantName[];
