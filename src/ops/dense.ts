/** Products with weights that stay the same. */

import type { Packed, Versioned } from "../wasm/engine";
import type { Activation } from "./activation";
import { blocksOf, packColumns } from "./packing";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** A matrix of weights in C order, and a bias. */
export interface Product {
  /** Whose weights they are, and under which name the packed copy is kept. */
  readonly owner: Versioned & object;
  readonly key: string;
  readonly kernel: () => Float32Array;
  readonly bias?: (() => Float32Array) | undefined;
  readonly columns: number;
  /** When the kernel has more columns: the first one to take, and how many there are. */
  readonly among?: { readonly from: number; readonly width: number };
  /** Element by element; linear when absent. */
  readonly activation?: Activation;
}

/** A walk over rows of a slab: where it starts and how far the rows are apart, in elements. */
export interface Rows {
  readonly slab: Slab;
  readonly start?: number;
  readonly step: number;
  readonly count: number;
  readonly width: number;
}

/** Weights and bias as the kernel takes them. */
export interface PackedProduct {
  readonly weights: Packed;
  readonly bias: Packed | undefined;
}

/** The packed copies of a product of rows of `rows` elements. */
export function packProduct(plan: Plan, product: Product, rows: number): PackedProduct {
  const { owner, key, columns, bias } = product;
  const { from, width } = product.among ?? { from: 0, width: columns };
  const blocks = blocksOf(columns);
  const weights = plan.packed(owner, `${key} kernel`, blocks * rows * 8, (ptr) => {
    packColumns(plan.engine, { values: product.kernel(), rows, width, from, columns, to: ptr, blockStep: rows * 8 });
  });
  const packedBias =
    bias &&
    plan.packed(owner, `${key} bias`, blocks * 8, (ptr) => {
      plan.engine.arena.f32.set(bias().subarray(from, from + columns), ptr >> 2);
    });
  return { weights, bias: packedBias };
}

/** y[r] = activation(bias + x[r] W) for every row. */
export function emitProduct(plan: Plan, product: Product, x: Rows, y: Slab, yStart = 0, yStep = product.columns): void {
  const { columns, activation } = product;
  const { weights, bias } = packProduct(plan, product, x.width);
  const { code, alpha, beta } = activation ?? { code: 0, alpha: 0, beta: 0 };
  const { kernels } = plan.engine;
  plan.step([x.slab, y], () =>
    kernels.affine(
      x.slab.ptr + 4 * (x.start ?? 0),
      x.step,
      weights.ptr,
      bias?.ptr ?? 0,
      y.ptr + 4 * yStart,
      yStep,
      x.count,
      x.width,
      columns,
      code,
      alpha,
      beta,
    ),
  );
}

/** The last axis of a slab times a matrix, as a new slab [..., columns]. */
export function emitDense(plan: Plan, product: Product, x: Slab): Slab {
  const y = plan.slab([...x.shape.slice(0, -1), product.columns]);
  const width = x.dim(-1);
  emitProduct(plan, product, { slab: x, step: width, count: x.rows, width }, y);
  return y;
}
