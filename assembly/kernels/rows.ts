/** Which rows of a batch a timestep computes, and what they start from. */
import { copyRow } from "./copy";
import { Area, areaOf, joinedRow, stateRow, stepBytes, Word } from "./pass";

/** Lists all rows, as offsets of their states. */
export function listRows(pass: usize): void {
  const batch = <usize>load<i32>(pass, Word.BATCH);
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const rows = areaOf(pass, Area.ROWS);
  for (let row: usize = 0; row < batch; row++) store<usize>(rows + (row << 2), row * state);
}

/** Lists the rows that timestep t computes and returns how many they are. */
export function realRows(pass: usize, t: i32): i32 {
  const batch = load<i32>(pass, Word.BATCH);
  const mask = load<usize>(pass, Word.MASK);
  if (!mask) return batch;
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const rows = areaOf(pass, Area.ROWS);
  let count: usize = 0;
  for (let row = 0; row < batch; row++) {
    if (!isReal(pass, mask, t, row)) continue;
    store<usize>(rows + (count << 2), <usize>row * state);
    count++;
  }
  return <i32>count;
}

// @ts-ignore: decorator
@inline
export function isReal(pass: usize, mask: usize, t: i32, row: i32): bool {
  const at = mask + <usize>t * stepBytes(pass, Word.MASK_STEP) + <usize>row * stepBytes(pass, Word.MASK_ROW);
  return load<u32>(at) != 0;
}

/** The table rows of the listed rows at timestep t. */
export function lookUp(pass: usize, gates: i32, t: i32, count: i32): void {
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const ids = load<usize>(pass, Word.X) + <usize>t * stepBytes(pass, Word.X_STEP);
  const idRow = stepBytes(pass, Word.X_ROW);
  const table = load<usize>(pass, Word.TABLE);
  const rows = areaOf(pass, Area.ROWS);
  const starts = areaOf(pass, Area.STARTS);
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 4) {
    const id = load<usize>(ids + (load<usize>(rows + at) / state) * idRow);
    store<usize>(starts + at, table + id * <usize>gates * state);
  }
}

/** The states of the listed rows into their rows [x, h]. */
export function joinStates(pass: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const step = joinedRow(inputDim, units);
  const h = load<usize>(pass, Word.H);
  let to = areaOf(pass, Area.INPUTS) + (<usize>inputDim << 2);
  for (let row = areaOf(pass, Area.ROWS); count > 0; count--, row += 4, to += step) {
    copyRow(to, h + load<usize>(row), units);
  }
}
