/** A cell over a sequence: one kernel call where the cell has a kernel, else step by step. */

import { emitFill } from "../../ops/copy";
import { emitElementwise, moveOperand, stepsOf } from "../../ops/elementwise";
import type { Plan } from "../../ops/plan";
import type { Home, Slab } from "../../ops/slab";
import { sizeOf } from "../../tensor";
import type { Cell } from "./cell";
import { KernelCell } from "./kernel_cell";
import { outputSteps, planSequence, startedStates, type Walk } from "./sequence";

/** Appends the steps of a whole sequence; the result gives the final states, each [batch, size]. */
export function planRecurrence(plan: Plan, walk: Walk): () => readonly Slab[] {
  const { cell } = walk;
  const planned = (): (() => readonly Slab[]) => {
    if (hasKernel(cell)) return planSequence(plan, { ...walk, cell });
    if (cell.stack?.every(isRowwise)) return walkLayers(plan, walk, cell.stack);
    return walkSteps(plan, walk);
  };
  const after = planned();
  if (walk.start === "carried" && walk.mask && !walk.zeroOutput) carryOutput(plan, walk, walk.mask);
  return after;
}

/** True for cells whose kernel walks over whole sequences. */
export function hasKernel(cell: Cell): cell is KernelCell {
  return cell instanceof KernelCell && cell.hasKernel;
}

/** True for cells that compute each sample by itself, so that what they make of masked ones may differ. */
function isRowwise(cell: Cell): boolean {
  return cell instanceof KernelCell || (cell.stack?.every(isRowwise) ?? false);
}

/** A stack as layers: cell k over the whole sequence, then cell k + 1 over its outputs. The numbers are the same. */
function walkLayers(plan: Plan, walk: Walk, stack: readonly Cell[]): () => readonly Slab[] {
  const { x, start } = walk;
  const [batch, timesteps] = x.shape as [number, number];
  let input = x;
  let used = 0;
  const afters = stack.map((cell, k) => {
    const own = typeof start === "string" ? start : start.slice(used, used + cell.stateCount);
    used += cell.stateCount;
    const last = k === stack.length - 1;
    const y = last ? walk.y : plan.slab([batch, timesteps, cell.outputSize]);
    const inner = { flip: walk.backwards, sequences: true, zeroOutput: false, y, column: 0 };
    const after = planRecurrence(plan, { ...walk, ...(last ? {} : inner), cell, x: input, start: own });
    input = y;
    return after;
  });
  return () => afters.flatMap((after) => after());
}

/** An element-wise call whose operand goes from timestep to timestep. */
interface Moving {
  readonly pass: Home;
  readonly operand: number;
  readonly slab: Slab;
  /** Bytes from the slab's start to the first place, and from each place to the next. */
  readonly first: number;
  readonly step: number;
}

/** Timestep by timestep with the cell's own steps; masks as Keras has them. */
function walkSteps(plan: Plan, walk: Walk): () => readonly Slab[] {
  const { cell, x, mask, y, backwards } = walk;
  const [batch, timesteps, ...features] = x.shape as [number, number, ...number[]];
  const inputDim = sizeOf(features);
  const states = startedStates(plan, walk.start, batch, cell.stateSizes, (size) => size);
  const now = plan.slab([batch, ...features]);
  const previous = mask && plan.slab([batch, cell.outputSize]);
  if (previous) emitFill(plan, previous, 0);
  const moving: Moving[] = [];
  const along = (pass: Home, operand: number, slab: Slab, size: number) => {
    const first = backwards ? 4 * (timesteps - 1) * size : 0;
    moving.push({ pass, operand, slab, first, step: backwards ? -4 * size : 4 * size });
  };
  /** where(mask, fresh, old), or fresh where there is no mask. */
  const choose = (fresh: Slab, old: Slab | undefined, to: Slab, row: number) => {
    const counts = [batch, fresh.dim(1)];
    const steps = stepsOf(counts);
    const target = { slab: to, steps: [row, 1] };
    if (!mask || !old) return emitElementwise(plan, "copy", counts, target, [{ slab: fresh, steps }]);
    const walks = [
      { slab: mask, steps: [timesteps, 0] },
      { slab: fresh, steps },
      { slab: old, steps },
    ];
    const pass = emitElementwise(plan, "select", counts, target, walks);
    along(pass, 1, mask, 1);
    return pass;
  };
  plan.repeat(
    timesteps,
    (k) => {
      for (const { pass, operand, slab, first, step } of moving) {
        moveOperand(plan, pass, operand, slab.ptr + first + k * step);
      }
    },
    () => {
      const from = { slab: x, steps: [timesteps * inputDim, 1] };
      const taken = emitElementwise(plan, "copy", [batch, inputDim], { slab: now, steps: [inputDim, 1] }, [from]);
      along(taken, 1, x, inputDim);
      const made = cell.planStep(plan, now, states);
      const output = outputSteps(walk);
      const written = choose(made.output, previous, y, output.row);
      moving.push({ pass: written, operand: 0, slab: y, first: output.first, step: 4 * output.step });
      if (previous && !walk.zeroOutput) choose(made.output, previous, previous, cell.outputSize);
      made.states.forEach((state, k) => {
        const kept = states[k] as Slab;
        choose(state, kept, kept, kept.dim(1));
      });
    },
  );
  return () => states;
}

/** In a stream, a masked timestep repeats the output of the timestep before, which is kept from run to run. */
function carryOutput(plan: Plan, { y, cell }: Walk, mask: Slab): void {
  const counts = [y.dim(0), cell.outputSize];
  const steps = stepsOf(counts);
  const previous = { slab: plan.state(counts), steps };
  const output = { slab: y, steps };
  emitElementwise(plan, "select", counts, previous, [{ slab: mask, steps: [1, 0] }, output, previous]);
  emitElementwise(plan, "copy", counts, output, [previous]);
}
