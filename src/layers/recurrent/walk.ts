/** A cell over a sequence: one kernel call where the cell has a kernel, else step by step. */

import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import type { Cell } from "./cell";
import { KernelCell, planWalk, type Walk } from "./kernel_cell";

/** A walk of any cell. */
export type Recurrence = Omit<Walk, "cell"> & { readonly cell: Cell };

/** Appends the steps of a whole sequence; the result gives the final states, each [batch, size]. */
export function planRecurrence(plan: Plan, walk: Recurrence): () => readonly Slab[] {
  const { cell } = walk;
  if (cell instanceof KernelCell && cell.hasKernel) return planWalk(plan, { ...walk, cell });
  return walkSteps(plan, walk);
}

function walkSteps(_plan: Plan, _walk: Recurrence): () => readonly Slab[] {
  throw new Error("not there yet");
}
