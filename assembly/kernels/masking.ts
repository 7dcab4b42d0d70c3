/**
 * The Masking layer: rows that hold nothing but one value are skipped.
 *
 *   mask[r] = 1 if any x[r][i] ≠ value, else 0        y[r] = x[r] where mask[r], else zeros
 *
 *   x, y  [rows][cols]  in, out   may be the same
 *   mask  [rows]        out
 * NaN equals nothing, so a row with NaN is kept.
 */
import { copyRow, fill } from "./copy";

export function maskingRows(x: usize, rows: i32, cols: i32, value: f32, y: usize, mask: usize): void {
  assert(rows >= 0 && cols >= 0);
  const size = <usize>cols << 2;
  for (; rows > 0; rows--, x += size, y += size, mask += 4) {
    let at = x;
    while (at < x + size && load<f32>(at) == value) at += 4;
    const kept = at < x + size;
    store<f32>(mask, kept ? 1 : 0);
    if (!kept) fill(y, cols, 0);
    else if (y != x) copyRow(y, x, cols);
  }
}
