/** The model of a pool in the thread that made it, on the memory that the workers share. */

import { StateError } from "../errors";
import { Plans } from "../layers/plans";
import { arraysFor, type BatchOptions, concatenated, one } from "../models/batches";
import { everyLayer } from "../models/every_layer";
import type { Model } from "../models/model";
import type { Plan } from "../ops/plan";
import type { Tensor } from "../tensor";
import type { SharedEngine } from "../wasm/shared_engine";
import { type PackedWeights, packedWeights } from "./packed_weights";

export class Here {
  /** What it has packed for all threads. */
  readonly packed: PackedWeights;
  private readonly plans: Plans;
  private readonly streamPlans = new Map<number, Plan>();
  private readonly versions: readonly (readonly [layer: { readonly version: number }, version: number])[];
  private trivial: Plan | undefined;
  private isFreed = false;

  constructor(
    private readonly model: Model,
    readonly engine: SharedEngine,
    private readonly where: string,
  ) {
    this.plans = new Plans(model);
    this.packed = packedWeights(model, engine, (inputs) => this.run(inputs));
    this.versions = everyLayer(model).map((layer) => [layer, layer.version]);
  }

  /** False once somebody has changed the weights: a pool has those that the model had when it was made. */
  get isCurrent(): boolean {
    for (const [layer, version] of this.versions) if (layer.version !== version) return false;
    return true;
  }

  predict(inputs: readonly Tensor[]): unknown {
    return one(this.run(inputs));
  }

  /** From now on calls for inputs of these shapes are {@link trivially} done. */
  noteTrivial(inputs: readonly Tensor[]): void {
    this.trivial = this.plans.forInputs(this.engine, inputs);
  }

  /** The short way for the smallest calls, which are over before all is looked at; undefined for others. */
  trivially(x: Tensor, out: BatchOptions["out"]): readonly Tensor[] | undefined {
    const plan = this.plans.forInputs(this.engine, [x]);
    if (plan === undefined || plan !== this.trivial || !this.isCurrent) return undefined;
    return this.execute(plan, [x], out);
  }

  /** @param out Arrays that the results go to. @throws {ArgumentError} when they are not for these results. */
  run(inputs: readonly Tensor[], out?: BatchOptions["out"]): readonly Tensor[] {
    const plan = out && this.plans.forInputs(this.engine, inputs);
    if (plan) return this.execute(plan, inputs, out);
    const results = this.model.runBy(this.plans, this.engine, inputs);
    return out ? concatenated([results], arraysFor(this.where, out, results)) : results;
  }

  private execute(plan: Plan, inputs: readonly Tensor[], out: BatchOptions["out"]): readonly Tensor[] {
    const data = inputs.map((t) => t.data);
    return plan.execute(data, out && arraysFor(this.where, out, plan.outputs));
  }

  /** The plan of one timestep of `batch` streams. */
  streamPlan(batch: number): Plan {
    const known = this.streamPlans.get(batch) ?? this.model.newStreamPlan(this.engine, batch);
    this.streamPlans.set(batch, known);
    return known;
  }

  /** @throws {StateError} when the pool was closed, or its model has other weights by now. */
  check(where: string): void {
    if (this.isFreed) throw new StateError(where, "a pool in use", "one that was closed");
    if (!this.isCurrent) throw new StateError(where, "the weights that the pool was made with", "others");
  }

  free(): void {
    this.isFreed = true;
    this.plans.clear();
    for (const plan of this.streamPlans.values()) plan.free();
    this.streamPlans.clear();
  }
}
