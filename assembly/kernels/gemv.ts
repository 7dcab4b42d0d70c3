/**
 * One row times packed panels of eight columns.
 *
 *   y[8·p + l] = from[p][l] + Σ_k x[k]·w[p][k][l]      k ascending in one accumulator
 *
 * Four panels at once give eight sums, enough to hide the latency of an addition, and four streams of weights, which is
 * what the caches beyond L1 like best.
 */
import { madd, storeRow } from "../simd/lanes";
import { gemv4 } from "./generated/tiles";
import { gemv8 } from "./generated/wide";
import { takesEight } from "./wide";

/**
 * The product for n columns. Four panels or more go in groups of four; the last group moves back to be whole, which
 * computes some columns twice, so `from` must not be `y`.
 *
 *   x     [k]                                      in
 *   w     panels [k][8], panelStep bytes apart     in
 *   from  panels of 8 sums, fromStep bytes apart   in
 *   y     panels of 8 results, step bytes apart    out, exactly n columns
 */
export function gemv(
  x: usize, k: i32, w: usize, panelStep: usize, from: usize, fromStep: usize, y: usize, step: usize, n: i32,
): void {
  assert(from != y);
  const size = <usize>k << 5;
  const panels = n >> 3;
  let panel = 0;
  for (; takesEight(panels - panel); panel += 8) {
    const at = <usize>panel;
    const first = w + at * panelStep;
    const to = y + at * step;
    gemv8(x, first, first + size, panelStep, from + at * fromStep, fromStep, to, to + 4 * step, step);
  }
  while (panel + 4 <= panels || (panel > 0 && panel < panels)) {
    const at = <usize>min(panel, panels - 4);
    const first = w + at * panelStep;
    gemv4(x, first, first + size, panelStep, from + at * fromStep, fromStep, y + at * step, step);
    panel += 4;
  }
  for (panel = min(panel, panels); panel << 3 < n; panel++) {
    const at = <usize>panel;
    const first = w + at * panelStep;
    gemv1(x, first, first + size, from + at * fromStep, y + at * step, n - (panel << 3));
  }
}

/** One panel, the first `width` of its columns. */
function gemv1(x: usize, w: usize, end: usize, from: usize, y: usize, width: i32): void {
  let low = v128.load(from);
  let high = v128.load(from, 16);
  for (; w < end; w += 32, x += 4) {
    const x0 = v128.load32_splat(x);
    low = madd(x0, v128.load(w), low);
    high = madd(x0, v128.load(w, 16), high);
  }
  storeRow(y, low, high, width);
}
