/** Tensors: a shape, a type and the numbers in C order. Plain data, nothing to dispose of. */

import { ArgumentError, ShapeError, show, showShape } from "./errors";

export type DType = "float32" | "int32" | "bool";
export type TensorData = Float32Array | Int32Array | Uint8Array;
/** The arrays for the elements of each type. */
export const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
/** Numbers nested as deep as the tensor has axes; a single number or boolean for a scalar. */
export type NestedArray = number | boolean | readonly NestedArray[];
/** What is taken wherever a tensor is taken. */
export type TensorLike = Tensor | NestedArray;

/**
 * An n-dimensional array. `data` holds the elements in C order (the last axis varies fastest); a new one takes its
 * array as it is, where {@link tensor} checks and copies.
 */
export class Tensor {
  constructor(
    readonly shape: readonly number[],
    readonly dtype: DType,
    readonly data: TensorData,
  ) {}

  /** The elements as nested arrays; booleans for dtype `bool`. */
  toArray(): NestedArray {
    const bool = this.dtype === "bool";
    let at = 0;
    const level = (axis: number): NestedArray => {
      if (axis === this.shape.length) {
        const value = this.data[at++] as number;
        return bool ? value !== 0 : value;
      }
      return Array.from({ length: this.shape[axis] as number }, () => level(axis + 1));
    };
    return level(0);
  }

  /** A short description with at most the first few elements. */
  toString(): string {
    const head = Array.from(this.data.subarray(0, 6), (v) => String(Number(v.toPrecision(6)))).join(", ");
    return `Tensor ${this.dtype} ${showShape(this.shape)} [${head}${this.data.length > 6 ? ", …" : ""}]`;
  }
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const d of shape) size *= d;
  return size;
}

/**
 * Makes a tensor of nested arrays or of a typed array; the numbers are copied, which for an array of megabytes takes
 * milliseconds: `new Tensor(shape, dtype, array)` does without.
 *
 * @param shape Defaults to the nesting of `values`, or to one axis for a typed array.
 * @param dtype Defaults to the type of a typed array, `bool` for booleans, else `float32`.
 * @throws {ShapeError} when the nesting is ragged or the number of elements does not fit `shape`.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).shape;            // [2, 2]
 * tensor(new Float32Array(6), [2, 3]).shape; // [2, 3]
 */
export function tensor(values: NestedArray | TensorData, shape?: readonly number[], dtype?: DType): Tensor {
  if (ArrayBuffer.isView(values)) {
    const type = dtype ?? dtypeOf(values);
    return new Tensor(checkedShape(shape ?? [values.length], values.length), type, convert(values, type));
  }
  const flat: number[] = [];
  const nesting: number[] = [];
  const kind = flatten(values, 0, nesting, flat);
  const type = dtype ?? (kind === "boolean" ? "bool" : "float32");
  return new Tensor(checkedShape(shape ?? nesting, flat.length), type, convert(flat, type));
}

/** Passes a tensor on and makes one of anything else. */
export function toTensor(value: TensorLike): Tensor {
  if (value instanceof Tensor) return value;
  if (isTensorShaped(value)) return new Tensor(value.shape, value.dtype, value.data);
  return tensor(value as NestedArray);
}

/** True for a tensor of this or of another copy of the library. */
export function isTensorShaped(value: unknown): value is Tensor {
  if (value instanceof Tensor) return true;
  const t = value as Partial<Tensor> | null;
  return typeof t === "object" && t !== null && Array.isArray(t.shape) && ArrayBuffer.isView(t.data);
}

function dtypeOf(values: ArrayBufferView): DType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof Int32Array) return "int32";
  if (values instanceof Uint8Array) return "bool";
  throw new ArgumentError("tensor", "a Float32Array, an Int32Array or a Uint8Array", show(values));
}

function convert(values: ArrayLike<number>, dtype: DType): TensorData {
  if (dtype === "float32") return Float32Array.from(values);
  if (dtype === "bool") return Uint8Array.from(values, (v) => (v !== 0 ? 1 : 0));
  if (dtype !== "int32") throw new ArgumentError("tensor.dtype", "float32, int32 or bool", show(dtype));
  const out = new Int32Array(values.length);
  for (let k = 0; k < values.length; k++) {
    out[k] = values[k] as number;
    if (out[k] !== values[k]) {
      throw new ArgumentError("tensor", "whole numbers of 32 bits for int32", `${values[k]} at position ${k}`);
    }
  }
  return out;
}

function checkedShape(shape: readonly number[], size: number): readonly number[] {
  if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0)) {
    throw new ShapeError("tensor.shape", "whole numbers of at least 0", show(shape));
  }
  if (sizeOf(shape) !== size) {
    throw new ShapeError("tensor", `${sizeOf(shape)} elements for shape ${showShape(shape)}`, `${size}`);
  }
  return [...shape];
}

function flatten(value: NestedArray, axis: number, nesting: number[], out: number[]): "number" | "boolean" | "empty" {
  if (typeof value === "number" || typeof value === "boolean") {
    if (axis !== nesting.length)
      throw new ShapeError("tensor", "the same depth everywhere", `a number at depth ${axis}`);
    out.push(Number(value));
    return typeof value as "number" | "boolean";
  }
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    throw new ArgumentError("tensor", "numbers in nested arrays", show(value));
  }
  const list = value as readonly NestedArray[];
  if (out.length === 0 && axis === nesting.length) nesting.push(list.length);
  if (nesting[axis] !== list.length) {
    throw new ShapeError("tensor", `${nesting[axis] ?? "no"} elements on axis ${axis}`, `${list.length}`);
  }
  let kind: "number" | "boolean" | "empty" = "empty";
  for (const item of list) kind = flatten(item, axis + 1, nesting, out);
  return kind;
}
