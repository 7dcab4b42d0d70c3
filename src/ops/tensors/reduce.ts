/** Sums, means and the like of tensors. */

import type { Tensor, TensorLike } from "../../tensor";
import type { REDUCTION } from "../../wasm/op_codes";
import { axesOf } from "../axes";
import { emitFloat } from "../copy";
import { eagerOne } from "../eager";
import { emitReduce } from "../reduce";
import type { Slab } from "../slab";

// @__NO_SIDE_EFFECTS__
function reduction(name: string, op: keyof typeof REDUCTION, dtype: "float32" | "bool" = "float32") {
  return (x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor =>
    eagerOne(`${name} ${axis ?? "all"} ${keepDims}`, [x], (plan, [slab]) => {
      const floats = emitFloat(plan, slab as Slab).as("float32");
      const axes = axesOf(`ops.${name}`, axis, floats.shape.length);
      const y = emitReduce(plan, op, floats, axes);
      const shape = keepDims ? floats.shape.map((d, k) => (axes.includes(k) ? 1 : d)) : y.shape;
      return y.view(shape).as(dtype);
    });
}

/** Along some axes, or all of them; `keepDims` leaves them with one element. */
export const sum = reduction("sum", "sum");
export const mean = reduction("mean", "mean");
export const max = reduction("max", "maximum");
export const min = reduction("min", "minimum");
export const prod = reduction("prod", "product");
/** True where any element is not 0. */
export const any = reduction("any", "any", "bool");
/** True where no element is 0. */
export const all = reduction("all", "all", "bool");
