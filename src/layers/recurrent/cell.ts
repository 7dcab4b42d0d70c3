/** What a recurrent layer repeats at each timestep. */

import { emitFloat } from "../../ops/copy";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import { Layer, type PlannedCall } from "../layer";
import type { SymbolicShape } from "../symbolic";
import type { StepResult } from "./result";
import { checkStates, plannedStates } from "./states";

/** What one step gives. */
export interface Step {
  readonly output: Slab;
  readonly states: readonly Slab[];
  /** What the cell computed on the way, by the names that people use; only where equations were planned one by one. */
  readonly gates?: Readonly<Record<string, Slab>>;
}

/**
 * One timestep of a recurrent layer, with N states.
 *
 * Called as a layer it takes [batch, inputDim] and `initialState` (zeros when absent), and gives the output and the
 * new states.
 */
export abstract class Cell<N extends number = number> extends Layer<StepResult<N>> {
  /** Width of each state, in order: h before c. */
  abstract readonly stateSizes: readonly number[];
  /** Width of the output. */
  abstract readonly outputSize: number;
  /** Appends the kernel calls of one timestep; x is [batch, inputDim], a state [batch, its width]. */
  abstract planStep(plan: Plan, x: Slab, states: readonly Slab[]): Step;
  /** A new cell of the same configuration, with weights of its own to come. */
  abstract twin(): Cell<N>;

  /** True for cells whose input may have further axes, [batch, …]. */
  get takesAnyRank(): boolean {
    return false;
  }

  /** The cells of a stack, from the first to the last; undefined for a single cell. */
  get stack(): readonly Cell[] | undefined {
    return undefined;
  }

  get stateCount(): N {
    return this.stateSizes.length as N;
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = inputs[0];
    const [batch = null] = this.takesAnyRank && shape ? shape : this.checkRank(shape, 2, "[batch, inputDim]");
    return [this.outputSize, ...this.stateSizes].map((size) => [batch, size]);
  }

  override checkInitialState(
    inputs: readonly SymbolicShape[],
    states: readonly { readonly shape: SymbolicShape }[],
  ): void {
    checkStates(this.name, this.stateSizes, inputs[0]?.[0] ?? null, states);
  }

  override plan(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    const x = inputs[0] as Slab;
    const states = plannedStates(plan, this.name, this.stateSizes, x.dim(0), call.initialState);
    const step = this.planStep(plan, emitFloat(plan, x), states);
    return [step.output, ...step.states];
  }
}
