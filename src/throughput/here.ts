/** The model of a pool in the thread that made it, on the memory that the workers share. */

import { Plans } from "../layers/plans";
import { one } from "../models/batches";
import { everyLayer } from "../models/every_layer";
import type { Model } from "../models/model";
import type { Tensor } from "../tensor";
import type { SharedEngine } from "../wasm/shared_engine";
import { type PackedWeights, packedWeights } from "./packed_weights";

export class Here {
  /** What it has packed for all threads. */
  readonly packed: PackedWeights;
  private readonly plans: Plans;
  private readonly versions: readonly (readonly [layer: { readonly version: number }, version: number])[];

  constructor(
    private readonly model: Model,
    readonly engine: SharedEngine,
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

  private run(inputs: readonly Tensor[]): readonly Tensor[] {
    return this.model.runBy(this.plans, this.engine, inputs);
  }

  free(): void {
    this.plans.clear();
  }
}
