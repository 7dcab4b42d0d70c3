/**
 * GRU: one timestep of some rows.
 *
 *   z, r = σ(x·W + h·U + b)                           h' = z·h + (1 - z)·h̃
 *   h̃ = tanh(x·W + b + r·(h·U + bᵣ))    with reset after the product
 *   h̃ = tanh(x·W + b + (r·h)·U)         with reset before it
 *
 * σ is the recurrent activation, tanh the activation; each gate has its own columns of W, U and b.
 * Source: Cho et al. 2014; reset after the product as in cuDNN and Keras 3 `GRUCell`; gate order z r h as there.
 * Weights [block of 8 units][gate][inputDim + units][8]; bias [block][4][8]: z, r, h̃, bᵣ; state [batch][lanes].
 */
import { copyRow } from "./copy";
import { tile, tileRows } from "./gemm";
import { gemv } from "./gemv";
import { reset, update } from "./gru_cell";
import { Area, areaOf, joinedRow, stateRow, Word } from "./pass";

/** One row whose bias and input terms are at `pre` [block][gate][8], to be spoiled, and its state at `state`. */
export function gruRow(pass: usize, pre: usize, state: usize): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const weights = load<usize>(pass, Word.WEIGHTS) + (<usize>inputDim << 5);
  const blocks = (units + 7) >> 3;
  const lanes = blocks << 3;
  const sums = areaOf(pass, Area.SUMS);
  const extra = areaOf(pass, Area.EXTRA);
  const list = areaOf(pass, Area.BLOCKS);
  const h = load<usize>(pass, Word.H) + state;
  if (load<i32>(pass, Word.RESET_AFTER)) {
    // the input terms of the candidate stay apart, its sum begins with the recurrent bias
    let recurrentBias = load<usize>(pass, Word.BIAS) + 96;
    for (let block = 0, at = pre + 64, to = extra; block < blocks; block++, at += 96, to += 32, recurrentBias += 128) {
      copyRow(to, at, 8);
      copyRow(at, recurrentBias, 8);
    }
    gemv(h, units, weights, panel, pre, 32, sums, 32, 3 * lanes);
    update(pass, sums, sums + 32, sums + 64, 96, extra, 32, list, blocks, h);
  } else {
    gemv(h, units, weights, 3 * panel, pre, 96, sums, 96, lanes);
    gemv(h, units, weights + panel, 3 * panel, pre + 32, 96, sums + 32, 96, lanes);
    reset(pass, sums + 32, 96, h, extra, blocks);
    gemv(extra, units, weights + 2 * panel, 3 * panel, pre + 64, 96, sums + 64, 96, lanes);
    update(pass, sums, 0, 0, 96, sums + 64, 96, list, blocks, h);
  }
}

/** The first `count` rows of the list, three or more, from their rows [x, h], which are spoiled. */
export function gruTiles(pass: usize, count: i32): void {
  if (load<i32>(pass, Word.RESET_AFTER)) {
    resetAfterTiles(pass, count);
  } else {
    resetTiles(pass, count);
    candidateTiles(pass, count);
  }
}

function resetAfterTiles(pass: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const input = <usize>inputDim << 2;
  const panel = <usize>(inputDim + units) << 5;
  const step = joinedRow(inputDim, units);
  const end = stateRow(units);
  const sums = areaOf(pass, Area.SUMS);
  let w = load<usize>(pass, Word.WEIGHTS);
  let bias = load<usize>(pass, Word.BIAS);
  for (let block: usize = 0; block < end; block += 32, w += 3 * panel, bias += 128) {
    const candidate = w + 2 * panel;
    const recurrent = candidate + (input << 3);
    let a = areaOf(pass, Area.INPUTS);
    let rows = areaOf(pass, Area.ROWS);
    for (let left = count; left > 0; ) {
      const m = tileRows(left);
      const r = sums + (<usize>m << 5);
      const x = r + (<usize>m << 5);
      const h = x + (<usize>m << 5);
      tile(m, a, step, w, w + panel, bias, 0, sums, 32);
      tile(m, a, step, w + panel, candidate, bias + 32, 0, r, 32);
      tile(m, a, step, candidate, recurrent, bias + 64, 0, x, 32);
      tile(m, a + input, step, recurrent, candidate + panel, bias + 96, 0, h, 32);
      update(pass, sums, r, h, 32, x, 32, rows, m, load<usize>(pass, Word.H) + block);
      a += <usize>m * step;
      rows += <usize>m << 2;
      left -= m;
    }
  }
}

/** z for all units, before its activation, to the first half of EXTRA; then r·h in place of h in the rows [x, h]. */
function resetTiles(pass: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const step = joinedRow(inputDim, units);
  const state = stateRow(units);
  const z = areaOf(pass, Area.EXTRA);
  let r = z + <usize>count * state;
  let w = load<usize>(pass, Word.WEIGHTS);
  let bias = load<usize>(pass, Word.BIAS);
  for (let block: usize = 0; block < state; block += 32, w += 3 * panel, bias += 128) {
    let a = areaOf(pass, Area.INPUTS);
    let at = block;
    for (let left = count; left > 0; ) {
      const m = tileRows(left);
      tile(m, a, step, w, w + panel, bias, 0, z + at, state);
      tile(m, a, step, w + panel, w + 2 * panel, bias + 32, 0, r + at, state);
      a += <usize>m * step;
      at += <usize>m * state;
      left -= m;
    }
  }
  let rows = areaOf(pass, Area.ROWS);
  let to = areaOf(pass, Area.INPUTS) + (<usize>inputDim << 2);
  for (; count > 0; count--, r += state, to += step, rows += 4) {
    reset(pass, r, 32, load<usize>(pass, Word.H) + load<usize>(rows), r, <i32>(state >> 5));
    copyRow(to, r, units);
  }
}

/** The candidate from rows [x, r·h], and the new state. */
function candidateTiles(pass: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const step = joinedRow(inputDim, units);
  const state = stateRow(units);
  const sums = areaOf(pass, Area.SUMS);
  let w = load<usize>(pass, Word.WEIGHTS) + 2 * panel;
  let bias = load<usize>(pass, Word.BIAS) + 64;
  for (let block: usize = 0; block < state; block += 32, w += 3 * panel, bias += 128) {
    let a = areaOf(pass, Area.INPUTS);
    let z = areaOf(pass, Area.EXTRA) + block;
    let rows = areaOf(pass, Area.ROWS);
    for (let left = count; left > 0; ) {
      const m = tileRows(left);
      tile(m, a, step, w, w + panel, bias, 0, sums, 32);
      update(pass, z, 0, 0, state, sums, 32, rows, m, load<usize>(pass, Word.H) + block);
      a += <usize>m * step;
      z += <usize>m * state;
      rows += <usize>m << 2;
      left -= m;
    }
  }
}
