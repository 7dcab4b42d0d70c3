/** Products with weights that stay the same. */

import type { Versioned } from "../wasm/engine";
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

/** y[r] = activation(bias + x[r] W) for every row. */
export function emitProduct(plan: Plan, product: Product, x: Rows, y: Slab, yStart = 0, yStep = product.columns): void {
  const { owner, key, columns, activation } = product;
  const blocks = blocksOf(columns);
  const weights = plan.packed(owner, `${key} kernel`, blocks * x.width * 8, (ptr) => {
    const values = product.kernel();
    const panel = { rows: x.width, width: columns, from: 0, columns, to: ptr, blockStep: x.width * 8 };
    packColumns(plan.engine, { values, ...panel });
  });
  const { bias } = product;
  const packedBias =
    bias && plan.packed(owner, `${key} bias`, blocks * 8, (ptr) => plan.engine.arena.f32.set(bias(), ptr >> 2));
  const { code, alpha, beta } = activation ?? { code: 0, alpha: 0, beta: 0 };
  const { kernels } = plan.engine;
  plan.step([x.slab, y], () =>
    kernels.affine(
      x.slab.ptr + 4 * (x.start ?? 0),
      x.step,
      weights.ptr,
      packedBias?.ptr ?? 0,
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
