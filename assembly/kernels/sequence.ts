/**
 * The walk through time that all recurrent layers share: which rows a timestep computes, their inputs, their outputs.
 *
 * Up to three rows run one by one: bias + x·W is made for up to 54 inputs at once, then each timestep adds h·U. Larger
 * batches join [x, h] row by row and make one product of both, in tiles of several rows. A timestep computes only the
 * rows whose mask is set. Every pre-activation is bias, then the terms of x, then those of h, in one accumulator, so
 * the way taken does not change a bit.
 */
import { copyRow } from "./copy";
import { gruTiles } from "./gru";
import { lstmJoinedRow, lstmTiles } from "./lstm";
import { Area, areaOf, CHUNK_ROWS, divide, joinedRow, ROW_BATCH, stateRow, stepBytes, Word } from "./pass";
import { joinStates, lookUp, realRows } from "./rows";
import { simpleRnnTiles } from "./simple_rnn";
import { advanceChunk, advanceRow, advanceTable, begin, copyFlushed, emit, gather, project } from "./timestep";

/** Inputs of an LSTM up to this width meet their weights together with the states. */
const NARROW = 12;

/** Bytes of scratch memory that a sequence wants; gates: 1 SimpleRNN, 3 GRU, 4 LSTM. */
export function sequenceScratch(gates: i32, batch: i32, inputDim: i32, units: i32): i32 {
  return <i32>divide(0, gates, batch, inputDim, units);
}

/** The sequence of a descriptor; gates as in {@link sequenceScratch}. */
export function sequence(pass: usize, gates: i32): void {
  const batch = load<i32>(pass, Word.BATCH);
  assert(batch >= 1 && load<i32>(pass, Word.UNITS) >= 1);
  assert(load<i32>(pass, Word.INPUT_DIM) >= 0 && load<i32>(pass, Word.TIMESTEPS) >= 0);
  assert(((load<usize>(pass, Word.SCRATCH) | load<usize>(pass, Word.WEIGHTS) | load<usize>(pass, Word.H)) & 15) == 0);
  begin(pass, gates);
  if (load<usize>(pass, Word.TABLE)) byTable(pass, gates);
  else if (gates == 4 && batch <= ROW_BATCH && isBrief(pass)) lstmSteps(pass);
  else if (batch <= ROW_BATCH) byRows(pass, gates);
  else byTiles(pass, gates);
}

/** True when x·W is too little, or made for too few timesteps, to be worth a product of its own. */
function isBrief(pass: usize): bool {
  return load<i32>(pass, Word.TIMESTEPS) == 1 || load<i32>(pass, Word.INPUT_DIM) <= NARROW;
}

/** Up to ROW_BATCH rows of an LSTM, a product of [x, h] at each timestep. */
function lstmSteps(pass: usize): void {
  if (load<i32>(pass, Word.BATCH) == 1 && !load<usize>(pass, Word.MASK)) return lstmStream(pass);
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  const joined = areaOf(pass, Area.INPUTS);
  const step = joinedRow(load<i32>(pass, Word.INPUT_DIM), load<i32>(pass, Word.UNITS));
  const rows = areaOf(pass, Area.ROWS);
  const h = load<usize>(pass, Word.H);
  for (let t = 0; t < timesteps; t++) {
    const count = realRows(pass, t);
    gather(pass, t, count, joined, step);
    joinStates(pass, count);
    for (let j: usize = 0; j < <usize>count; j++) {
      const state = load<usize>(rows + (j << 2));
      lstmJoinedRow(pass, joined + j * step, state, h + state, <i32>j);
    }
    emit(pass, t);
  }
}

/** One row without a mask: its state h stays in the row [x, h] until the last timestep. */
function lstmStream(pass: usize): void {
  const last = load<i32>(pass, Word.TIMESTEPS) - 1;
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const xStep = stepBytes(pass, Word.X_STEP);
  const yStep = stepBytes(pass, Word.Y_STEP);
  const h = load<usize>(pass, Word.H);
  const joined = areaOf(pass, Area.INPUTS);
  const joinedH = joined + (<usize>inputDim << 2);
  let x = load<usize>(pass, Word.X);
  let y = load<usize>(pass, Word.Y);
  copyRow(joinedH, h, units);
  for (let t = 0; t <= last; t++, x += xStep, y += yStep) {
    const to = t < last ? joinedH : h;
    copyFlushed(joined, x, inputDim);
    lstmJoinedRow(pass, joined, 0, to, t);
    if (yStep != 0 || t == last) copyRow(y, to, units);
  }
}

/** Batches of up to ROW_BATCH rows. */
function byRows(pass: usize, gates: i32): void {
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  const chunk = CHUNK_ROWS / load<i32>(pass, Word.BATCH);
  for (let from = 0; from < timesteps; from += chunk) advanceChunk(pass, gates, from, min(from + chunk, timesteps));
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
        project(pass, gates, joined + j * step, step, 1, 0, stateRow(units));
        advanceRow(pass, gates, areaOf(pass, Area.PRE), load<usize>(rows + (j << 2)), <i32>j);
      }
    }
    emit(pass, t);
  }
}

/** Inputs that are numbers of rows of a table, which holds bias + x·W: what is left of each timestep is h·U. */
function byTable(pass: usize, gates: i32): void {
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  if (load<i32>(pass, Word.BATCH) <= ROW_BATCH) return advanceTable(pass, gates, 0, timesteps);
  for (let t = 0; t < timesteps; t++) {
    const count = realRows(pass, t);
    if (count > 2) {
      lookUp(pass, gates, t, count);
      joinStates(pass, count);
      advanceTiles(pass, gates, count);
      emit(pass, t);
    } else advanceTable(pass, gates, t, t + 1);
  }
}

/** One timestep of the listed rows, three or more. */
function advanceTiles(pass: usize, gates: i32, count: i32): void {
  if (gates == 4) lstmTiles(pass, count);
  else if (gates == 3) gruTiles(pass, count);
  else simpleRnnTiles(pass, count);
}
