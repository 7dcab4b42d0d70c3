/** What a pool and its workers tell each other. */

import * as errors from "../errors";
import type { ModelParts } from "../models/to_parts";
import type { Tensor } from "../tensor";
import type { EngineOptions } from "../wasm/engine";
import type { SharedModules } from "../wasm/shared_engine";
import type { Space } from "../wasm/space";
import type { PackedWeights } from "./packed_weights";

/** To a worker: first the model, then work. */
export type Order =
  | {
      readonly kind: "model";
      readonly parts: ModelParts;
      readonly kernels: EngineOptions;
      /** The memory that its thread shares with others, and its place there. */
      readonly space: Space | undefined;
      /** The kernels for that memory. */
      readonly modules: SharedModules | undefined;
      /** What is packed there. */
      readonly packed: PackedWeights;
    }
  | { readonly kind: "run"; readonly inputs: readonly PlainTensor[] };

/** From a worker: that it is one, as soon as its script runs, then one an order. */
export type Report =
  | { readonly kind: "hello" }
  | { readonly kind: "ready" }
  | {
      readonly kind: "result";
      readonly outputs: readonly PlainTensor[];
      /** Milliseconds that it took. */
      readonly ms: number;
    }
  | { readonly kind: "failure"; readonly error: PlainError };

/** A tensor without its methods. */
export type PlainTensor = Pick<Tensor, "shape" | "dtype" | "data">;

/** An error of this library without its class. */
export interface PlainError {
  readonly code: errors.ErrorCode;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const CLASSES = {
  config: errors.ConfigError,
  weight: errors.WeightError,
  shape: errors.ShapeError,
  format: errors.FormatError,
  unsupported: errors.UnsupportedError,
  state: errors.StateError,
  memory: errors.MemoryLimitError,
  argument: errors.ArgumentError,
  io: errors.IoError,
  network: errors.NetworkError,
  limit: errors.LimitError,
  busy: errors.BusyError,
  worker: errors.WorkerError,
  runtime: errors.RuntimeError,
} as const;

/** For the way to another thread. */
export function plainError(e: unknown): PlainError {
  if (!errors.RecurraError.is(e)) {
    return { code: "worker", where: "pool, worker", expected: "a result", got: String(e), details: {} };
  }
  const { code, where, expected, got } = e;
  try {
    return { code, where, expected, got, details: structuredClone(e.details) };
  } catch {
    return { code, where, expected, got, details: {} };
  }
}

/** The error that it was. `prefix` says which part of the work it comes from. */
export function errorOf({ code, where, expected, got, details }: PlainError, prefix = ""): errors.RecurraError {
  return new CLASSES[code](prefix + where, expected, got, { details });
}
