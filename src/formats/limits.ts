/** What one file may cost: bytes unpacked, arrays read, levels of nesting. */
import { LimitError } from "../errors";

export interface Limits {
  /**
   * Bytes that unpacking and widening to float32 may produce, all members together. What an ONNX graph computes of its
   * weights and constants may take as much again.
   */
  readonly bytes: number;
  /** Weight arrays. */
  readonly weights: number;
  /** Levels of JSON, and of groups in HDF5. */
  readonly nesting: number;
}

export const DEFAULT_LIMITS: Limits = { bytes: 2 ** 31, weights: 100_000, nesting: 128 };

/** One per file being read: says no before memory is spent. */
export class Allowance {
  readonly limits: Limits;
  private bytes = 0;
  private weights = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** @throws {LimitError} when this many bytes more pass the limit. */
  spendBytes(where: string, bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limits.bytes) throw this.passed(where, "bytes", "unpacked bytes", this.bytes);
  }

  /** Counts one weight array. @throws {LimitError} */
  spendWeight(where: string): void {
    this.weights += 1;
    if (this.weights > this.limits.weights) throw this.passed(where, "weights", "weights", this.weights);
  }

  /** @throws {LimitError} when `depth` levels are too many. */
  nest(where: string, depth: number): void {
    if (depth > this.limits.nesting) throw this.passed(where, "nesting", "levels of nesting", depth);
  }

  private passed(where: string, limit: keyof Limits, what: string, got: number): LimitError {
    const allowed = this.limits[limit];
    return new LimitError(where, `at most ${allowed} ${what}`, String(got), { details: { limit, allowed, got } });
  }
}
