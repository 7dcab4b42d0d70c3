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
import { sigmoid, tanh } from "../simd/activations";
import { flush, madd } from "../simd/lanes";
import { tile, tileRows } from "./gemm";
import { gemv } from "./gemv";
import { activateBy, Area, areaOf, isSigmoid, isTanh, joinedRow, stateRow, Word } from "./pass";

/** One row whose bias and input terms are at `pre` [block][gate][8] and whose states are at the offset `state`. */
export function lstmRow(pass: usize, pre: usize, state: usize): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const blocks = (units + 7) >> 3;
  const weights = load<usize>(pass, Word.WEIGHTS) + (<usize>inputDim << 5);
  const sums = areaOf(pass, Area.SUMS);
  const h = load<usize>(pass, Word.H) + state;
  gemv(h, units, weights, <usize>(inputDim + units) << 5, pre, 32, sums, 32, blocks << 5);
  update(pass, sums, 32, 128, areaOf(pass, Area.BLOCKS), blocks, h, load<usize>(pass, Word.C) + state);
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
  for (let block: usize = 0; block < end; block += 32) {
    const h = load<usize>(pass, Word.H) + block;
    const c = load<usize>(pass, Word.C) + block;
    let a = areaOf(pass, Area.INPUTS);
    let rows = areaOf(pass, Area.ROWS);
    for (let left = count; left > 0; ) {
      const m = tileRows(left);
      const gate = <usize>m << 5;
      for (let g: usize = 0; g < 4; g++) {
        const gateWeights = w + g * panel;
        tile(m, a, step, gateWeights, gateWeights + panel, bias + (g << 5), 0, sums + g * gate, 32);
      }
      update(pass, sums, gate, 32, rows, m, h, c);
      a += <usize>m * step;
      rows += <usize>m << 2;
      left -= m;
    }
    w += panel << 2;
    bias += 128;
  }
}

/**
 * The cells of `count` blocks of 8: sums itemStep bytes apart, their gates gateStep bytes apart, states at the offsets
 * of the list.
 */
function update(
  pass: usize, sums: usize, gateStep: usize, itemStep: usize, list: usize, count: i32, h: usize, c: usize,
): void {
  const fast =
    isTanh(pass, Word.ACTIVATION) && isSigmoid(pass, Word.RECURRENT_ACTIVATION) && isTanh(pass, Word.HIDDEN_ACTIVATION);
  if (fast) updateBlocks(true, pass, sums, gateStep, itemStep, list, count, h, c);
  else updateBlocks(false, pass, sums, gateStep, itemStep, list, count, h, c);
}

// @ts-ignore: decorator
@inline
function updateBlocks(
  fast: bool, pass: usize, sums: usize, gateStep: usize, itemStep: usize, list: usize, count: i32, h: usize, c: usize,
): void {
  for (const end = list + (<usize>count << 2); list < end; list += 4) {
    const at = load<usize>(list);
    updateFour(fast, pass, sums, gateStep, h + at, c + at);
    updateFour(fast, pass, sums + 16, gateStep, h + at + 16, c + at + 16);
    sums += itemStep;
  }
}

/** `fast` is a constant: the defaults of Keras, without a choice per vector. */
// @ts-ignore: decorator
@inline
function updateFour(fast: bool, pass: usize, sums: usize, gateStep: usize, h: usize, c: usize): void {
  const i = gate(fast, pass, v128.load(sums));
  const f = gate(fast, pass, v128.load(sums + gateStep));
  const preCandidate = v128.load(sums + 2 * gateStep);
  const candidate = fast ? tanh(preCandidate) : activateBy(pass, Word.ACTIVATION, preCandidate);
  const o = gate(fast, pass, v128.load(sums + 3 * gateStep));
  const cell = flush(madd(f, v128.load(c), f32x4.mul(i, candidate)));
  const hidden = fast ? tanh(cell) : activateBy(pass, Word.HIDDEN_ACTIVATION, cell);
  v128.store(c, cell);
  v128.store(h, flush(f32x4.mul(o, hidden)));
}

// @ts-ignore: decorator
@inline
function gate(fast: bool, pass: usize, v: v128): v128 {
  return fast ? sigmoid(v) : activateBy(pass, Word.RECURRENT_ACTIVATION, v);
}
