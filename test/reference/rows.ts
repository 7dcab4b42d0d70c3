/** Float64 twins of the kernels over rows and axes, written from the equations. */

import type { REDUCTION } from "../../src/wasm/op_codes";

const range = (count: number) => Array.from({ length: count }, (_, k) => k);
const total = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0);

const reductions: Record<keyof typeof REDUCTION, (values: readonly number[]) => number> = {
  sum: total,
  mean: (values) => total(values) / values.length,
  maximum: (values) => Math.max(...values),
  minimum: (values) => Math.min(...values),
  product: (values) => values.reduce((product, v) => product * v, 1),
  any: (values) => (values.some((v) => v !== 0) ? 1 : 0),
  all: (values) => (values.every((v) => v !== 0) ? 1 : 0),
};

/** x [outer][length][inner] to y [outer][inner]. */
export function reduceReference(
  op: keyof typeof REDUCTION,
  x: ArrayLike<number>,
  outer: number,
  length: number,
  inner: number,
): number[] {
  return range(outer * inner).map((at) => {
    const start = Math.floor(at / inner) * length * inner + (at % inner);
    return reductions[op](range(length).map((k) => x[start + k * inner] as number));
  });
}

export function softmaxReference(x: readonly number[]): number[] {
  const most = Math.max(...x);
  const terms = x.map((v) => Math.exp(v - most));
  return terms.map((v) => v / total(terms));
}

export function logSoftmaxReference(x: readonly number[]): number[] {
  const most = Math.max(...x);
  const logarithm = Math.log(total(x.map((v) => Math.exp(v - most))));
  return x.map((v) => v - most - logarithm);
}

/** The elements by sorting, Algorithm 1 of Martins & Astudillo 2016; τ as Keras 3.15.1 has it, from all sums. */
export function sparsemaxReference(x: readonly number[]): number[] {
  const sorted = [...x].sort((a, b) => b - a);
  let [sum, sums, count] = [0, 0, 0];
  sorted.forEach((v, k) => {
    sum += v;
    if (1 + (k + 1) * v <= sum) return;
    sums += sum;
    count++;
  });
  const tau = (sums - 1) / count;
  return x.map((v) => Math.max(v - tau, 0));
}

export interface Normalization {
  readonly gamma?: ArrayLike<number>;
  readonly beta?: ArrayLike<number>;
  readonly epsilon: number;
  /** Keras' `rms_scaling`. */
  readonly uncentred?: boolean;
}

/** One row of LayerNormalization. */
export function layerNormReference(x: readonly number[], { gamma, beta, epsilon, uncentred }: Normalization): number[] {
  const mean = total(x) / x.length;
  const variance = total(x.map((v) => (v - mean) ** 2)) / x.length;
  return x.map((v, k) => {
    const normal = (uncentred ? v : v - mean) / Math.sqrt(variance + epsilon);
    return normal * (gamma?.[k] ?? 1) + (beta?.[k] ?? 0);
  });
}

/** Which rows the Masking layer keeps. */
export function maskingReference(x: readonly number[], value: number): { mask: number; y: number[] } {
  const mask = x.some((v) => v !== value) ? 1 : 0;
  return { mask, y: x.map((v) => (mask ? v : 0)) };
}
