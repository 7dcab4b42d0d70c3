/** What all recurrent layers share: how a cell is walked over a sequence. */

import { ConfigError, ShapeError, StateError, showShape } from "../../errors";
import { emitFloat } from "../../ops/copy";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import type { Tensor, TensorLike } from "../../tensor";
import { Layer, type PlannedCall, type Result } from "../layer";
import type { LayerOptions } from "../options";
import type { SymbolicShape } from "../symbolic";
import type { Cell } from "./cell";
import { checkStates, Memory, plannedStates } from "./states";
import { planRecurrence } from "./walk";

/** The options of every recurrent layer. */
export interface RecurrentOptions extends LayerOptions {
  /** Give the outputs of all timesteps, [batch, timesteps, units], not of the last alone. Default false. */
  returnSequences?: boolean;
  /** Give the final states after the output. Default false. */
  returnState?: boolean;
  /** Walk from the last timestep to the first; outputs stay in processing order. Default false. */
  goBackwards?: boolean;
  /** Start each call from the states in which the last one ended. Default false. */
  stateful?: boolean;
  /** Without effect; refused where the number of timesteps is unknown, as in Keras. Default false. */
  unroll?: boolean;
  /** Masked timesteps give 0 instead of the output before. Default false. */
  zeroOutputForMask?: boolean;
}

/** Keras' defaults, in its order. */
export const RECURRENT_DEFAULTS = {
  returnSequences: false,
  returnState: false,
  goBackwards: false,
  stateful: false,
  unroll: false,
  zeroOutputForMask: false,
};

type Flags = typeof RECURRENT_DEFAULTS;

export abstract class Recurrent<R extends Result = Result> extends Layer<R> {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly zeroOutputForMask: boolean;
  private readonly unroll: boolean;
  private readonly memory: Memory;

  constructor(
    options: LayerOptions,
    className: string,
    flags: Flags,
    readonly cell: Cell,
  ) {
    super(options, className);
    for (const key of Object.keys(RECURRENT_DEFAULTS) as (keyof Flags)[]) {
      if (typeof flags[key] !== "boolean") {
        throw new ConfigError(`${this.name}.${key}`, "true or false", String(flags[key]));
      }
    }
    this.returnSequences = flags.returnSequences;
    this.returnState = flags.returnState;
    this.goBackwards = flags.goBackwards;
    this.stateful = flags.stateful;
    this.unroll = flags.unroll;
    this.zeroOutputForMask = flags.zeroOutputForMask;
    this.memory = new Memory(this.name);
  }

  override children() {
    return [["cell", this.cell] as const];
  }

  protected override createWeights(inputs: readonly SymbolicShape[]): void {
    const [batch = null, , width = null] = inputs[0] as SymbolicShape;
    this.cell.build([batch, width]);
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = this.checkRank(inputs[0], 3, "[batch, timesteps, features]");
    const [batch = null, timesteps = null] = shape;
    if (timesteps === 0) throw new ShapeError(this.name, "at least one timestep", showShape(shape));
    if (this.unroll && timesteps === null) {
      throw new ShapeError(this.name, "a known number of timesteps to unroll", showShape(shape));
    }
    if (this.stateful && batch === null) {
      throw new ShapeError(
        this.name,
        "a static batch size, because it is stateful (give batchInputShape)",
        showShape(shape),
      );
    }
    if (this.cell.built) this.checkWidth(shape);
    const output = this.cell.outputSize;
    const states = this.returnState ? this.cell.stateSizes.map((size) => [batch, size]) : [];
    return [this.returnSequences ? [batch, timesteps, output] : [batch, output], ...states];
  }

  private checkWidth(shape: SymbolicShape): void {
    const width = this.inputWidth;
    if (width === null || shape[2] === null || shape[2] === width) return;
    throw new ShapeError(this.name, `${width} features, as it was built with`, showShape(shape));
  }

  /** The number of features it was built with. */
  private get inputWidth(): number | null {
    return this.cell.builtFor?.[0]?.[1] ?? null;
  }

  override plan(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    const x = emitFloat(plan, inputs[0] as Slab);
    const mask = (inputs[0] as Slab).mask;
    const [batch, timesteps] = x.shape as [number, number];
    const output = this.cell.outputSize;
    const y = plan.slab(this.returnSequences ? [batch, timesteps, output] : [batch, output]);
    const after = planRecurrence(plan, {
      cell: this.cell,
      x,
      mask,
      backwards: this.goBackwards,
      inPlace: false,
      sequences: this.returnSequences,
      zeroOutput: this.zeroOutputForMask,
      states: this.plannedInitial(plan, batch, call.initialState),
      y,
      column: 0,
    });
    if (this.returnSequences) y.mask = mask;
    if (!this.stateful && !this.returnState) return [y];
    const states = after();
    if (this.stateful) this.memory.store(plan, states);
    return this.returnState ? [y, ...states] : [y];
  }

  /** The states a run begins with: given, remembered, or none, which means zeros. */
  plannedInitial(plan: Plan, batch: number, given: readonly Slab[]): readonly Slab[] | undefined {
    const sizes = this.cell.stateSizes;
    if (given.length > 0) return plannedStates(plan, this.name, sizes, batch, given);
    if (!this.stateful) return undefined;
    const slabs = sizes.map((size) => plan.slab([batch, size]));
    this.memory.load(plan, slabs);
    return slabs;
  }

  /** Keeps the final states of a run, when it is stateful. */
  plannedFinal(plan: Plan, states: readonly Slab[]): void {
    if (this.stateful) this.memory.store(plan, states);
  }

  /** Copies of the states that a stateful layer carries, or null before its first call. */
  get states(): Tensor[] | null {
    return this.memory.read(this.cell.stateSizes);
  }

  /**
   * Forgets the states, or sets them.
   * @param states One flat list, each [batch, size].
   * @throws {StateError} when states are given to a layer that is not stateful.
   */
  resetStates(states?: readonly TensorLike[]): void {
    if (!this.stateful) {
      if (states) throw new StateError(`${this.name}.resetStates`, "a stateful layer", "one that is not");
      return;
    }
    this.memory.reset(this.cell.stateSizes, states);
  }

  /** Refuses states that do not fit the cell; for symbolic calls. */
  checkInitialState(batch: number | null, states: readonly { readonly shape: SymbolicShape }[]): void {
    checkStates(this.name, this.cell.stateSizes, batch, states);
  }
}
