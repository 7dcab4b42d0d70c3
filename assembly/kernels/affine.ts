/**
 * A dense product with bias and activation.
 *
 *   y = activation(bias + x·W)      every sum starts with the bias, then k = 0 … K-1, in one accumulator
 *
 *   x        [m] rows of k floats, xRow floats apart         in   closer than k: rows overlap, a convolution
 *   weights  [column block of 8][k][8], see pack.ts          in
 *   bias     [column block][8], or 0 for none                in
 *   y        [m] rows of exactly n floats, yRow floats apart out
 *   code, alpha, beta: see simd/activation_codes.ts
 */
import { Activation } from "../simd/activation_codes";
import { activateSlab } from "./activation";
import { gemm } from "./gemm";
import { gemv } from "./gemv";

const ZEROS: usize = memory.data(32, 16);

/** Rows for which a panel is used while it is in L1; fewer rows than a tile of three are left to the vector product. */
const ROWS = 60;

export function affine(
  x: usize, xRow: i32, weights: usize, bias: usize, y: usize, yRow: i32, m: i32, k: i32, n: i32,
  code: i32, alpha: f32, beta: f32,
): void {
  assert(m >= 1 && k >= 0 && n >= 1 && yRow >= n);
  const from = bias ? bias : ZEROS;
  const fromStep: usize = bias ? 32 : 0;
  while (m > 0) {
    const rows = m < ROWS + 3 ? m : ROWS;
    product(x, <usize>xRow << 2, weights, from, fromStep, y, <usize>yRow << 2, rows, m, k, n);
    x += <usize>(rows * xRow) << 2;
    for (let row = 0; row < rows; row++, y += <usize>yRow << 2) {
      if (code != Activation.LINEAR) activateSlab(y, y, n, code, alpha, beta, 0);
    }
    m -= rows;
  }
}

/**
 * `rows` of the `m` rows that are left. A tile writes whole panels of eight columns, so the last panel comes first, if
 * it is narrower: what it writes too much lies in the next row, which is still to be computed.
 */
function product(
  x: usize, xStep: usize, w: usize, from: usize, fromStep: usize, y: usize, yStep: usize, rows: i32, m: i32,
  k: i32, n: i32,
): void {
  const panelStep = <usize>k << 5;
  const panels = n >> 3;
  const tail = n & 7;
  const done = rows < 3 ? 0 : rows;
  if (done > 0 && tail > 0) {
    const narrow = w + <usize>panels * panelStep;
    const narrowFrom = from + <usize>panels * fromStep;
    const to = y + (<usize>panels << 5);
    const last = yStep == <usize>n << 2 ? min(rows, (m * n - n + tail - 8) / n + 1) : 0;
    const tiled = last < 3 ? 0 : last;
    if (tiled > 0) gemm(x, xStep, tiled, narrow, panelStep, k, 1, narrowFrom, 0, 0, to, yStep, 32);
    for (let row = <usize>tiled; row < <usize>rows; row++) {
      gemv(x + row * xStep, k, narrow, panelStep, narrowFrom, 0, to + row * yStep, 32, tail);
    }
  }
  if (done > 0) gemm(x, xStep, rows, w, panelStep, k, panels, from, 0, fromStep, y, yStep, 32);
  for (; rows > done; rows--, x += xStep, y += yStep) gemv(x, k, w, panelStep, from, fromStep, y, 32, n);
}
