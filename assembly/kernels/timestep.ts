/** What one timestep of a recurrent layer is made of: its rows, their inputs and the products of these, its outputs. */
import { flush, loadPartial, storeRow } from "../simd/lanes";
import { copyRow, fill } from "./copy";
import { gemm } from "./gemm";
import { gemv } from "./gemv";
import { gruRow } from "./gru";
import { lstmRow } from "./lstm";
import { Area, areaOf, divide, stateRow, stepBytes, Word } from "./pass";
import { isReal, listRows, lookUp, realRows } from "./rows";
import { simpleRnnRow } from "./simple_rnn";

/** Divides the scratch memory of a pass and fills in what lasts for the whole sequence. */
export function begin(pass: usize, gates: i32): void {
  const batch = load<i32>(pass, Word.BATCH);
  const units = load<i32>(pass, Word.UNITS);
  divide(load<usize>(pass, Word.SCRATCH), gates, batch, load<i32>(pass, Word.INPUT_DIM), units);
  const blocks = areaOf(pass, Area.BLOCKS);
  const end = stateRow(units) >> 3;
  for (let at: usize = 0; at < end; at += 4) store<usize>(blocks + at, at << 3);
  fill(areaOf(pass, Area.SEEN), batch, 0);
  listRows(pass);
}

/** Some timesteps of a few rows whose inputs are numbers of rows of a table. */
export function advanceTable(pass: usize, gates: i32, from: i32, until: i32): void {
  const starts = areaOf(pass, Area.STARTS);
  const rows = areaOf(pass, Area.ROWS);
  let turn = 0;
  for (let t = from; t < until; t++) {
    const count = <usize>realRows(pass, t);
    lookUp(pass, gates, t, <i32>count);
    for (let j: usize = 0; j < count; j++) {
      advanceRow(pass, gates, load<usize>(starts + (j << 2)), load<usize>(rows + (j << 2)), turn++);
    }
    emit(pass, t);
  }
}

/** Some timesteps of a few rows. */
export function advanceChunk(pass: usize, gates: i32, from: i32, until: i32): void {
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const step = <usize>load<i32>(pass, Word.INPUT_DIM) << 2;
  const inputs = areaOf(pass, Area.INPUTS);
  const rows = areaOf(pass, Area.ROWS);
  const count = gatherChunk(pass, from, until, inputs, step);
  project(pass, gates, inputs, step, count, 0, state);
  let pre = areaOf(pass, Area.PRE);
  let turn = 0;
  for (let t = from; t < until; t++) {
    const end = rows + (<usize>realRows(pass, t) << 2);
    for (let row = rows; row < end; row += 4, pre += <usize>gates * state) {
      advanceRow(pass, gates, pre, load<usize>(row), turn++);
    }
    emit(pass, t);
  }
}

/** The real inputs of some timesteps, one below the other; returns how many they are. */
export function gatherChunk(pass: usize, from: i32, until: i32, to: usize, step: usize): i32 {
  if (load<i32>(pass, Word.BATCH) == 1 && !load<usize>(pass, Word.MASK) && stepBytes(pass, Word.X_STEP) == step) {
    copyFlushed(to, load<usize>(pass, Word.X) + <usize>from * step, (until - from) * <i32>(step >> 2));
    return until - from;
  }
  let count = 0;
  for (let t = from; t < until; t++) {
    const real = realRows(pass, t);
    gather(pass, t, real, to + <usize>count * step, step);
    count += real;
  }
  return count;
}

/** One timestep of the row whose states are at this offset; `turn` as below. */
export function advanceRow(pass: usize, gates: i32, pre: usize, state: usize, turn: i32): void {
  const h = load<usize>(pass, Word.H) + state;
  const c = load<usize>(pass, Word.C) + state;
  advanceBlocks(pass, gates, pre, h, c, h, c, 0, stateRow(load<i32>(pass, Word.UNITS)), turn);
}

/**
 * One timestep of some blocks of units of a row: those at the offsets `first` to `end` of its states.
 *
 *   pre       bias and input terms of the whole row           in
 *   h, c      its states                                      in
 *   toH, toC  the same after the timestep                     out, those blocks alone
 *   turn      counts such steps: odd ones may go backwards through weights that the caches do not hold
 */
export function advanceBlocks(
  pass: usize, gates: i32, pre: usize, h: usize, c: usize, toH: usize, toC: usize, first: usize, end: usize,
  turn: i32,
): void {
  if (gates == 4) lstmRow(pass, pre, h, c, toH, toC, first, end, turn);
  else if (gates == 3) gruRow(pass, pre, h, toH, first, end);
  else simpleRnnRow(pass, pre, h, toH, first, end);
}

/** The inputs of the listed rows at timestep t, one below the other, without denormals. */
export function gather(pass: usize, t: i32, count: i32, to: usize, step: usize): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const x = load<usize>(pass, Word.X) + <usize>t * stepBytes(pass, Word.X_STEP);
  const xRow = stepBytes(pass, Word.X_ROW);
  for (let row = areaOf(pass, Area.ROWS); count > 0; count--, row += 4, to += step) {
    copyFlushed(to, x + (load<usize>(row) / state) * xRow, inputDim);
  }
}

/** `count` neighbouring inputs, those below 1e-20 as 0. */
export function copyFlushed(to: usize, from: usize, count: i32): void {
  for (; count > 15; count -= 16, to += 64, from += 64) {
    const first = flush(v128.load(from)), second = flush(v128.load(from, 16));
    const third = flush(v128.load(from, 32)), fourth = flush(v128.load(from, 48));
    v128.store(to, first);
    v128.store(to, second, 16);
    v128.store(to, third, 32);
    v128.store(to, fourth, 48);
  }
  for (; count > 3; count -= 4, to += 16, from += 16) v128.store(to, flush(v128.load(from)));
  if (count > 0) {
    const last = flush(loadPartial(from, count));
    storeRow(to, last, last, count);
  }
}

/** PRE = bias + x·W for `count` rows of inputs, for the blocks of units at the offsets `first` to `end` of a state. */
export function project(
  pass: usize, gates: i32, inputs: usize, step: usize, count: i32, first: usize, end: usize,
): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const panel = <usize>(inputDim + load<i32>(pass, Word.UNITS)) << 5;
  const preStep = <usize>gates * stateRow(load<i32>(pass, Word.UNITS));
  const biasStep: usize = gates == 3 ? 128 : <usize>gates << 5;
  const blockStep = <usize>gates << 5;
  const blocks = (end - first) >> 5;
  let w = load<usize>(pass, Word.WEIGHTS) + (first >> 5) * <usize>gates * panel;
  let bias = load<usize>(pass, Word.BIAS) + (first >> 5) * biasStep;
  let pre = areaOf(pass, Area.PRE) + first * <usize>gates;
  if (count > 2) {
    const last = pre + blocks * blockStep;
    for (; pre < last; pre += blockStep, bias += biasStep, w += <usize>gates * panel) {
      gemm(inputs, step, count, w, panel, inputDim, gates, bias, 0, 32, pre, preStep, 32);
    }
    return;
  }
  if (gates == 3) {
    const dense = areaOf(pass, Area.SUMS);
    for (let to = dense; to < dense + blocks * 96; to += 96, bias += 128) copyRow(to, bias, 24);
    bias = dense;
  }
  for (; count > 0; count--, inputs += step, pre += preStep) {
    gemv(inputs, inputDim, w, panel, bias, 32, pre, 32, <i32>((blocks * blockStep) >> 2));
  }
}

/** The outputs of timestep t: the new states, and for masked rows the last output or zeros. */
export function emit(pass: usize, t: i32): void {
  const mask = load<usize>(pass, Word.MASK);
  const wanted = load<i32>(pass, Word.Y_STEP) != 0 || t == load<i32>(pass, Word.TIMESTEPS) - 1;
  if (!mask && !wanted) return;
  const batch = load<i32>(pass, Word.BATCH);
  const units = load<i32>(pass, Word.UNITS);
  const seen = areaOf(pass, Area.SEEN);
  let y = load<usize>(pass, Word.Y) + <usize>t * stepBytes(pass, Word.Y_STEP);
  let h = load<usize>(pass, Word.H);
  for (let row = 0; row < batch; row++, y += stepBytes(pass, Word.Y_ROW), h += stateRow(units)) {
    const real = !mask || isReal(pass, mask, t, row);
    const flag = seen + (<usize>row << 2);
    if (real) store<i32>(flag, 1);
    if (!wanted) continue;
    if (real || (load<i32>(flag) && !load<i32>(pass, Word.ZERO_OUTPUT))) copyRow(y, h, units);
    else fill(y, units, 0);
  }
}
