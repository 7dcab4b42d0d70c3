/** Operators about shapes and types: they tell them, change them, or make constants of them. */

import { emitFloat, emitInt } from "../../ops/copy";
import { emitBroadcast } from "../../ops/elementwise";
import { emitScalar } from "../../ops/masks";
import { sizeOf } from "../../tensor";
import { filled, reshaped, squeezed, unsqueezed } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { Known, kindOf, Live, newNumbers, type Value } from "../value";
import { checkedLengths, frontAxes, resolvedShape } from "./axes";

/** TensorProto.DataType, for `Cast`. */
const TYPES = [
  ..."- float32 uint8 int8 uint16 int16 int32 int64 - bool float16 float64 uint32 uint64 - - bfloat16".split(" "),
];

const known = (shape: readonly number[], dtype: string, data: readonly number[]) =>
  new Known(shape, dtype, dtype.includes("float") ? Float32Array.from(data) : Float64Array.from(data));

export const SHAPE_OPERATORS: Operators = {
  Identity: (call) => call.input(0),
  Shape(call) {
    const { shape } = call.input(0);
    const part = shape.slice(call.number("start", 0), call.number("end", shape.length));
    return known([part.length], "int64", part);
  },
  Size: (call) => known([], "int64", [sizeOf(call.input(0).shape)]),
  Constant: constant,
  ConstantOfShape(call) {
    const value = call.tensor("value");
    const shape = checkedLengths(call, call.whole(0, "shape") ?? []);
    return filled(call, shape, value?.dtype ?? "float32", value?.data[0] ?? 0);
  },
  Range: range,
  Cast(call) {
    const type = TYPES[call.number("to", 0)];
    if (!type || type === "-") return call.refuse("a type of numbers", `type ${call.number("to")}`);
    return cast(call, call.input(0), type);
  },
  CastLike: (call) => cast(call, call.input(0), dtypeOf(call.input(1))),
  Reshape(call) {
    const x = call.input(0);
    const wanted = call.listed("shape", 1) ?? [];
    return reshaped(call, x, resolvedShape(call, wanted, x.shape, call.number("allowzero", 0) !== 0));
  },
  Flatten(call) {
    const x = call.input(0);
    const axis = call.number("axis", 1);
    const lead = sizeOf(x.shape.slice(0, axis));
    return reshaped(call, x, [lead, sizeOf(x.shape.slice(axis))]);
  },
  Squeeze(call) {
    const x = call.input(0);
    const ones = x.shape.flatMap((d, axis) => (d === 1 ? [axis] : []));
    const axes = frontAxes(call, call.listed("axes", 1) ?? ones, x.shape.length);
    if (axes.every((axis) => x.shape[axis] === 1)) return squeezed(x, axes);
    return call.refuse("axes of one element", `axes ${axes.join(", ")} of [${x.shape.join(", ")}]`);
  },
  Unsqueeze(call) {
    const x = call.input(0);
    const axes = call.listed("axes", 1) ?? [];
    return unsqueezed(x, frontAxes(call, axes, x.shape.length + axes.length));
  },
  Dropout(call) {
    const mask = call.wanted(1) ? filled(call, call.input(0).shape, "bool", 1) : undefined;
    return [call.input(0), mask];
  },
};

function constant(call: NodeCall): Value {
  const tensor = call.tensor("value");
  if (tensor) return new Known(tensor.shape, tensor.dtype, tensor.data);
  const one = call.node.attributes;
  if (one.has("value_float")) return known([], "float32", [call.number("value_float", 0)]);
  if (one.has("value_int")) return known([], "int64", [call.number("value_int", 0)]);
  const floats = call.ints("value_floats");
  const list = floats ?? call.ints("value_ints");
  if (list) return known([list.length], floats ? "float32" : "int64", list);
  return call.refuse("a tensor or numbers", [...one.keys()].join(", ") || "nothing");
}

function range(call: NodeCall): Value {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((k) => call.known(k, "limits").data[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isFinite(count)) return call.refuse("a finite range", `${start} to ${limit} by ${delta}`);
  const { dtype } = call.known(0, "limits");
  const data = newNumbers(call.where, dtype, [count]);
  for (let k = 0; k < count; k++) data[k] = start + k * delta;
  return new Known([count], dtype, data);
}

function dtypeOf(x: Value): string {
  return x instanceof Known ? x.dtype : x.kind;
}

/** Floats lose their fraction on the way to whole numbers; what is not 0 is true. */
function cast({ plan, where }: NodeCall, x: Value, dtype: string): Value {
  const kind = kindOf(dtype);
  if (x instanceof Known) {
    if (x.kind === kind) return new Known(x.shape, dtype, x.data);
    const data = newNumbers(where, dtype, x.shape);
    const convert = kind === "bool" ? (v: number) => (v === 0 ? 0 : 1) : kind === "int32" ? Math.trunc : Number;
    x.data.forEach((value, k) => {
      data[k] = convert(value);
    });
    return new Known(x.shape, dtype, data);
  }
  if (x.kind === kind) return x;
  if (kind === "int32") return new Live(emitInt(plan, x.dense(plan)));
  if (x.kind === "bool") return new Live(x.slab.as("float32"), x.shape, x.start, x.steps);
  const floats = emitFloat(plan, x.dense(plan));
  if (kind === "float32") return new Live(floats);
  return new Live(emitBroadcast(plan, "notEqual", [floats, emitScalar(plan, 0)], "bool").view(x.shape));
}
