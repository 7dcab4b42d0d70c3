/**
 * The walk through time that all recurrent layers share: which rows a timestep computes, their inputs, their outputs.
 *
 * Up to three rows run one by one: bias + x·W is made for up to 18 inputs at once, then each timestep adds h·U. Larger
 * batches join [x, h] row by row and make one product of both, in tiles of several rows. A timestep computes only the
 * rows whose mask is set. Every pre-activation is bias, then the terms of x, then those of h, in one accumulator, so
 * the way taken does not change a bit.
 */
import { flush, loadPartial, storeRow } from "../simd/lanes";
import { copyRow, fill } from "./copy";
import { gemm } from "./gemm";
import { gemv } from "./gemv";
import { gruRow, gruTiles } from "./gru";
import { lstmJoinedRow, lstmRow, lstmTiles } from "./lstm";
import { Area, areaOf, CHUNK_ROWS, divide, joinedRow, ROW_BATCH, stateRow, stepBytes, Word } from "./pass";
import { isReal, joinStates, listRows, lookUp, realRows } from "./rows";
import { simpleRnnRow, simpleRnnTiles } from "./simple_rnn";

export function simpleRnnSequence(pass: usize): void {
  sequence(pass, 1);
}

export function lstmSequence(pass: usize): void {
  sequence(pass, 4);
}

export function gruSequence(pass: usize): void {
  sequence(pass, 3);
}

/** Bytes of scratch memory that a sequence wants; gates: 1 SimpleRNN, 3 GRU, 4 LSTM. */
export function sequenceScratch(gates: i32, batch: i32, inputDim: i32, units: i32): i32 {
  return <i32>divide(0, gates, batch, inputDim, units);
}

function sequence(pass: usize, gates: i32): void {
  const batch = load<i32>(pass, Word.BATCH);
  const units = load<i32>(pass, Word.UNITS);
  assert(batch >= 1 && units >= 1 && load<i32>(pass, Word.INPUT_DIM) >= 0 && load<i32>(pass, Word.TIMESTEPS) >= 0);
  assert(((load<usize>(pass, Word.SCRATCH) | load<usize>(pass, Word.WEIGHTS) | load<usize>(pass, Word.H)) & 15) == 0);
  divide(load<usize>(pass, Word.SCRATCH), gates, batch, load<i32>(pass, Word.INPUT_DIM), units);
  const blocks = areaOf(pass, Area.BLOCKS);
  const end = stateRow(units) >> 3;
  for (let at: usize = 0; at < end; at += 4) store<usize>(blocks + at, at << 3);
  fill(areaOf(pass, Area.SEEN), batch, 0);
  listRows(pass);
  if (load<usize>(pass, Word.TABLE)) byTable(pass, gates);
  else if (gates == 4 && batch <= ROW_BATCH && load<i32>(pass, Word.TIMESTEPS) == 1) lstmStep(pass);
  else if (batch <= ROW_BATCH) byRows(pass, gates);
  else byTiles(pass, gates);
}

/** One timestep of up to ROW_BATCH rows of an LSTM. */
function lstmStep(pass: usize): void {
  const joined = areaOf(pass, Area.INPUTS);
  const step = joinedRow(load<i32>(pass, Word.INPUT_DIM), load<i32>(pass, Word.UNITS));
  const rows = areaOf(pass, Area.ROWS);
  const count = realRows(pass, 0);
  gather(pass, 0, count, joined, step);
  joinStates(pass, count);
  for (let j: usize = 0; j < <usize>count; j++) lstmJoinedRow(pass, joined + j * step, load<usize>(rows + (j << 2)));
  emit(pass, 0);
}

/** Batches of up to ROW_BATCH rows. */
function byRows(pass: usize, gates: i32): void {
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  const chunk = CHUNK_ROWS / load<i32>(pass, Word.BATCH);
  const step = <usize>load<i32>(pass, Word.INPUT_DIM) << 2;
  const inputs = areaOf(pass, Area.INPUTS);
  const rows = areaOf(pass, Area.ROWS);
  const preStep = <usize>gates * stateRow(load<i32>(pass, Word.UNITS));
  for (let from = 0; from < timesteps; from += chunk) {
    const until = min(from + chunk, timesteps);
    const count = gatherChunk(pass, from, until, inputs, step);
    project(pass, gates, inputs, step, count);
    let pre = areaOf(pass, Area.PRE);
    for (let t = from; t < until; t++) {
      const end = rows + (<usize>realRows(pass, t) << 2);
      for (let row = rows; row < end; row += 4, pre += preStep) advanceRow(pass, gates, pre, load<usize>(row));
      emit(pass, t);
    }
  }
}

/** The real inputs of some timesteps, one below the other; returns how many they are. */
function gatherChunk(pass: usize, from: i32, until: i32, to: usize, step: usize): i32 {
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

/** Larger batches. Where masks leave one or two rows, these go one by one. */
function byTiles(pass: usize, gates: i32): void {
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const step = joinedRow(inputDim, units);
  const joined = areaOf(pass, Area.INPUTS);
  const rows = areaOf(pass, Area.ROWS);
  for (let t = 0; t < timesteps; t++) {
    const count = realRows(pass, t);
    gather(pass, t, count, joined, step);
    if (count > 2) {
      joinStates(pass, count);
      advanceTiles(pass, gates, count);
    } else {
      for (let j: usize = 0; j < <usize>count; j++) {
        project(pass, gates, joined + j * step, step, 1);
        advanceRow(pass, gates, areaOf(pass, Area.PRE), load<usize>(rows + (j << 2)));
      }
    }
    emit(pass, t);
  }
}

/** Inputs that are numbers of rows of a table, which holds bias + x·W: what is left of each timestep is h·U. */
function byTable(pass: usize, gates: i32): void {
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  const starts = areaOf(pass, Area.STARTS);
  const rows = areaOf(pass, Area.ROWS);
  const tiles = load<i32>(pass, Word.BATCH) > ROW_BATCH;
  for (let t = 0; t < timesteps; t++) {
    const count = realRows(pass, t);
    lookUp(pass, gates, t, count);
    if (tiles && count > 2) {
      joinStates(pass, count);
      advanceTiles(pass, gates, count);
    } else {
      for (let j: usize = 0; j < <usize>count; j++) {
        advanceRow(pass, gates, load<usize>(starts + (j << 2)), load<usize>(rows + (j << 2)));
      }
    }
    emit(pass, t);
  }
}

/** One timestep of the listed rows, three or more. */
function advanceTiles(pass: usize, gates: i32, count: i32): void {
  if (gates == 4) lstmTiles(pass, count);
  else if (gates == 3) gruTiles(pass, count);
  else simpleRnnTiles(pass, count);
}

/** One timestep of the row whose states are at this offset. */
function advanceRow(pass: usize, gates: i32, pre: usize, state: usize): void {
  if (gates == 4) lstmRow(pass, pre, state);
  else if (gates == 3) gruRow(pass, pre, state);
  else simpleRnnRow(pass, pre, state);
}

/** The inputs of the listed rows at timestep t, one below the other, without denormals. */
function gather(pass: usize, t: i32, count: i32, to: usize, step: usize): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const x = load<usize>(pass, Word.X) + <usize>t * stepBytes(pass, Word.X_STEP);
  const xRow = stepBytes(pass, Word.X_ROW);
  for (let row = areaOf(pass, Area.ROWS); count > 0; count--, row += 4, to += step) {
    copyFlushed(to, x + (load<usize>(row) / state) * xRow, inputDim);
  }
}

function copyFlushed(to: usize, from: usize, count: i32): void {
  for (; count > 3; count -= 4, to += 16, from += 16) v128.store(to, flush(v128.load(from)));
  if (count > 0) {
    const last = flush(loadPartial(from, count));
    storeRow(to, last, last, count);
  }
}

/** PRE = bias + x·W for `count` rows of inputs. */
function project(pass: usize, gates: i32, inputs: usize, step: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const panel = <usize>(inputDim + load<i32>(pass, Word.UNITS)) << 5;
  const preStep = <usize>gates * stateRow(load<i32>(pass, Word.UNITS));
  const biasStep: usize = gates == 3 ? 128 : <usize>gates << 5;
  const blockStep = <usize>gates << 5;
  let w = load<usize>(pass, Word.WEIGHTS);
  let bias = load<usize>(pass, Word.BIAS);
  let pre = areaOf(pass, Area.PRE);
  if (count > 2) {
    for (const end = pre + preStep; pre < end; pre += blockStep, bias += biasStep, w += <usize>gates * panel) {
      gemm(inputs, step, count, w, panel, inputDim, gates, bias, 0, 32, pre, preStep, 32);
    }
    return;
  }
  if (gates == 3) {
    const dense = areaOf(pass, Area.SUMS);
    for (let to = dense, end = dense + preStep; to < end; to += 96, bias += 128) copyRow(to, bias, 24);
    bias = dense;
  }
  for (; count > 0; count--, inputs += step, pre += preStep) {
    gemv(inputs, inputDim, w, panel, bias, 32, pre, 32, <i32>(preStep >> 2));
  }
}

/** The outputs of timestep t: the new states, and for masked rows the last output or zeros. */
function emit(pass: usize, t: i32): void {
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
