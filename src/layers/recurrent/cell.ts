/** What a recurrent layer repeats at each timestep. */

import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import type { Tensor } from "../../tensor";
import { Layer, type PlannedCall, type Result } from "../layer";
import type { SymbolicShape, SymbolicTensor } from "../symbolic";
import { plannedStates } from "./states";

/** What one step gives. */
export interface Step {
  readonly output: Slab;
  readonly states: readonly Slab[];
}

/** The output and the states, one after another. */
export interface CellResult extends Result {
  symbolic: SymbolicTensor[];
  concrete: Tensor[];
}

/**
 * One timestep of a recurrent layer.
 *
 * Called as a layer it takes [batch, inputDim] and `initialState` (zeros when absent), and gives the output and the
 * new states.
 */
export abstract class Cell extends Layer<CellResult> {
  /** Width of each state, in order: h before c. */
  abstract readonly stateSizes: readonly number[];
  /** Width of the output. */
  abstract readonly outputSize: number;
  /** Appends the kernel calls of one timestep; x is [batch, inputDim], a state [batch, its width]. */
  abstract planStep(plan: Plan, x: Slab, states: readonly Slab[]): Step;

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [batch = null] = this.checkRank(inputs[0], 2, "[batch, inputDim]");
    return [this.outputSize, ...this.stateSizes].map((size) => [batch, size]);
  }

  override plan(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    const x = inputs[0] as Slab;
    const step = this.planStep(plan, x, plannedStates(plan, this.name, this.stateSizes, x.dim(0), call.initialState));
    return [step.output, ...step.states];
  }
}
