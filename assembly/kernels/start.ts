/** Where the sums of a timestep start: at the bias, or at rows of a table that hold bias + x·W. */
import { copyRow } from "./copy";
import { gemm } from "./gemm";
import { Area, areaOf, Word } from "./pass";

/**
 * The product of `m` rows [x, h] with `panels` panels, started.
 *
 *   bias    [panels][8]                                             in
 *   first   number of the first row among those of the timestep
 *   at      byte offset of the panels' sums in a row of the table
 */
export function startedGemm(
  pass: usize, a: usize, aRow: usize, m: i32, w: usize, panelStep: usize, k: i32, panels: i32, bias: usize,
  first: i32, at: usize, y: usize, yRow: usize, yStep: usize,
): void {
  if (load<usize>(pass, Word.TABLE)) {
    let start = areaOf(pass, Area.STARTS) + (<usize>first << 2);
    for (let row = y, end = y + <usize>m * yRow; row < end; row += yRow, start += 4) {
      let from = load<usize>(start) + at;
      for (let p = panels, to = row; p > 0; p--, to += yStep, from += 32) copyRow(to, from, 8);
    }
    gemm(a, aRow, m, w, panelStep, k, panels, y, yRow, yStep, y, yRow, yStep);
  } else {
    gemm(a, aRow, m, w, panelStep, k, panels, bias, 0, 32, y, yRow, yStep);
  }
}
