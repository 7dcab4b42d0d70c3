/**
 * Softmax, its logarithm and sparsemax over rows.
 *
 *   softmax     y = e^(x − m) / s          m = max x,  s = Σ e^(x − m)
 *   logSoftmax  y = (x − m) − ln s
 *   sparsemax   y = max(x − τ, 0)          τ = (Σ s_j − 1) / k,  s_j the sum of the j largest of k
 *
 *   x, y  [rows][cols]  in, out   may be the same
 *
 * Sums run as those of `reduce` over neighbours. Error: softmax below 2e-7 absolute up to 100 columns; logSoftmax below
 * 3e-7 · max(1, |y|). A row that holds NaN or ∞, or nothing but −∞, gives NaN.
 * Sparsemax: the k elements of Martins & Astudillo 2016, found by dropping what lies below their τ until nothing does
 * (Michelot 1986), in double precision. The τ that is then taken is that of Keras 3.15.1, which adds up all s_j where
 * the definition takes the last: rows add up to 1 only where k is 1. Models were trained with it, so it is done here.
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

/** τ of one row, from the elements that lie above the τ of the definition. NaN when none does. */
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
  let sums: f64 = 0;
  for (let at = x; at < end; at += 4) {
    if (<f64>load<f32>(at) > tau) sums += <f64>load<f32>(at) * <f64>(above - rank(x, end, at));
  }
  return tau == tau ? (sums - 1) / <f64>above : NaN;
}

/** How many elements of a row come before the one at `at` in descending order. */
function rank(x: usize, end: usize, at: usize): i32 {
  const v = load<f32>(at);
  let before = 0;
  for (let other = x; other < end; other += 4) {
    const w = load<f32>(other);
    if (w > v || (w == v && other < at)) before++;
  }
  return before;
}
