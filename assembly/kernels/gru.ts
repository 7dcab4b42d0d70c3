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
import { startedGemm } from "./start";

/**
 * Some blocks of one row, see `advanceBlocks` in timestep.ts; bias and input terms are at `pre` [block][gate][8]. With
 * reset before the product the blocks are all there are.
 */
export function gruRow(pass: usize, pre: usize, h: usize, toH: usize, first: usize, end: usize): void {
  const gate = end - first;
  const blocks = gate >> 5;
  const list = areaOf(pass, Area.BLOCKS) + (first >> 3);
  const z = areaOf(pass, Area.SUMS);
  const r = z + gate;
  const candidate = r + gate;
  pre += 3 * first;
  rowGate(pass, 0, h, pre, 96, z, first, end);
  rowGate(pass, 1, h, pre + 32, 96, r, first, end);
  if (load<i32>(pass, Word.RESET_AFTER)) {
    // the input terms of the candidate stay apart, its sum begins with the recurrent bias
    const input = areaOf(pass, Area.EXTRA);
    for (let at = pre + 64, to = input; to < input + gate; at += 96, to += 32) copyRow(to, at, 8);
    rowGate(pass, 2, h, load<usize>(pass, Word.BIAS) + (first << 2) + 96, 128, candidate, first, end);
    resetAfter(pass, z, candidate, input, blocks);
    update(pass, z, 32, input, list, blocks, h, toH);
  } else {
    reset(pass, r, h, blocks);
    rowGate(pass, 2, r, pre + 64, 96, candidate, first, end);
    activateBlocks(pass + Word.RECURRENT_ACTIVATION, z, blocks);
    update(pass, z, 32, candidate, list, blocks, h, toH);
  }
}

/** The sums [block][8] of one gate of some blocks: those at `from`, fromStep bytes apart, and the terms of h. */
function rowGate(
  pass: usize, gate: usize, h: usize, from: usize, fromStep: usize, sums: usize, first: usize, end: usize,
): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const w = load<usize>(pass, Word.WEIGHTS) + (<usize>inputDim << 5) + (gate + 3 * (first >> 5)) * panel;
  gemv(h, units, w, 3 * panel, from, fromStep, sums, 32, <i32>((end - first) >> 2));
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
      const first = count - left;
      startedGemm(pass, a, step, m, w, panel, inputDim + units, 2, bias, first, 3 * block, sums, 32, gate);
      startedGemm(pass, a, step, m, candidate, 0, inputDim, 1, bias + 64, first, 3 * block + 64, x, 32, 0);
      gemm(a + input, step, m, recurrent, 0, units, 1, bias + 96, 0, 0, h, 32, 0);
      resetAfter(pass, sums, h, x, <usize>m);
      const to = load<usize>(pass, Word.H) + block;
      update(pass, sums, 32, x, rows, <usize>m, to, to);
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
    startedGemm(pass, a, step, count, w, panel, inputDim + units, 2, bias, 0, 3 * block, z + block, state, r - z);
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
      const first = count - left;
      startedGemm(pass, a, step, m, w, 0, inputDim + units, 1, bias, first, 3 * block + 64, sums, 32, 0);
      const to = load<usize>(pass, Word.H) + block;
      update(pass, z, state, sums, rows, <usize>m, to, to);
      a += <usize>m * step;
      z += <usize>m * state;
      rows += <usize>m << 2;
      left -= m;
    }
  }
}
