/**
 * What a sequence kernel is told: one pointer to 31 words, and how it divides its scratch memory.
 * src/wasm/sequence.ts mirrors the words; what they mean stands in assembly/README.md.
 */

/** Byte offsets of the words. Three words tell an activation: its code, alpha and beta. */
export const enum Word {
  X = 0,
  X_STEP = 4,
  X_ROW = 8,
  Y = 12,
  Y_STEP = 16,
  Y_ROW = 20,
  TIMESTEPS = 24,
  BATCH = 28,
  INPUT_DIM = 32,
  UNITS = 36,
  WEIGHTS = 40,
  BIAS = 44,
  H = 48,
  C = 52,
  MASK = 56,
  MASK_STEP = 60,
  MASK_ROW = 64,
  ZERO_OUTPUT = 68,
  SCRATCH = 72,
  RESET_AFTER = 76,
  ACTIVATION = 80,
  RECURRENT_ACTIVATION = 92,
  HIDDEN_ACTIVATION = 104,
  TABLE = 116,
  TEAM = 120,
}

/** A step or row of the descriptor in bytes. */
// @ts-ignore: decorator
@inline
export function stepBytes(pass: usize, word: usize): usize {
  return load<usize>(pass + word) << 2;
}

/** Bytes of one state row, of which `units` floats count and the rest fills the last block of 8. */
// @ts-ignore: decorator
@inline
export function stateRow(units: i32): usize {
  return <usize>((units + 7) & ~7) << 2;
}

/** Largest batch that runs row by row, with the input products of several timesteps made at once. */
// @ts-ignore: decorator
@inline export const ROW_BATCH = 3;

/** Input rows multiplied at once when running row by row: whole tiles of six, and divisible by 1, 2 and 3. */
// @ts-ignore: decorator
@inline export const CHUNK_ROWS = 54;

/** Rows whose sums for one block of units stand in L1 at the same time: whole tiles of 5 and of 6. */
// @ts-ignore: decorator
@inline const GROUP = 60;

/** Rows of the next group when `rows` are left; never 1 or 2 unless no more were asked for. */
// @ts-ignore: decorator
@inline
export function groupRows(rows: i32): i32 {
  return rows < GROUP + 3 ? rows : GROUP;
}

/** Bytes of a row [x, h]: an odd number of cache lines, so that the rows of a tile do not meet in one set of L1. */
// @ts-ignore: decorator
@inline
export function joinedRow(inputDim: i32, units: i32): usize {
  return <usize>(((inputDim + units + 15) >> 4) | 1) << 6;
}

/** Byte offsets of the words at the head of the scratch memory: where its areas are. */
export const enum Area {
  /** [units / 8] offsets of the blocks within a state row. */
  BLOCKS = 0,
  /** [batch] offsets of the state rows that a timestep computes. */
  ROWS = 4,
  /** [batch] whether the row has had a real timestep. */
  SEEN = 8,
  /** Pre-activations: [gates][units / 8][8] of a row, or [4][rows][8] of a group. */
  SUMS = 12,
  /** [units / 8][gates][8] for each row whose input product is made ahead: bias + x·W. */
  PRE = 16,
  /** GRU: [lanes] for a row, [2][batch][lanes] for tiles. */
  EXTRA = 20,
  /** Input rows: [rows][inputDim] of several timesteps, or [batch] rows [x, h] of one. */
  INPUTS = 24,
  /** With a table: [batch] addresses of the table rows that a timestep starts from. */
  STARTS = 28,
  /** One row: who computes which blocks, see slot.ts. */
  TEAM = 32,
  /** One row: what a member of a team hands to the others, [2] states h and c. */
  BOX = 36,
}

/** Bytes of {@link Area.TEAM}: sixteen members. */
// @ts-ignore: decorator
@inline export const TEAM_BYTES = 272;

/** Divides the scratch memory at `base`, or only tells its size in bytes when that is 0. Areas start on cache lines. */
export function divide(base: usize, gates: i32, batch: i32, inputDim: i32, units: i32): usize {
  const byRows = batch <= ROW_BATCH;
  const state = stateRow(units);
  const sums = <usize>gates * state;
  const rows = <usize>(byRows ? CHUNK_ROWS : 1);
  const joined = <usize>batch * joinedRow(inputDim, units) + 32; // the padding of a state written to its row [x, h]
  const input = byRows ? max(joined, rows * (<usize>inputDim << 2)) : joined;
  let end = base + 64;
  end = place(base, Area.BLOCKS, end, state >> 3);
  end = place(base, Area.ROWS, end, <usize>batch << 2);
  end = place(base, Area.SEEN, end, <usize>batch << 2);
  end = place(base, Area.SUMS, end, max<usize>(sums, 128 * min<usize>(<usize>batch, GROUP + 2)));
  end = place(base, Area.PRE, end, rows * sums);
  end = place(base, Area.EXTRA, end, gates == 3 ? (byRows ? state : 2 * <usize>batch * state) : 0);
  end = place(base, Area.INPUTS, end, input);
  end = place(base, Area.STARTS, end, <usize>batch << 2);
  if (batch > 1) return end - base;
  end = place(base, Area.TEAM, end, TEAM_BYTES);
  return place(base, Area.BOX, end, 4 * state) - base;
}

/** Puts an area at `start` and returns where the next one goes. */
// @ts-ignore: decorator
@inline
function place(base: usize, area: Area, start: usize, bytes: usize): usize {
  if (base) store<usize>(base + area, start);
  return (start + bytes + 63) & ~63;
}

/** The address of an area. */
// @ts-ignore: decorator
@inline
export function areaOf(pass: usize, area: Area): usize {
  return load<usize>(load<usize>(pass, Word.SCRATCH) + area);
}
