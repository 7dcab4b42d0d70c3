/** Products of matrices: with packed weights where one is constant, of two computed ones otherwise. */

import { ShapeError, showShape } from "../../errors";
import { emitDense } from "../../ops/dense";
import { broadcastShape } from "../../ops/elementwise";
import { emitMatmul } from "../../ops/matmul";
import { sizeOf } from "../../tensor";
import { broadcast, squeezed, transposed, unsqueezed } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { floatSlab, Known, Live, type Value } from "../value";
import { product, scalar, sum } from "./arithmetic";

export const PRODUCT_OPERATORS: Operators = { MatMul: matmul, Gemm: gemm };

function matmul(call: NodeCall): Value {
  const [a, b] = [call.input(0), call.input(1)];
  const rows = a.shape.length === 1 ? unsqueezed(a, [0]) : a;
  const columns = b.shape.length === 1 ? unsqueezed(b, [1]) : b;
  if (a.shape.length === 0 || b.shape.length === 0) return call.refuse("matrices", "a single number");
  const y =
    columns instanceof Known && columns.shape.length === 2 ? dense(call, rows, columns) : batched(call, rows, columns);
  const rank = y.shape.length;
  const gone = [...(a.shape.length === 1 ? [rank - 2] : []), ...(b.shape.length === 1 ? [rank - 1] : [])];
  return gone.length > 0 ? squeezed(y, gone) : y;
}

/** x times a constant [rows, columns], plus a constant row. */
function dense(call: NodeCall, x: Value, weights: Known, bias?: Known): Live {
  const [rows, columns] = weights.shape as [number, number];
  checkInner(call, x, weights);
  if (rows === 0) return call.refuse("an inner axis of at least 1", "0");
  const kernel = () => floats(weights);
  const key = bias ? `dense, bias ${serial(bias)}` : "dense";
  const row = bias && (() => floats(broadcast(call, bias, [columns]) as Known));
  return new Live(emitDense(call.plan, { owner: weights, key, kernel, bias: row, columns }, floatSlab(call.plan, x)));
}

/** Numbers that tell biases of one matrix apart. */
const serials = new WeakMap<Known, number>();
let count = 0;
function serial(bias: Known): number {
  const known = serials.get(bias) ?? count++;
  serials.set(bias, known);
  return known;
}

function floats({ data }: Known): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function checkInner(call: NodeCall, a: Value, b: Value): void {
  if (a.shape.at(-1) === b.shape.at(-2)) return;
  throw new ShapeError(call.where, "matrices that fit", `${showShape(a.shape)} and ${showShape(b.shape)}`);
}

/** [..., m, k] times [..., k, n]; leading axes broadcast. */
function batched(call: NodeCall, a: Value, b: Value): Live {
  checkInner(call, a, b);
  const { plan } = call;
  const [m, k, n] = [a.shape.at(-2) as number, a.shape.at(-1) as number, b.shape.at(-1) as number];
  const lead = broadcastShape(call.where, [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const shape = [...lead, m, n];
  const y = plan.slab(shape);
  // One matrix for all is used again; several are laid out one by one.
  const matrices = (x: Value, rows: number, columns: number) => {
    if (sizeOf(x.shape) === rows * columns) return { slab: floatSlab(plan, x), outer: 0, inner: 0, row: columns };
    const slab = floatSlab(plan, broadcast(call, x, [...lead, rows, columns]));
    return { slab, outer: rows * columns, inner: 0, row: columns };
  };
  const sizes = { outer: sizeOf(lead), inner: 1, m, k, n, transposed: false };
  const result = { slab: y, outer: m * n, inner: 0, row: n };
  emitMatmul(plan, sizes, matrices(a, m, k), matrices(b, k, n), result);
  return new Live(y);
}

/** alpha · A B + beta · C */
function gemm(call: NodeCall): Value {
  const [alpha, beta] = [call.number("alpha", 1), call.number("beta", 1)];
  const turned = (k: number, name: string) => {
    return call.number(name, 0) !== 0 ? transposed(call, call.input(k), [1, 0]) : call.input(k);
  };
  const [a, b] = [turned(0, "transA"), turned(1, "transB")];
  const c = call.inputs[2];
  const row = c instanceof Known && c.shape.length <= 2 && sizeOf(c.shape) === c.shape.at(-1) ? c : undefined;
  if (alpha === 1 && beta === 1 && b instanceof Known && row) {
    return dense(call, a, b, row.shape.length === 2 ? (squeezed(row, [0]) as Known) : row);
  }
  const ab = b instanceof Known ? dense(call, a, b) : batched(call, a, b);
  const scaled = (x: Value, by: number) => (by === 1 ? x : product(call, x, scalar(by)));
  return c ? sum(call, scaled(ab, alpha), scaled(c, beta)) : scaled(ab, alpha);
}
