/**
 * LSTM: one timestep of some rows.
 *
 *   i, f, o = σ(x·W + h·U + b)   c̃ = tanh(x·W + h·U + b)       each with its own columns of W, U, b
 *   c' = f·c + i·c̃               h' = o·tanh(c')
 *
 * σ is the recurrent activation; the two tanh are the activation (on c̃) and the hidden activation (on c').
 * Source: Hochreiter & Schmidhuber 1997, forget gate of Gers et al. 2000; gate order i f c o as in Keras 3 `LSTMCell`.
 * Weights [block of 8 units][gate][inputDim + units][8], bias [block][gate][8], states [batch][lanes].
 */
import { flush, madd } from "../simd/lanes";
import { activateBlocks } from "./gates";
import { gemv4 } from "./generated/tiles";
import { gemv8 } from "./generated/wide";
import { Area, areaOf, groupRows, joinedRow, stateRow, Word } from "./pass";
import { startedGemm } from "./start";
import { takesEight } from "./wide";

/**
 * Some blocks of one row, see `advanceBlocks` in timestep.ts; bias and input terms are at `pre` [block][gate][8].
 * The result may go where the states are.
 */
export function lstmRow(
  pass: usize, pre: usize, h: usize, c: usize, toH: usize, toC: usize, first: usize, end: usize, turn: i32,
): void {
  rowStep(pass, h, load<i32>(pass, Word.INPUT_DIM), pre, c, toH, toC, first, end, turn);
}

/**
 * One row from its [x, h] at `joined`: a single product, which is less work than two when no timestep follows. Its
 * state c is `state` bytes into all states; h goes to `toH`, which may be in `joined`.
 */
export function lstmJoinedRow(pass: usize, joined: usize, state: usize, toH: usize, turn: i32): void {
  const c = load<usize>(pass, Word.C) + state;
  const end = stateRow(load<i32>(pass, Word.UNITS));
  rowStep(pass, joined, 0, load<usize>(pass, Word.BIAS), c, toH, c, 0, end, turn);
}

/**
 * Some blocks of a row of operands `a` that meets the weights from row `skip` on. Every other turn goes backwards, so
 * that it begins with the weights that the last one has left in the caches.
 */
function rowStep(
  pass: usize, a: usize, skip: i32, from: usize, c: usize, toH: usize, toC: usize, first: usize, end: usize,
  turn: i32,
): void {
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(load<i32>(pass, Word.INPUT_DIM) + units) << 5;
  const gate = end - first;
  const sums = areaOf(pass, Area.SUMS);
  const weights = load<usize>(pass, Word.WEIGHTS);
  for (let at: usize = 0, size: usize = 0; at < gate; at += size) {
    const isDouble = takesEight(<i32>((gate - at) >> 3));
    size = isDouble ? 64 : 32;
    const block = turn & 1 ? gate - size - at : at;
    const start = from + ((first + block) << 2);
    const end = weights + ((first + block) >> 5) * (panel << 2) + panel;
    const w = end - panel + (<usize>skip << 5);
    const to = sums + block;
    if (isDouble) gemv8(a, w, end, panel, start, 32, to, to + 32, gate);
    else gemv4(a, w, end, panel, start, 32, to, gate);
  }
  update(pass, sums, areaOf(pass, Area.BLOCKS) + (first >> 3), gate >> 5, c, toH, toC);
}

/** The first `count` rows of the list, three or more, from their rows [x, h]. */
export function lstmTiles(pass: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const step = joinedRow(inputDim, units);
  const end = stateRow(units);
  const sums = areaOf(pass, Area.SUMS);
  let w = load<usize>(pass, Word.WEIGHTS);
  let bias = load<usize>(pass, Word.BIAS);
  for (let block: usize = 0; block < end; block += 32, w += panel << 2, bias += 128) {
    const h = load<usize>(pass, Word.H) + block;
    const c = load<usize>(pass, Word.C) + block;
    let a = areaOf(pass, Area.INPUTS);
    let rows = areaOf(pass, Area.ROWS);
    for (let left = count; left > 0; ) {
      const m = groupRows(left);
      const first = count - left;
      startedGemm(pass, a, step, m, w, panel, inputDim + units, 4, bias, first, block << 2, sums, 32, <usize>m << 5);
      update(pass, sums, rows, <usize>m, c, h, c);
      a += <usize>m * step;
      rows += <usize>m << 2;
      left -= m;
    }
  }
}

/** The new states of `count` blocks of 8: sums [gate][count][8], spoiled; states at the offsets of the list. */
function update(pass: usize, sums: usize, list: usize, count: usize, c: usize, toH: usize, toC: usize): void {
  const f = sums + (count << 5);
  const candidate = f + (count << 5);
  const o = candidate + (count << 5);
  activateBlocks(pass + Word.RECURRENT_ACTIVATION, sums, 2 * count);
  activateBlocks(pass + Word.ACTIVATION, candidate, count);
  activateBlocks(pass + Word.RECURRENT_ACTIVATION, o, count);
  for (let item: usize = 0; item < count; item++) {
    const at = item << 5;
    const offset = load<usize>(list + (item << 2));
    const from = c + offset;
    const to = toC + offset;
    const low = f32x4.mul(v128.load(sums + at), v128.load(candidate + at));
    const high = f32x4.mul(v128.load(sums + at, 16), v128.load(candidate + at, 16));
    const cellLow = flush(madd(v128.load(f + at), v128.load(from), low));
    const cellHigh = flush(madd(v128.load(f + at, 16), v128.load(from, 16), high));
    v128.store(to, cellLow);
    v128.store(to, cellHigh, 16);
    v128.store(sums + at, cellLow);
    v128.store(sums + at, cellHigh, 16);
  }
  activateBlocks(pass + Word.HIDDEN_ACTIVATION, sums, count);
  for (let item: usize = 0; item < count; item++) {
    const at = item << 5;
    const to = toH + load<usize>(list + (item << 2));
    v128.store(to, flush(f32x4.mul(v128.load(o + at), v128.load(sums + at))));
    v128.store(to, flush(f32x4.mul(v128.load(o + at, 16), v128.load(sums + at, 16))), 16);
  }
}
