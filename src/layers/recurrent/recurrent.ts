/** What all recurrent layers share: how a cell is walked over a sequence. */

import { ShapeError, StateError, showShape, UnsupportedError } from "../../errors";
import { emitFloat } from "../../ops/copy";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import type { Tensor, TensorLike } from "../../tensor";
import { Layer, type PlannedCall } from "../layer";
import { configOf } from "../options";
import type { SymbolicShape } from "../symbolic";
import type { Cell } from "./cell";
import { type AnyRecurrentOptions, checkedFlags, type Flags, layerOptions, type RecurrentOptions } from "./options";
import type { SequenceResult } from "./result";
import { checkStates, Memory, plannedStates } from "./states";
import { hasKernel, planRecurrence } from "./walk";

/** Where a walk writes its outputs: columns from `column` on, timesteps from the last place to the first if `flip`. */
export interface Destination {
  readonly y: Slab;
  readonly column: number;
  readonly flip: boolean;
}

/** The base of layers made with options O that have N states. */
export abstract class Recurrent<O extends object = AnyRecurrentOptions, N extends number = number> extends Layer<
  SequenceResult<O, N>
> {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  private readonly unroll: boolean;
  private readonly memory: Memory;

  /**
   * @param given The options as they were typed.
   * @param options The same with defaults, in the order of Keras' configuration.
   */
  constructor(
    readonly given: O,
    className: string,
    private readonly options: Flags,
    readonly cell: Cell,
  ) {
    super(layerOptions(given), className);
    const flags = checkedFlags(this.name, options);
    this.returnSequences = flags.returnSequences;
    this.returnState = flags.returnState;
    this.goBackwards = flags.goBackwards;
    this.stateful = flags.stateful;
    this.unroll = flags.unroll;
    this.memory = new Memory(this.name, cell.stateSizes);
  }

  /** Masked timesteps give 0, not the output before. A bidirectional wrapper decides it for its two layers. */
  get zeroOutputForMask(): boolean {
    return this.options.zeroOutputForMask;
  }

  set zeroOutputForMask(value: boolean) {
    this.options.zeroOutputForMask = value;
  }

  get stateCount(): N {
    return this.cell.stateSizes.length as N;
  }

  /** A new layer of the same configuration but for `changes`, with weights of its own to come. */
  twin(changes: RecurrentOptions): this {
    const Class = this.constructor as new (options: object) => this;
    return new Class({ ...this.given, ...changes });
  }

  override children() {
    return [["cell", this.cell] as const];
  }

  protected override createWeights(inputs: readonly SymbolicShape[]): void {
    const [batch = null, , ...features] = inputs[0] as SymbolicShape;
    this.cell.build([batch, ...features]);
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = this.checkedShape(inputs[0]);
    const [batch = null, timesteps = null] = shape;
    const refuse = (expected: string) => new ShapeError(this.name, expected, showShape(shape));
    if (timesteps === 0) throw refuse("at least one timestep");
    if (this.unroll && timesteps === null) throw refuse("a known number of timesteps to unroll");
    if (this.stateful && batch === null) {
      throw refuse("a static batch size, because it is stateful (give batchInputShape)");
    }
    const built = this.cell.builtFor?.[0]?.slice(1) ?? [];
    const differs = (d: number | null, axis: number) => d !== null && (shape[axis + 2] ?? d) !== d;
    if (built.some(differs)) throw refuse(`${built.join(" × ")} features, as it was built with`);
    const output = this.cell.outputSize;
    const states = this.returnState ? this.cell.stateSizes.map((size) => [batch, size]) : [];
    return [this.returnSequences ? [batch, timesteps, output] : [batch, output], ...states];
  }

  private checkedShape(shape: SymbolicShape | undefined): SymbolicShape {
    if (this.cell.takesAnyRank && shape && shape.length > 3) return shape;
    return this.checkRank(shape, 3, "[batch, timesteps, features]");
  }

  override checkInitialState(
    inputs: readonly SymbolicShape[],
    states: readonly { readonly shape: SymbolicShape }[],
  ): void {
    checkStates(this.name, this.cell.stateSizes, inputs[0]?.[0] ?? null, states);
  }

  override plan(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    const x = inputs[0] as Slab;
    const y = this.outputSlab(plan, x);
    const states = this.planSequence(plan, x, call.initialState, { y, column: 0, flip: false });
    if (this.returnSequences) y.mask = x.mask;
    return [y, ...states];
  }

  /** Room for the output for an input, in rows of `width` floats. */
  outputSlab(plan: Plan, x: Slab, width: number = this.cell.outputSize): Slab {
    const [batch, timesteps] = x.shape as [number, number];
    return plan.slab(this.returnSequences ? [batch, timesteps, width] : [batch, width]);
  }

  /** Appends the walk over a sequence; gives the final states if the layer returns them, else none. */
  planSequence(plan: Plan, input: Slab, initialState: readonly Slab[], to: Destination): readonly Slab[] {
    const walk = this.walkOver(emitFloat(plan, input), to);
    const after = planRecurrence(plan, { ...walk, start: this.start(plan, input.dim(0), initialState) });
    if (!this.stateful && !this.returnState) return [];
    const states = after();
    if (this.stateful) this.memory.store(plan, states);
    return this.returnState ? states : [];
  }

  override planStream(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    if (this.goBackwards || call.initialState.length > 0) {
      const got = this.goBackwards ? "goBackwards" : "initialState";
      throw new UnsupportedError(`stream, ${this.name}`, "a layer that goes forwards from its own states", got);
    }
    const input = inputs[0] as Slab;
    const y = this.outputSlab(plan, input);
    const walk = this.walkOver(emitFloat(plan, input), { y, column: 0, flip: false });
    const after = planRecurrence(plan, { ...walk, start: "carried" });
    y.timed = this.returnSequences;
    if (this.returnSequences) y.mask = input.mask;
    return this.returnState ? [y, ...after()] : [y];
  }

  /** True when the whole sequence is one call of a kernel. */
  get isOneCall(): boolean {
    return hasKernel(this.cell);
  }

  private walkOver(x: Slab, to: Destination) {
    const { cell, goBackwards: backwards, returnSequences: sequences, zeroOutputForMask: zeroOutput } = this;
    return { cell, x, mask: this.stepMask(x), backwards, sequences, zeroOutput, ...to };
  }

  /** The mask as [batch, timesteps]; a last axis of one element is dropped. */
  private stepMask({ shape, mask }: Slab): Slab | undefined {
    const [batch, timesteps] = shape as [number, number];
    if (mask === undefined || mask.size === batch * timesteps) return mask?.view([batch, timesteps]);
    throw new ShapeError(`${this.name}, mask`, showShape([batch, timesteps]), showShape(mask.shape));
  }

  /** The states with which a run begins: given, remembered, or none, which means zeros. */
  private start(plan: Plan, batch: number, given: readonly Slab[]): readonly Slab[] | "zeros" {
    if (this.stateful) this.memory.guard(plan, batch);
    if (given.length > 0) return plannedStates(plan, this.name, this.cell.stateSizes, batch, given);
    return this.stateful ? this.memory.load(plan, batch) : "zeros";
  }

  /** Copies of the states that a stateful layer carries, or null before its first call. */
  get states(): Tensor[] | null {
    return this.memory.read();
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
    this.memory.reset(states);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}
