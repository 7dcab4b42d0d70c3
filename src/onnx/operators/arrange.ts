/** Operators that move elements. */

import { ArgumentError, ShapeError, showShape } from "../../errors";
import { broadcastShape } from "../../ops/elementwise";
import { sizeOf } from "../../tensor";
import { along, broadcast, filled, joined, reshaped, sliced, transposed, unsqueezed } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { denseSlab, Known, Live, type Value } from "../value";
import { axisAttribute, checkedLengths, frontAxes } from "./axes";

export const ARRANGING_OPERATORS: Operators = {
  Transpose(call) {
    const x = call.input(0);
    const order = call.ints("perm") ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
    if (order.length === x.shape.length) return transposed(call, x, frontAxes(call, order, x.shape.length));
    return call.refuse(`an order of ${x.shape.length} axes`, showShape(order));
  },
  Concat(call) {
    const parts = call.inputs.map((_, k) => call.input(k));
    return joined(call, parts, axisAttribute(call, 0, call.input(0).shape.length));
  },
  Slice: slice,
  Split: split,
  Gather: gather,
  Expand(call) {
    const x = call.input(0);
    const wanted = checkedLengths(call, call.whole(1, "shape") ?? []);
    return broadcast(call, x, broadcastShape(call.where, [x.shape, wanted]));
  },
  Tile(call) {
    const x = call.input(0);
    const repeats = checkedLengths(call, call.whole(1, "repeats") ?? []);
    const paired = unsqueezed(
      x,
      x.shape.map((_, axis) => 2 * axis),
    );
    const shape = x.shape.flatMap((d, axis) => [repeats[axis] ?? 1, d]);
    const tiled = x.shape.map((d, axis) => d * (repeats[axis] ?? 1));
    return reshaped(call, broadcast(call, paired, shape), tiled);
  },
  Pad: pad,
};

/** How far a slice along an axis goes: the bounds of ONNX, NumPy's rules. */
function stretch(size: number, start: number, end: number, step: number): { from: number; count: number } {
  const front = (at: number) => (at < 0 ? at + size : at);
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const bound = (at: number) => Math.max(low, Math.min(high, front(at)));
  const from = bound(start);
  return { from, count: Math.max(0, Math.ceil((bound(end) - from) / step)) };
}

function slice(call: NodeCall): Value {
  const x = call.input(0);
  const starts = call.listed("starts", 1) ?? [];
  const ends = call.listed("ends", 2) ?? [];
  const axes = frontAxes(call, call.listed("axes", 3) ?? starts.map((_, k) => k), x.shape.length);
  const strides = call.whole(4, "steps") ?? starts.map(() => 1);
  if (strides.includes(0)) return call.refuse("steps other than 0", "0");
  const from = x.shape.map(() => 0);
  const shape = [...x.shape];
  const stride = x.shape.map(() => 1);
  axes.forEach((axis, k) => {
    const step = strides[k] as number;
    const cut = stretch(x.shape[axis] as number, starts[k] as number, ends[k] as number, step);
    [from[axis], shape[axis], stride[axis]] = [cut.from, cut.count, step];
  });
  return sliced(call, x, from, shape, stride);
}

function split(call: NodeCall): Value[] {
  const x = call.input(0);
  const axis = axisAttribute(call, 0, x.shape.length);
  const size = x.shape[axis] as number;
  const count = call.node.outputs.length;
  const even = Math.ceil(size / count);
  const equal = Array.from({ length: count }, (_, k) => Math.max(0, Math.min(even, size - k * even)));
  const sizes = checkedLengths(call, call.listed("split", 1) ?? equal);
  if (sizes.reduce((sum, part) => sum + part, 0) !== size) {
    throw new ShapeError(call.where, `parts of ${size} elements together`, showShape(sizes));
  }
  let from = 0;
  return sizes.map((part) => {
    from += part;
    return along(call, x, axis, from - part, part);
  });
}

/** Known indices are slices, one for each run of evenly spaced ones; computed ones look rows up. */
function gather(call: NodeCall): Value {
  const [x, indices] = [call.input(0), call.input(1)];
  const axis = axisAttribute(call, 0, x.shape.length);
  const size = x.shape[axis] as number;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  if (indices instanceof Live) return lookUp(call, x, indices, axis, shape);
  const places = Array.from(indices.data, (at) => (at < 0 ? at + size : at));
  const odd = places.find((at) => !(at >= 0 && at < size));
  if (odd !== undefined) throw new ShapeError(call.where, `indices below ${size}`, String(odd));
  const parts = runs(places).map(({ from, count, step }) => along(call, x, axis, from, count, step));
  const [first = along(call, x, axis, 0, 0)] = parts;
  const gathered = parts.length > 1 ? joined(call, parts, axis) : first;
  if (indices.shape.length === 1) return gathered;
  return reshapedAt(call, gathered, axis, indices.shape);
}

/** Axis `axis` as several axes, or as none. */
function reshapedAt(call: NodeCall, x: Value, axis: number, lengths: readonly number[]): Value {
  if (x instanceof Known || lengths.length > 0) {
    return reshaped(call, x, [...x.shape.slice(0, axis), ...lengths, ...x.shape.slice(axis + 1)]);
  }
  const without = <T>(list: readonly T[]) => list.filter((_, k) => k !== axis);
  return new Live(x.slab, without(x.shape), x.start, without(x.steps));
}

function runs(places: readonly number[]): { from: number; count: number; step: number }[] {
  const found: { from: number; count: number; step: number }[] = [];
  for (const at of places) {
    const run = found.at(-1);
    if (run?.count === 1) run.step = at - run.from;
    if (run && at === run.from + run.count * run.step) run.count++;
    else found.push({ from: at, count: 1, step: 1 });
  }
  return found;
}

function lookUp(call: NodeCall, x: Value, indices: Live, axis: number, shape: readonly number[]): Value {
  const { plan, where } = call;
  const others = x.shape.map((_, k) => k).filter((k) => k !== axis);
  const rows = denseSlab(plan, transposed(call, x, [axis, ...others]));
  const ids = indices.dense(plan);
  const [count, width] = [rows.dim(0), sizeOf(rows.shape.slice(1))];
  const y = plan.slab([...ids.shape, ...rows.shape.slice(1)], rows.dtype);
  const { kernels, arena } = plan.engine;
  const whole = ids.dtype === "int32" ? 1 : 0;
  plan.step([rows, ids, y], () => {
    const odd = kernels.gather(ids.ptr, whole, ids.size, rows.ptr, count, width, y.ptr);
    if (odd < 0) return;
    const got = (whole ? arena.i32 : arena.f32)[(ids.ptr >> 2) + odd];
    throw new ArgumentError(where, `indices from 0 to ${count - 1}`, String(got));
  });
  // [indices][before][after] → [before][indices][after]
  const many = ids.shape.length;
  const axes = shape.map((_, k) => (k < axis ? many + k : k < axis + many ? k - axis : k));
  return transposed(call, new Live(y), axes);
}

function pad(call: NodeCall): Value {
  const x = call.input(0);
  const mode = call.text("mode", "constant");
  const widths = call.listed("pads", 1) ?? [];
  const axes = frontAxes(call, call.whole(3, "axes") ?? x.shape.map((_, axis) => axis), x.shape.length);
  const constant = call.inputs[2] ? (call.known(2, "padding").data[0] ?? 0) : call.number("value", 0);
  const dtype = x instanceof Known ? x.dtype : x.kind;
  return axes.reduce<Value>((y, axis, k) => {
    const [before, after] = [widths[k] as number, widths[k + axes.length] as number];
    const cut = (value: number) => Math.max(0, -value);
    const size = (y.shape[axis] as number) - cut(before) - cut(after);
    const inner = along(call, y, axis, cut(before), size);
    const edge = (count: number, front: boolean) => {
      if (count <= 0) return [];
      const shape = inner.shape.map((d, other) => (other === axis ? count : d));
      if (mode === "constant") return [filled(call, shape, dtype, constant)];
      if (mode === "edge") return [broadcast(call, along(call, inner, axis, front ? 0 : size - 1, 1), shape)];
      if (mode === "wrap" && count <= size) return [along(call, inner, axis, front ? size - count : 0, count)];
      if (mode === "reflect" && count < size) {
        return [along(call, inner, axis, front ? count : size - 2, count, -1)];
      }
      return call.refuse("padding by a constant, edge, reflection or wrapping", `${mode} of ${count} around ${size}`);
    };
    return joined(call, [...edge(before, true), inner, ...edge(after, false)], axis);
  }, x);
}
