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
import { activateBlocks } from "./gates";
import { gemm } from "./gemm";
import { gemv } from "./gemv";
import { reset, resetAfter, update } from "./gru_cell";
import { Area, areaOf, groupRows, joinedRow, stateRow, Word } from "./pass";

/** One row whose bias and input terms are at `pre` [block][gate][8], to be spoiled, and its state at `state`. */
export function gruRow(pass: usize, pre: usize, state: usize): void {
  const units = load<i32>(pass, Word.UNITS);
  const gate = stateRow(units);
  const blocks = gate >> 5;
  const z = areaOf(pass, Area.SUMS);
  const r = z + gate;
  const candidate = r + gate;
  const h = load<usize>(pass, Word.H) + state;
  rowGate(pass, 0, h, pre, z);
  rowGate(pass, 1, h, pre, r);
  if (load<i32>(pass, Word.RESET_AFTER)) {
    // the input terms of the candidate stay apart, its sum begins with the recurrent bias
    const input = areaOf(pass, Area.EXTRA);
    let recurrentBias = load<usize>(pass, Word.BIAS) + 96;
    for (let at = pre + 64, to = input; to < input + gate; at += 96, to += 32, recurrentBias += 128) {
      copyRow(to, at, 8);
      copyRow(at, recurrentBias, 8);
    }
    rowGate(pass, 2, h, pre, candidate);
    resetAfter(pass, z, candidate, input, blocks);
    update(pass, z, 32, input, areaOf(pass, Area.BLOCKS), blocks, h);
  } else {
    reset(pass, r, h, blocks);
    rowGate(pass, 2, r, pre, candidate);
    activateBlocks(pass + Word.RECURRENT_ACTIVATION, z, blocks);
    update(pass, z, 32, candidate, areaOf(pass, Area.BLOCKS), blocks, h);
  }
}

/** The sums [block][8] of one gate of a row: what stands in `pre` and the terms of h. */
function rowGate(pass: usize, gate: usize, h: usize, pre: usize, sums: usize): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const w = load<usize>(pass, Word.WEIGHTS) + (<usize>inputDim << 5) + gate * panel;
  gemv(h, units, w, 3 * panel, pre + (gate << 5), 96, sums, 32, <i32>(stateRow(units) >> 2));
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
      const m = groupRows(left);
      const gate = <usize>m << 5;
      const x = sums + 2 * gate;
      const h = x + gate;
      gemm(a, step, m, w, panel, inputDim + units, 2, bias, 32, sums, 32, gate);
      gemm(a, step, m, candidate, 0, inputDim, 1, bias + 64, 0, x, 32, 0);
      gemm(a + input, step, m, recurrent, 0, units, 1, bias + 96, 0, h, 32, 0);
      resetAfter(pass, sums, h, x, <usize>m);
      update(pass, sums, 32, x, rows, <usize>m, load<usize>(pass, Word.H) + block);
      a += <usize>m * step;
      rows += <usize>m << 2;
      left -= m;
    }
  }
}

/** z for all units to the first half of EXTRA; then r·h in place of h in the rows [x, h]. */
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
    const a = areaOf(pass, Area.INPUTS);
    gemm(a, step, count, w, panel, inputDim + units, 2, bias, 32, z + block, state, r - z);
  }
  activateBlocks(pass + Word.RECURRENT_ACTIVATION, z, (<usize>count * state) >> 5);
  let rows = areaOf(pass, Area.ROWS);
  let to = areaOf(pass, Area.INPUTS) + (<usize>inputDim << 2);
  for (; count > 0; count--, r += state, to += step, rows += 4) {
    reset(pass, r, load<usize>(pass, Word.H) + load<usize>(rows), state >> 5);
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
      const m = groupRows(left);
      gemm(a, step, m, w, 0, inputDim + units, 1, bias, 0, sums, 32, 0);
      update(pass, z, state, sums, rows, <usize>m, load<usize>(pass, Word.H) + block);
      a += <usize>m * step;
      z += <usize>m * state;
      rows += <usize>m << 2;
      left -= m;
    }
  }
}
