/** Tensors in other shapes and orders, cut and joined. The type stays. */

import { ArgumentError, ShapeError, showShape } from "../../errors";
import { type DType, sizeOf, Tensor, type TensorLike, tensor, toTensor } from "../../tensor";
import { axesOf, axisOf } from "../axes";
import { emitConcat, emitFloat, emitInt, emitSlice, emitTranspose } from "../copy";
import { eager, eagerOne } from "../eager";
import { emitBroadcast } from "../elementwise";
import { emitScalar } from "../masks";
import type { Plan } from "../plan";
import type { Slab } from "../slab";

/** All in one type: that of all, or float32. */
function oneType(plan: Plan, slabs: readonly Slab[]): readonly Slab[] {
  return slabs.every((slab) => slab.dtype === slabs[0]?.dtype) ? slabs : slabs.map((slab) => emitFloat(plan, slab));
}

/**
 * Tensors one after another along an axis; all other axes agree.
 * @throws {ShapeError} when they do not.
 */
export function concat(tensors: readonly TensorLike[], axis = 0): Tensor {
  if (tensors.length === 0) throw new ArgumentError("ops.concat", "at least one tensor", "none");
  return eagerOne(`concat ${axis}`, tensors, (plan, slabs) => {
    const [first] = slabs as [Slab];
    const at = axisOf("ops.concat", axis, first.shape.length);
    const fits = ({ shape }: Slab) =>
      shape.length === first.shape.length && shape.every((d, k) => k === at || d === first.shape[k]);
    if (!slabs.every(fits)) {
      const got = slabs.map((slab) => showShape(slab.shape)).join(", ");
      throw new ShapeError("ops.concat", `shapes that agree but for axis ${axis}`, got);
    }
    return emitConcat(plan, oneType(plan, slabs), at);
  });
}

/** Tensors of one shape along a new axis. */
export function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
  return concat(
    tensors.map((t) => expandDims(t, axis)),
    axis,
  );
}

/**
 * A box of a tensor.
 *
 * @param begin Where it starts, along each of the first axes.
 * @param size How far it goes; −1, and axes that are not given, mean to the end.
 * @throws {ShapeError} when it does not lie within the tensor.
 */
export function slice(x: TensorLike, begin: readonly number[], size: readonly number[] = []): Tensor {
  return eagerOne(`slice ${begin.join()} ${size.join()}`, [x], (plan, [slab]) => {
    const { shape } = slab as Slab;
    const from = shape.map((_, axis) => begin[axis] ?? 0);
    const to = shape.map((d, axis) =>
      (size[axis] ?? -1) === -1 ? d - (from[axis] as number) : (size[axis] as number),
    );
    const inside = (d: number, axis: number) => {
      const [start, count] = [from[axis] as number, to[axis] as number];
      return Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0 && start + count <= d;
    };
    if (begin.length > shape.length || size.length > shape.length || !shape.every(inside)) {
      throw new ShapeError("ops.slice", `a box within ${showShape(shape)}`, `${showShape(to)} from ${showShape(from)}`);
    }
    return emitSlice(plan, slab as Slab, from, to);
  });
}

/**
 * Pieces of a tensor along an axis.
 * @param parts How many equal pieces, or the sizes of the pieces.
 * @throws {ShapeError} when the axis cannot be cut so.
 */
export function split(x: TensorLike, parts: number | readonly number[], axis = 0): readonly Tensor[] {
  return eager(`split ${JSON.stringify(parts)} ${axis}`, [x], (plan, [slab]) => {
    const { shape } = slab as Slab;
    const at = axisOf("ops.split", axis, shape.length);
    const length = shape[at] as number;
    const sizes = typeof parts === "number" ? new Array<number>(parts).fill(length / parts) : parts;
    const sum = sizes.reduce((a, b) => a + b, 0);
    if (sum !== length || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new ShapeError("ops.split", `pieces that make up axis ${axis} of ${showShape(shape)}`, String(parts));
    }
    let start = 0;
    return sizes.map((size) => {
      const from = shape.map((_, k) => (k === at ? start : 0));
      start += size;
      return emitSlice(
        plan,
        slab as Slab,
        from,
        shape.map((d, k) => (k === at ? size : d)),
      );
    });
  });
}

/** The same elements in the same order under another shape; one axis may be −1, whatever is left. */
export function reshape(x: TensorLike, shape: readonly number[]): Tensor {
  const { data, dtype } = toTensor(x);
  const known = sizeOf(shape.filter((d) => d !== -1));
  const full = shape.map((d) => (d === -1 ? data.length / known : d));
  if (shape.filter((d) => d === -1).length > 1 || sizeOf(full) !== data.length || !full.every(Number.isInteger)) {
    throw new ShapeError("ops.reshape", `a shape of ${data.length} elements`, showShape(shape));
  }
  return new Tensor(full, dtype, data.slice());
}

/** The axes in another order: axis k of the result is axis `order[k]` of x. By default they are reversed. */
export function transpose(x: TensorLike, order?: readonly number[]): Tensor {
  return eagerOne(`transpose ${order?.join() ?? ""}`, [x], (plan, [slab]) => {
    const { shape } = slab as Slab;
    const axes =
      order?.map((axis) => axisOf("ops.transpose", axis, shape.length)) ?? shape.map((_, k) => shape.length - 1 - k);
    if (new Set(axes).size !== shape.length || axes.length !== shape.length) {
      throw new ShapeError("ops.transpose", `each of ${shape.length} axes once`, showShape(axes));
    }
    return emitTranspose(plan, slab as Slab, axes);
  });
}

/** A new axis of one element before `axis`; −1 puts it last. */
export function expandDims(x: TensorLike, axis = -1): Tensor {
  const { shape, dtype, data } = toTensor(x);
  const at = axisOf("ops.expandDims", axis, shape.length + 1);
  return new Tensor([...shape.slice(0, at), 1, ...shape.slice(at)], dtype, data.slice());
}

/** Without axes of one element: those given, or all of them. */
export function squeeze(x: TensorLike, axis?: number | readonly number[]): Tensor {
  const { shape, dtype, data } = toTensor(x);
  const given = axis === undefined ? undefined : axesOf("ops.squeeze", axis, shape.length);
  if (given?.some((k) => shape[k] !== 1)) throw new ShapeError("ops.squeeze", `1 on axis ${axis}`, showShape(shape));
  const rest = shape.filter((d, k) => (given ? !given.includes(k) : d !== 1));
  return new Tensor(rest, dtype, data.slice());
}

/** The same numbers as another type. Fractions are cut off; as bool, everything but 0 is true. */
export function cast(x: TensorLike, dtype: DType): Tensor {
  return eagerOne(`cast ${dtype}`, [x], (plan, [slab]) => {
    if (dtype === "int32") return emitInt(plan, slab as Slab);
    const floats = emitFloat(plan, slab as Slab);
    return dtype === "float32"
      ? floats.as("float32")
      : emitBroadcast(plan, "notEqual", [floats, emitScalar(plan, 0)], "bool");
  });
}

/** A tensor of one value. */
export function fill(shape: readonly number[], value: number, dtype: DType = "float32"): Tensor {
  return tensor(new Float32Array(sizeOf(shape)).fill(value), shape, dtype);
}

export function zeros(shape: readonly number[], dtype: DType = "float32"): Tensor {
  return fill(shape, 0, dtype);
}

export function ones(shape: readonly number[], dtype: DType = "float32"): Tensor {
  return fill(shape, 1, dtype);
}
