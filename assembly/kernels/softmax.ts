/**
 * Softmax, its logarithm and sparsemax over rows.
 *
 *   softmax     y = e^(x − m) / s          m = max x,  s = Σ e^(x − m)
 *   logSoftmax  y = (x − m) − ln s
 *   sparsemax   y = max(x − τ, 0)          τ such that Σ y = 1
 *
 *   x, y  [rows][cols]  in, out   may be the same
 *
 * Sums run as those of `reduce` over neighbours. Error: softmax below 2e-7 absolute up to 100 columns; logSoftmax below
 * 3e-7 · max(1, |y|). A row that holds NaN or ∞, or nothing but −∞, gives NaN.
 * Sparsemax: Martins & Astudillo 2016, τ by dropping what lies below it until nothing does (Michelot 1986), in double
 * precision, elements in order. Keras up to 3.15.1 takes a wrong τ where more than one element stays, so that its rows
 * do not add up to 1; this follows the definition.
 */
import { activate } from "../simd/activate";
import { Activation } from "../simd/activation_codes";
import { exp } from "../simd/exp";
import { Reduction } from "../simd/op_codes";
import { loadFilled, storePartial } from "../simd/partial";
import { joinLanes } from "./reduce";

export function softmax(x: usize, y: usize, rows: i32, cols: i32): void {
  assert(rows >= 0 && cols >= 1);
  const size = <usize>cols << 2;
  for (; rows > 0; rows--, x += size, y += size) {
    const s = exponentials(x, y, cols, largest(x, cols));
    for (let i = 0; i < cols; i += 4) {
      const at = y + (<usize>i << 2);
      storePartial(at, f32x4.div(loadFilled(at, cols - i, s), s), cols - i);
    }
  }
}

export function logSoftmax(x: usize, y: usize, rows: i32, cols: i32): void {
  assert(rows >= 0 && cols >= 1);
  const size = <usize>cols << 2;
  for (; rows > 0; rows--, x += size, y += size) {
    const m = largest(x, cols);
    // Not log itself: V8 moves arithmetic to where it is used and would compute it for every vector.
    const logarithm = activate(Activation.LOG, exponentials(x, 0, cols, m), 0, 0);
    for (let i = 0; i < cols; i += 4) {
      const at = <usize>i << 2;
      const v = f32x4.sub(f32x4.sub(loadFilled(x + at, cols - i, m), m), logarithm);
      storePartial(y + at, v, cols - i);
    }
  }
}

export function sparsemax(x: usize, y: usize, rows: i32, cols: i32): void {
  assert(rows >= 0 && cols >= 1);
  const size = <usize>cols << 2;
  for (; rows > 0; rows--, x += size, y += size) {
    const tau = threshold(x, x + size);
    for (let at: usize = 0; at < size; at += 4) {
      const v = <f64>load<f32>(x + at) - tau;
      store<f32>(y + at, v < 0 ? 0 : <f32>v);
    }
  }
}

/** The largest of a row, in all lanes, or the largest of what is left without NaN; that comes back in the sum. */
// @ts-ignore: decorator
@inline
function largest(x: usize, cols: i32): v128 {
  const nothing = f32x4.splat(-Infinity);
  let most = nothing;
  for (let i = 0; i < cols; i += 4) most = f32x4.pmax(most, loadFilled(x + (<usize>i << 2), cols - i, nothing));
  return joinLanes(Reduction.MAXIMUM, most);
}

/** Σ e^(x − m) in all lanes; the terms go to y unless it is 0. */
function exponentials(x: usize, y: usize, cols: i32, m: v128): v128 {
  const nothing = f32x4.splat(-Infinity);
  let sum = f32x4.splat(0);
  for (let i = 0; i < cols; i += 4) {
    const at = <usize>i << 2;
    const e = exp(f32x4.sub(loadFilled(x + at, cols - i, nothing), m));
    sum = f32x4.add(sum, e);
    if (y) storePartial(y + at, e, cols - i);
  }
  return joinLanes(Reduction.SUM, sum);
}

/** τ of one row: the mean of what lies above it, less its share of 1. NaN when nothing does. */
function threshold(x: usize, end: usize): f64 {
  let tau: f64 = -Infinity;
  let above = i32.MAX_VALUE;
  let support: i32;
  do {
    support = above;
    above = 0;
    let sum: f64 = 0;
    for (let at = x; at < end; at += 4) {
      const v = <f64>load<f32>(at);
      if (v <= tau) continue;
      sum += v;
      above++;
    }
    tau = above > 0 ? (sum - 1) / <f64>above : NaN;
  } while (above > 0 && above < support);
  return tau;
}
