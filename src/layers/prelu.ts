/** The parametric rectifier. */

import { getInitializer, type InitializerOption } from "../initializers";
import { emitBroadcast } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { configOf, type LayerOptions, readOptions } from "./options";
import { axesOption, axisOf, knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import { Unary } from "./unary";
import type { Weight } from "./weight";

/** Options of {@link prelu}. */
export interface PReLUOptions extends LayerOptions {
  /** Default `zeros`. */
  alphaInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  alphaRegularizer?: unknown;
  alphaConstraint?: unknown;
  /** Axes (1 is the first behind the batch) along which one slope is shared. */
  sharedAxes?: number | readonly number[] | null;
}

const DEFAULTS = {
  alphaInitializer: "zeros" as InitializerOption,
  alphaRegularizer: null as unknown,
  alphaConstraint: null as unknown,
  sharedAxes: null as number | readonly number[] | null,
};

/**
 * x, or alpha · x below 0, with a slope for each place.
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask
 * Weights  alpha: the shape of a sample, with 1 at the shared axes
 *
 * @throws {ShapeError} when an axis that is not shared is not known or not as it was built.
 * @see He et al. 2015; Keras 3, `PReLU`.
 *
 * @example
 * const half = initializers.constant({ value: 0.5 });
 * layers.prelu({ alphaInitializer: half }).apply([[-2, 2]]).toArray(); // [[-1, 2]]
 */
export class PReLU extends Unary {
  readonly className: string = "PReLU";
  private readonly options: typeof DEFAULTS;
  private readonly shared: readonly number[];
  private alpha!: Weight;

  constructor(options: PReLUOptions = {}) {
    const read = readOptions("prelu", options, DEFAULTS);
    super(options, "PReLU");
    this.shared = read.sharedAxes === null ? [] : axesOption(`${this.name}.sharedAxes`, read.sharedAxes);
    this.options = { ...read, sharedAxes: read.sharedAxes === null ? null : this.shared };
  }

  override get pointwise(): boolean {
    const rank = this.builtFor?.[0]?.length;
    return rank !== undefined && this.isShared(1, rank);
  }

  private isShared(axis: number, rank: number): boolean {
    return this.shared.some((shared) => axisOf(this.name, shared, rank) === axis);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    for (let axis = 1; axis < shape.length; axis++) {
      if (!this.isShared(axis, shape.length)) knownLength(this.name, shape, axis, this.alpha?.shape[axis - 1]);
    }
    return [shape];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const { length } = shape as SymbolicShape;
    const slopes = (shape as number[]).slice(1).map((d, k) => (this.isShared(k + 1, length) ? 1 : d));
    const initializer = getInitializer(`${this.name}.alphaInitializer`, this.options.alphaInitializer);
    this.alpha = this.addWeight("alpha", slopes, initializer);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const slopes = plan.constant(this, "alpha", this.alpha.shape, () => this.alpha.data);
    return emitBroadcast(plan, "prelu", [x, slopes]);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link PReLU}. */
export function prelu(options?: PReLUOptions): PReLU {
  return new PReLU(options);
}
