/** Operators that join or compare elements along axes. */

import { emitActivation, resolveActivation } from "../../ops/activation";
import { emitReduce } from "../../ops/reduce";
import { sizeOf } from "../../tensor";
import type { REDUCTION } from "../../wasm/op_codes";
import { reshaped, transposed } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { denseSlab, floatSlab, Known, Live, newNumbers, type Value } from "../value";
import { axisAttribute, frontAxes } from "./axes";
import { applied } from "./unary";

const JOINS: Readonly<
  Record<string, readonly [kernel: keyof typeof REDUCTION, fold: (a: number, b: number) => number]>
> = {
  Sum: ["sum", (a, b) => a + b],
  Mean: ["mean", (a, b) => a + b],
  Max: ["maximum", Math.max],
  Min: ["minimum", Math.min],
  Prod: ["product", (a, b) => a * b],
};

const square = (call: NodeCall, x: Value) => applied(call, { code: "square", fold: (v) => v * v }, x);
const absolute = (call: NodeCall, x: Value) => applied(call, { code: "abs", fold: Math.abs }, x);
const root = (call: NodeCall, x: Value) => applied(call, { code: "sqrt", fold: Math.sqrt }, x);
const logarithm = (call: NodeCall, x: Value) => applied(call, { code: "log", fold: Math.log }, x);
const exponential = (call: NodeCall, x: Value) => applied(call, { code: "exponential", fold: Math.exp }, x);

export const REDUCING_OPERATORS: Operators = {
  ...Object.fromEntries(
    Object.keys(JOINS).map((name) => [`Reduce${name}`, (call: NodeCall) => reduced(call, name, call.input(0))]),
  ),
  ReduceSumSquare: (call) => reduced(call, "Sum", square(call, call.input(0))),
  ReduceL1: (call) => reduced(call, "Sum", absolute(call, call.input(0))),
  ReduceL2: (call) => root(call, reduced(call, "Sum", square(call, call.input(0)))),
  ReduceLogSum: (call) => logarithm(call, reduced(call, "Sum", call.input(0))),
  ReduceLogSumExp: (call) => logarithm(call, reduced(call, "Sum", exponential(call, call.input(0)))),
  Softmax: (call) => overAxis(call, "softmax"),
  LogSoftmax: (call) => overAxis(call, "log_softmax"),
};

function reduced(call: NodeCall, name: string, x: Value): Value {
  const rank = x.shape.length;
  const given = call.listed("axes", 1) ?? [];
  if (given.length === 0 && call.number("noop_with_empty_axes", 0) !== 0) return x;
  const axes = (given.length > 0 ? frontAxes(call, given, rank) : x.shape.map((_, axis) => axis)).sort((a, b) => a - b);
  const kept = x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
  const shape = call.number("keepdims", 1) !== 0 ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  const [kernel, fold] = JOINS[name] as (typeof JOINS)[string];
  if (x instanceof Known && !x.dtype.includes("float")) return foldAxes(call, x, axes, shape, fold);
  const slab = x instanceof Known ? floatSlab(call.plan, x) : x.dense(call.plan);
  if (slab.dtype === "int32") call.refuse("floats", "computed whole numbers");
  return new Live(emitReduce(call.plan, kernel, slab, axes).view(shape));
}

/** Shape arithmetic. */
function foldAxes(
  call: NodeCall,
  x: Known,
  axes: readonly number[],
  shape: readonly number[],
  fold: (a: number, b: number) => number,
): Known {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const { data } = transposed(call, x, [...kept, ...axes]) as Known;
  const length = sizeOf(axes.map((axis) => x.shape[axis] as number));
  const y = newNumbers(call.where, x.dtype, shape);
  for (let k = 0; k < y.length; k++)
    y[k] = Array.from(data.subarray(k * length, (k + 1) * length)).reduce((a, b) => fold(a, b));
  return new Known(shape, x.dtype, y);
}

/** Before version 13 the rows are all axes from `axis` on, since then that axis alone. */
function overAxis(call: NodeCall, name: "softmax" | "log_softmax"): Value {
  const x = call.input(0);
  const rank = x.shape.length;
  const activation = resolveActivation(call.where, name);
  if (call.opset < 13) {
    const axis = axisAttribute(call, 1, rank);
    const rows = reshaped(call, x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
    return new Live(emitActivation(call.plan, activation, denseSlab(call.plan, rows)).view(x.shape));
  }
  const axis = axisAttribute(call, -1, rank);
  const order = x.shape.map((_, k) => (k === rank - 1 ? axis : k === axis ? rank - 1 : k));
  const last = floatSlab(call.plan, transposed(call, x, order));
  return transposed(call, new Live(emitActivation(call.plan, activation, last)), order);
}
