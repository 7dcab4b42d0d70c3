/** A whole sequence in one kernel call. */

import { emitCopyRows, emitFill, emitInt } from "../../ops/copy";
import type { Plan } from "../../ops/plan";
import type { Home, Lookup, Slab } from "../../ops/slab";
import { lanesOf, PASS, PASS_WORDS } from "../../wasm/sequence";
import type { Cell } from "./cell";

/** The products of a table's rows with the input kernel, and the packed kernel of what is left. */
export interface TableOfProducts {
  readonly table: { readonly ptr: number };
  readonly weights: { readonly ptr: number };
}

/** What is asked of a cell whose kernel runs whole sequences. */
export interface SequenceKernel {
  readonly units: number;
  /** Columns of the kernel are this many blocks of `units`. */
  readonly gates: number;
  readonly stateSizes: readonly number[];
  packedWeights(plan: Plan): { readonly ptr: number };
  packedBias(plan: Plan): { readonly ptr: number };
  /** What takes the place of inputs that are rows of a table, where it may: their products, and the other weights. */
  packedTable?(plan: Plan, lookup: Lookup): TableOfProducts | undefined;
  /** The descriptor's words for this cell. */
  cellWords(): readonly (readonly [word: number, value: number])[];
}

/** How a sequence is walked and where its outputs go. */
export interface Walk<C = Cell> {
  readonly cell: C;
  /** [batch, timesteps, inputDim]; more axes for cells that take them. */
  readonly x: Slab;
  /** [batch, timesteps] */
  readonly mask: Slab | undefined;
  /** From the last timestep to the first. */
  readonly backwards: boolean;
  /** Write the outputs from the last place to the first. */
  readonly flip: boolean;
  /** Write all outputs, not the last alone. */
  readonly sequences: boolean;
  readonly zeroOutput: boolean;
  /** The first states, [batch, size] each; `carried`: those in which the last run ended, see `Plan.state`. */
  readonly start: readonly Slab[] | "zeros" | "carried";
  /** Where outputs go: columns from `column` on of rows as wide as `y`. */
  readonly y: Slab;
  readonly column: number;
}

/** Slabs for the states of a walk, [batch, width] each of which `sizes` columns are used, with what they begin with. */
export function startedStates(
  plan: Plan,
  start: Walk["start"],
  batch: number,
  sizes: readonly number[],
  widthOf: (size: number) => number,
): readonly Slab[] {
  return sizes.map((size, k) => {
    const shape = [batch, widthOf(size)];
    if (start === "carried") return plan.state(shape);
    const state = plan.slab(shape);
    if (start === "zeros") emitFill(plan, state, 0);
    else emitCopyRows(plan, start[k] as Slab, state, size);
    return state;
  });
}

/** Addresses and steps of the outputs of a walk, in bytes and elements. */
export function outputSteps({ x, y, column, sequences, flip }: Omit<Walk, "cell">) {
  const timesteps = x.dim(1);
  const width = y.dim(-1);
  return {
    first: 4 * (column + (sequences && flip ? (timesteps - 1) * width : 0)),
    step: sequences ? (flip ? -width : width) : 0,
    row: sequences ? timesteps * width : width,
  };
}

/**
 * Appends the call of the cell's kernel.
 * @returns a function that gives the final states as slabs [batch, units]; call it at most once, when they are wanted.
 */
export function planSequence(plan: Plan, walk: Walk<SequenceKernel>): () => readonly Slab[] {
  const { cell, mask, y } = walk;
  const { kernels, team } = plan.engine;
  const [batch, timesteps, width] = walk.x.shape as [number, number, number];
  const folded = walk.x.lookup && cell.packedTable?.(plan, walk.x.lookup);
  const x = folded ? emitInt(plan, (walk.x.lookup as Lookup).ids) : walk.x;
  const step = folded ? 1 : width;
  const inputDim = folded ? 0 : width;
  const lanes = lanesOf(cell.units);
  const working = startedStates(plan, walk.start, batch, cell.stateSizes, lanesOf);
  const weights = folded?.weights ?? cell.packedWeights(plan);
  const bias = cell.packedBias(plan);
  const scratch = plan.slab([kernels.sequenceScratch(cell.gates, batch, inputDim, cell.units) >> 2]);
  const [first, sign] = walk.backwards ? [timesteps - 1, -1] : [0, 1];
  const output = outputSteps(walk);
  const { gates, units } = cell;
  const each = timesteps * (inputDim + units) * gates * units;
  const wordsOf = (row: number, end: number) => {
    const words = new Array<number>(PASS_WORDS).fill(0);
    const put: (readonly [number, number])[] = [
      [PASS.x, x.ptr + 4 * (first + row * timesteps) * step],
      [PASS.xStep, sign * step],
      [PASS.xRow, timesteps * step],
      [PASS.y, y.ptr + output.first + 4 * row * output.row],
      [PASS.yStep, output.step],
      [PASS.yRow, output.row],
      [PASS.timesteps, timesteps],
      [PASS.batch, end - row],
      [PASS.weights, weights.ptr],
      [PASS.bias, bias.ptr],
      [PASS.h, (working[0] as Slab).ptr + 4 * row * lanes],
      [PASS.c, working[1] ? working[1].ptr + 4 * row * lanes : 0],
      [PASS.mask, mask ? mask.ptr + 4 * (first + row * timesteps) : 0],
      [PASS.maskStep, sign],
      [PASS.maskRow, timesteps],
      [PASS.zeroOutput, walk.zeroOutput ? 1 : 0],
      [PASS.scratch, scratch.ptr],
      [PASS.team, team?.roster ?? 0],
      ...cell.cellWords(),
      [PASS.inputDim, inputDim],
      [PASS.table, folded?.table.ptr ?? 0],
    ];
    for (const [word, value] of put) words[word] = value;
    return words;
  };
  const part = (row: number, end: number) => plan.descriptor(() => wordsOf(row, end));
  const call = ({ ptr }: Home) => kernels.sequence(ptr, gates);
  const pass = part(0, batch);
  const run = team ? team.running(pass, { batch, each, gates, part, call }) : () => call(pass);
  plan.step([x, y, mask, scratch, ...working], Object.assign(run, { errand: { pass, gates } }));
  return () =>
    working.map((rows) => {
      if (lanes === cell.units && walk.start !== "carried") return rows;
      const state = plan.slab([batch, cell.units]);
      emitCopyRows(plan, rows, state, cell.units);
      return state;
    });
}
