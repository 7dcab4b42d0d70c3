/**
 * Products of a few rows with packed panels of eight columns: C = from + A·W.
 *
 *   c[r][l] = from[r][l] + Σ_k a[r][k]·w[k][l]      r < 3…6, l < 8, k ascending in one accumulator
 *
 * The tiles keep all sums in registers; scripts/generate_kernels.mjs writes them and tells why they look as they do.
 */
import { gemv4, tile3, tile4, tile5, tile6 } from "./generated/tiles";
import { pairTile, tallRows, tallTile, tilePanels } from "./wide";

/**
 * Rows of the largest tile without fused multiply-add. Six rows have twelve accumulators, two weight vectors, a splat
 * and a product: 16 registers, which JavaScriptCore gives and V8 does not, where five rows are the most that do not
 * spill. src/wasm/engine.ts sets it.
 */
export let largestTile: i32 = 5;

/** Rows of the largest tile. With fused multiply-add there is no product, so that six rows want 15 registers. */
// @ts-ignore: decorator
@inline
function mostRows(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 6 : largestTile;
}

/**
 * Rows of the next tile when `rows` are left: never 1 or 2 unless no more were asked for. With fused multiply-add as
 * many tiles of six as leave no three behind (share of the roof at 192 terms: six rows 95 %, four and five 88 %, three
 * 69 %); without it rather tiles of three (91 %, in JavaScriptCore 84 %) than of four (88 %, 84 %). Measured on Zen 5,
 * Node 20 and 24, Bun.
 */
export function tileRows(rows: i32): i32 {
  const most = mostRows();
  if (rows <= most) return rows;
  if (ASC_FEATURE_RELAXED_SIMD) return rows < 9 ? 4 : rows == 9 || rows == 13 ? 5 : 6;
  if (rows == 7) return 4;
  if (rows == 8) return 5;
  return most == 5 && (rows == 6 || rows == 9) ? 3 : most;
}

/**
 * One tile of 3 to 6 rows; aRow, fromRow and yRow are bytes, w to end one panel.
 * `from` may be `y`; fromRow 0 starts every row with the same eight sums.
 */
export function tile(
  rows: i32, a: usize, aRow: usize, w: usize, end: usize, from: usize, fromRow: usize, y: usize, yRow: usize,
): void {
  assert(rows >= 3 && rows <= mostRows() && end >= w && ((end - w) & 31) == 0);
  if (rows == 6) tile6(a, aRow, w, end, from, fromRow, y, yRow);
  else if (rows == 5) tile5(a, aRow, w, end, from, fromRow, y, yRow);
  else if (rows == 4) tile4(a, aRow, w, end, from, fromRow, y, yRow);
  else tile3(a, aRow, w, end, from, fromRow, y, yRow);
}

/**
 * Whole panels for m ≥ 3 rows, panel after panel, so that a panel stays in L1.
 *
 *   y[p][r][l] = from[p][r][l] + Σ_k a[r][k]·w[p][k][l]
 *
 *   a     [m][k] rows aRow bytes apart                         in
 *   w     panels [k][8], panelStep bytes apart                 in
 *   from  panels of 8 sums, fromStep bytes apart               in, rows fromRow bytes apart; 0: all start alike
 *   y     panels yStep bytes apart, their rows yRow bytes apart out
 */
export function gemm(
  a: usize, aRow: usize, m: i32, w: usize, panelStep: usize, k: i32, panels: i32,
  from: usize, fromRow: usize, fromStep: usize, y: usize, yRow: usize, yStep: usize,
): void {
  const size = <usize>k << 5;
  if (sparesOne(m) && panels == 4) {
    m--;
    const row = <usize>m;
    gemv4(a + row * aRow, w, w + size, panelStep, from + row * fromRow, fromStep, y + row * yRow, yStep);
  }
  while (panels > 0) {
    const width = tilePanels(panels);
    if (k >= TOUCHED && m > mostRows()) {
      touch(w, w + size);
      if (width > 1) touch(w + panelStep, w + panelStep + size);
    }
    let at = a;
    let start = from;
    let to = y;
    for (let left = m; left > 0; ) {
      const tall = width > 1 ? 0 : tallRows(left);
      const rows = tall ? tall : tileRows(left);
      if (width > 1) pairTile(rows, at, aRow, w, w + size, panelStep, start, fromRow, fromStep, to, yRow, yStep);
      else if (tall) tallTile(rows, at, aRow, w, w + size, start, fromRow, to, yRow);
      else tile(rows, at, aRow, w, w + size, start, fromRow, to, yRow);
      at += <usize>rows * aRow;
      start += <usize>rows * fromRow;
      to += <usize>rows * yRow;
      left -= rows;
    }
    w += <usize>width * panelStep;
    from += <usize>width * fromStep;
    y += <usize>width * yStep;
    panels -= width;
  }
}

/**
 * True when one of `rows` rows is better left to the vector product of four panels, since the others then fill tiles of
 * six: 7 rows take 0.87 of the time of tiles of 4 and 3. Without fused multiply-add the tiles are as good.
 */
// @ts-ignore: decorator
@inline
function sparesOne(rows: i32): bool {
  return ASC_FEATURE_RELAXED_SIMD && rows % 6 == 1;
}

/** Rows of a panel from which it is brought into the caches before the first tile, which would wait for each line. */
// @ts-ignore: decorator
@inline const TOUCHED = 512;

/** Reads one word of every cache line. */
function touch(from: usize, end: usize): i32 {
  let seen = 0;
  for (; from < end; from += 256) {
    seen |= load<i32>(from) | load<i32>(from, 64) | load<i32>(from, 128) | load<i32>(from, 192);
  }
  return seen;
}
