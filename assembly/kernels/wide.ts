/**
 * Products for an engine that joins two neighbouring vectors of four floats to one of eight; sums and their order are
 * those of gemm.ts and gemv.ts. scripts/generate_wide_kernels.mjs writes the loops.
 */
import { pair3, pair4, pair5, pair6, tall12, tall8 } from "./generated/wide";

/** Never set in the other builds, so that their compiler leaves all of this out. */
let isWide: bool = false;

/** What assembly/wide.ts begins with. */
export function widen(): void {
  isWide = true;
}

/** Panels that one tile has when `panels` are left. */
// @ts-ignore: decorator
@inline
export function tilePanels(panels: i32): i32 {
  return isWide && panels > 1 ? 2 : 1;
}

/** True when eight panels make one vector product. */
// @ts-ignore: decorator
@inline
export function takesEight(panels: i32): bool {
  return isWide && panels >= 8;
}

/** Rows of a tile of one panel when `rows` are left, 0 for those of gemm.ts: never leaves one or two rows. */
// @ts-ignore: decorator
@inline
export function tallRows(rows: i32): i32 {
  if (!isWide) return 0;
  return rows == 12 || rows > 14 ? 12 : rows == 8 ? 8 : 0;
}

/** One tile of 8 or 12 rows by one panel. */
export function tallTile(
  rows: i32, a: usize, aRow: usize, w: usize, end: usize, from: usize, fromRow: usize, y: usize, yRow: usize,
): void {
  if (rows == 12) tall12(a, aRow, w, end, from, fromRow, y, yRow);
  else tall8(a, aRow, w, end, from, fromRow, y, yRow);
}

/** One tile of 3 to 6 rows by two panels. */
export function pairTile(
  rows: i32, a: usize, aRow: usize, w: usize, end: usize, panelStep: usize, from: usize, fromRow: usize,
  fromStep: usize, y: usize, yRow: usize, yStep: usize,
): void {
  assert(rows >= 3 && rows <= 6);
  if (rows == 6) pair6(a, aRow, w, end, panelStep, from, fromRow, fromStep, y, yRow, yStep);
  else if (rows == 5) pair5(a, aRow, w, end, panelStep, from, fromRow, fromStep, y, yRow, yStep);
  else if (rows == 4) pair4(a, aRow, w, end, panelStep, from, fromRow, fromStep, y, yRow, yStep);
  else pair3(a, aRow, w, end, panelStep, from, fromRow, fromStep, y, yRow, yStep);
}
