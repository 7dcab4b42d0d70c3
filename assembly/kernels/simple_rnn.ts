/**
 * SimpleRNN: one timestep of some rows.
 *
 *   h' = tanh(x·W + h·U + b)
 *
 * tanh is the activation. Source: Elman 1990; Keras 3 `SimpleRNNCell`.
 * Weights [block of 8 units][inputDim + units][8], bias [block][8], state [batch][lanes].
 */
import { flush } from "../simd/lanes";
import { activateBlocks } from "./gates";
import { gemv } from "./gemv";
import { Area, areaOf, groupRows, joinedRow, stateRow, Word } from "./pass";
import { startedGemm } from "./start";
import { tilePanels } from "./wide";

/** Some blocks of one row, see `advanceBlocks` in timestep.ts; bias and input terms are at `pre` [block][8]. */
export function simpleRnnRow(pass: usize, pre: usize, h: usize, toH: usize, first: usize, end: usize): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const weights = load<usize>(pass, Word.WEIGHTS) + (<usize>inputDim << 5) + (first >> 5) * panel;
  const sums = areaOf(pass, Area.SUMS);
  gemv(h, units, weights, panel, pre + first, 32, sums, 32, <i32>((end - first) >> 2));
  update(pass, sums, areaOf(pass, Area.BLOCKS) + (first >> 3), (end - first) >> 5, toH);
}

/** The first `count` rows of the list, three or more, from their rows [x, h]. */
export function simpleRnnTiles(pass: usize, count: i32): void {
  const inputDim = load<i32>(pass, Word.INPUT_DIM);
  const units = load<i32>(pass, Word.UNITS);
  const panel = <usize>(inputDim + units) << 5;
  const step = joinedRow(inputDim, units);
  const end = stateRow(units);
  const sums = areaOf(pass, Area.SUMS);
  let w = load<usize>(pass, Word.WEIGHTS);
  let bias = load<usize>(pass, Word.BIAS);
  for (let block: usize = 0; block < end; ) {
    const panels = tilePanels(<i32>((end - block) >> 5));
    let a = areaOf(pass, Area.INPUTS);
    let rows = areaOf(pass, Area.ROWS);
    for (let left = count; left > 0; ) {
      const m = groupRows(left);
      const size = <usize>m << 5;
      startedGemm(pass, a, step, m, w, panel, inputDim + units, panels, bias, count - left, block, sums, 32, size);
      for (let p: usize = 0; p < <usize>panels; p++) {
        update(pass, sums + p * size, rows, <usize>m, load<usize>(pass, Word.H) + block + (p << 5));
      }
      a += <usize>m * step;
      rows += <usize>m << 2;
      left -= m;
    }
    w += <usize>panels * panel;
    bias += <usize>panels << 5;
    block += <usize>panels << 5;
  }
}

/** The new states of `count` blocks of 8: sums [count][8], spoiled; states at the offsets of the list. */
function update(pass: usize, sums: usize, list: usize, count: usize, h: usize): void {
  activateBlocks(pass + Word.ACTIVATION, sums, count);
  for (let item: usize = 0; item < count; item++) {
    const at = sums + (item << 5);
    const to = h + load<usize>(list + (item << 2));
    v128.store(to, flush(v128.load(at)));
    v128.store(to, flush(v128.load(at, 16)), 16);
  }
}
