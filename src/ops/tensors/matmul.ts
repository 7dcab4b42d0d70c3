/** Products of matrices. */

import { ShapeError, showShape } from "../../errors";
import { sizeOf, type Tensor, type TensorLike } from "../../tensor";
import { emitFloat } from "../copy";
import { eagerOne } from "../eager";
import { broadcastShape, broadcastSteps, emitElementwise, stepsOf } from "../elementwise";
import { emitMatmul } from "../matmul";
import type { Plan } from "../plan";
import type { Slab } from "../slab";

/**
 * a · b, as in NumPy: [m, k] · [k, n] = [m, n]. Leading axes are many products and broadcast; a vector is a row on the
 * left and a column on the right, and its axis is not in the result.
 *
 * @throws {ShapeError} when the inner axes differ.
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor {
  return eagerOne("matmul", [a, b], (plan, slabs) => {
    const [left, right] = slabs.map((slab) => emitFloat(plan, slab)) as [Slab, Slab];
    const rows = left.shape.length === 1 ? left.view([1, ...left.shape]) : left;
    const columns = right.shape.length === 1 ? right.view([...right.shape, 1]) : right;
    if (left.shape.length === 0 || right.shape.length === 0 || rows.dim(-1) !== columns.dim(-2)) {
      const got = `${showShape(left.shape)} and ${showShape(right.shape)}`;
      throw new ShapeError("ops.matmul", "shapes [m, k] and [k, n]", got);
    }
    const y = emitProducts(plan, rows, columns);
    const shape = [...y.shape];
    if (right.shape.length === 1) shape.pop();
    if (left.shape.length === 1) shape.splice(y.shape.length - 2, 1);
    return y.view(shape);
  });
}

function emitProducts(plan: Plan, a: Slab, b: Slab): Slab {
  const lead = (slab: Slab) => slab.shape.slice(0, -2);
  const [m, k, n] = [a.dim(-2), a.dim(-1), b.dim(-1)];
  const many = broadcastShape("ops.matmul", [lead(a), lead(b)]);
  const y = plan.slab([...many, m, n]);
  const matrices = (slab: Slab) => {
    const [height, width] = [slab.dim(-2), slab.dim(-1)];
    const single = sizeOf(lead(slab)) === 1;
    return {
      slab: single ? slab : repeated(plan, slab, many),
      outer: single ? 0 : height * width,
      inner: 0,
      row: width,
    };
  };
  const sizes = { outer: sizeOf(many), inner: 1, m, k, n, transposed: false };
  emitMatmul(plan, sizes, matrices(a), matrices(b), { slab: y, outer: m * n, inner: 0, row: n });
  return y;
}

/** A slab whose leading axes are broadcast to `many`. */
function repeated(plan: Plan, slab: Slab, many: readonly number[]): Slab {
  const shape = [...many, slab.dim(-2), slab.dim(-1)];
  if (sizeOf(shape) === slab.size) return slab;
  const full = plan.slab(shape);
  const from = { slab, steps: broadcastSteps(slab.shape, shape) };
  emitElementwise(plan, "copy", shape, { slab: full, steps: stepsOf(shape) }, [from]);
  return full;
}
