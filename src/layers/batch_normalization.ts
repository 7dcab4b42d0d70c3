/** Normalization with the statistics of training. */

import { ConfigError, show } from "../errors";
import { getInitializer, type InitializerOption } from "../initializers";
import { emitBroadcast } from "../ops/elementwise";
import { emitScaleShift } from "../ops/norm";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { configOf, finiteNumber, type LayerOptions, readOptions } from "./options";
import { axisOf, knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import { Unary } from "./unary";
import type { Weight } from "./weight";

/** Options of {@link batchNormalization}. */
export interface BatchNormalizationOptions extends LayerOptions {
  /** The axis that has statistics of its own. Default -1. */
  axis?: number;
  /** Kept for the configuration: how fast training moves the statistics. Default 0.99. */
  momentum?: number;
  /** Added to the variance. Default 0.001. */
  epsilon?: number;
  /** Whether there is a beta. Default true. */
  center?: boolean;
  /** Whether there is a gamma. Default true. */
  scale?: boolean;
  betaInitializer?: InitializerOption;
  gammaInitializer?: InitializerOption;
  movingMeanInitializer?: InitializerOption;
  movingVarianceInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  betaRegularizer?: unknown;
  gammaRegularizer?: unknown;
  betaConstraint?: unknown;
  gammaConstraint?: unknown;
  synchronized?: boolean;
  /** Adds three weights that only training reads. Default false. */
  renorm?: boolean;
  renormClipping?: unknown;
  renormMomentum?: number;
}

const DEFAULTS = {
  axis: -1,
  momentum: 0.99,
  epsilon: 0.001,
  center: true,
  scale: true,
  betaInitializer: "zeros" as InitializerOption,
  gammaInitializer: "ones" as InitializerOption,
  movingMeanInitializer: "zeros" as InitializerOption,
  movingVarianceInitializer: "ones" as InitializerOption,
  betaRegularizer: null as unknown,
  gammaRegularizer: null as unknown,
  betaConstraint: null as unknown,
  gammaConstraint: null as unknown,
  synchronized: false,
  renorm: false,
  renormClipping: null as unknown,
  renormMomentum: 0.99,
};

type StartKey = "betaInitializer" | "gammaInitializer" | "movingMeanInitializer" | "movingVarianceInitializer";

/**
 * y = gamma · (x − mean) / √(variance + epsilon) + beta, as one scale and one shift.
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask
 * Weights  gamma, beta, moving_mean, moving_variance: [length of the axis] each
 *
 * @throws {ShapeError} when the axis is missing, of unknown length or not as it was built.
 * @see Ioffe & Szegedy 2015; Keras 3, `BatchNormalization`.
 *
 * @example
 * layers.batchNormalization({ epsilon: 0 }).apply([[1, 2]]).toArray(); // [[1, 2]]
 */
export class BatchNormalization extends Unary {
  readonly className: string = "BatchNormalization";
  private readonly options: typeof DEFAULTS;
  private gamma: Weight | undefined;
  private beta: Weight | undefined;
  private mean!: Weight;
  private variance!: Weight;

  constructor(options: BatchNormalizationOptions = {}) {
    const read = readOptions("batchNormalization", options, DEFAULTS);
    super(options, "BatchNormalization");
    this.options = read;
    if (!Number.isSafeInteger(read.axis)) throw new ConfigError(`${this.name}.axis`, "a whole number", show(read.axis));
    finiteNumber(`${this.name}.epsilon`, read.epsilon, 0);
  }

  override get pointwise(): boolean {
    const rank = this.builtFor?.[0]?.length;
    return rank !== undefined && axisOf(this.name, this.options.axis, rank) !== 1;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    knownLength(this.name, shape, axisOf(this.name, this.options.axis, shape.length), this.mean?.size);
    return [shape];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const length = (shape as SymbolicShape).at(this.options.axis) as number;
    const weight = (name: string, key: StartKey, trainable: boolean) =>
      this.addWeight(name, [length], getInitializer(`${this.name}.${key}`, this.options[key]), trainable);
    if (this.options.scale) this.gamma = weight("gamma", "gammaInitializer", true);
    if (this.options.center) this.beta = weight("beta", "betaInitializer", true);
    this.mean = weight("moving_mean", "movingMeanInitializer", false);
    this.variance = weight("moving_variance", "movingVarianceInitializer", false);
    if (!this.options.renorm) return;
    const deviation = getInitializer(`${this.name}.movingVarianceInitializer`, this.options.movingVarianceInitializer);
    const root = (of: readonly number[]) => deviation(of).map(Math.sqrt);
    this.addWeight("moving_stddev", [length], root, false);
    weight("renorm_mean", "movingMeanInitializer", false);
    this.addWeight("renorm_stddev", [length], root, false);
  }

  /** What multiplies an element: gamma / √(variance + epsilon). */
  private factor(k: number): number {
    return (this.gamma?.data[k] ?? 1) / Math.sqrt((this.variance.data[k] as number) + this.options.epsilon);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const { length } = x.shape;
    const axis = axisOf(this.name, this.options.axis, length);
    const { size } = this.mean;
    const constant = (key: string, value: (k: number) => number) =>
      plan.constant(this, key, [size], () => Float32Array.from({ length: size }, (_, k) => value(k)));
    const scale = constant("scale", (k) => this.factor(k));
    const shift = constant("shift", (k) => (this.beta?.data[k] ?? 0) - (this.mean.data[k] as number) * this.factor(k));
    if (axis === length - 1) return emitScaleShift(plan, x, scale, shift);
    const along = [size, ...new Array<number>(length - 1 - axis).fill(1)];
    return emitBroadcast(plan, "add", [emitBroadcast(plan, "multiply", [x, scale.view(along)]), shift.view(along)]);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link BatchNormalization}. */
export function batchNormalization(options?: BatchNormalizationOptions): BatchNormalization {
  return new BatchNormalization(options);
}
