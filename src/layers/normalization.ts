/** Inputs brought to mean 0 and variance 1 with statistics that are part of the model. */

import { ConfigError, show, showShape } from "../errors";
import { getInitializer } from "../initializers";
import { broadcastShape, emitBroadcast } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { Tensor } from "../tensor";
import { type ArrayOption, arrayOption } from "./constants";
import { configOf, type LayerOptions, readOptions } from "./options";
import { axesOption, axisOf, knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import { Unary } from "./unary";
import type { Weight } from "./weight";

/** Options of {@link normalization}. */
export interface NormalizationOptions extends LayerOptions {
  /** The axes that have statistics of their own; null for one mean of everything. Default -1. */
  axis?: number | readonly number[] | null;
  /** Given together, or not at all: then they are weights. */
  mean?: ArrayOption | null;
  variance?: ArrayOption | null;
  /** Takes normalized numbers back to what they were. Default false. */
  invert?: boolean;
}

const DEFAULTS = {
  axis: -1 as number | readonly number[] | null,
  invert: false,
  mean: null as ArrayOption | null,
  variance: null as ArrayOption | null,
};

/** The smallest deviation that is divided by. */
const EPSILON = 1e-7;

/** Mean and deviation with the axes of the input, 1 where they do not depend on it. */
interface Statistics {
  readonly shape: readonly number[];
  readonly mean: () => ArrayLike<number>;
  readonly variance: () => ArrayLike<number>;
}

/**
 * y = (x − mean) / max(√variance, 1e-7); inverted, x · max(√variance, 1e-7) + mean.
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask
 * Weights  mean, variance: the lengths of the axes; count. None when mean and variance are options.
 *
 * @throws {ConfigError} when one of `mean` and `variance` is given, or they differ in shape.
 * @throws {ShapeError} when an axis is missing or of unknown length.
 * @see Keras 3, `Normalization`.
 *
 * @example
 * layers.normalization({ mean: [1, 2], variance: [4, 4] }).apply([[3, 2]]).toArray(); // [[1, 0]]
 */
export class Normalization extends Unary {
  readonly className: string = "Normalization";
  private readonly options: typeof DEFAULTS;
  private readonly axes: readonly number[];
  private readonly given: { readonly mean: Tensor; readonly variance: Tensor } | undefined;
  private statistics: Weight[] | undefined;

  constructor(options: NormalizationOptions = {}) {
    const read = readOptions("normalization", options, DEFAULTS);
    super(options, "Normalization");
    const empty = read.axis === null || (Array.isArray(read.axis) && read.axis.length === 0);
    this.axes = empty ? [] : axesOption(`${this.name}.axis`, read.axis);
    this.options = { ...read, axis: this.axes };
    if ((read.mean === null) !== (read.variance === null)) {
      throw new ConfigError(
        `${this.name}.mean`,
        "mean and variance together",
        `${show(read.mean)} and ${show(read.variance)}`,
      );
    }
    if (read.mean === null) return;
    const mean = arrayOption(`${this.name}.mean`, read.mean);
    const variance = arrayOption(`${this.name}.variance`, read.variance);
    if (String(mean.shape) !== String(variance.shape) || mean.shape.length > this.axes.length) {
      const wanted = `two arrays of one shape, of at most ${this.axes.length} axes`;
      throw new ConfigError(`${this.name}.mean`, wanted, `${showShape(mean.shape)} and ${showShape(variance.shape)}`);
    }
    this.given = { mean, variance };
  }

  override get pointwise(): boolean {
    const rank = this.builtFor?.[0]?.length;
    return rank !== undefined && !this.kept(rank).includes(1);
  }

  /** The axes from the front, ascending. */
  private kept(rank: number): readonly number[] {
    return this.axes.map((axis) => axisOf(this.name, axis, rank)).sort((a, b) => a - b);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    this.kept(shape.length).forEach((axis, k) => {
      knownLength(this.name, shape, axis, this.statistics?.[0]?.shape[k]);
    });
    return [shape];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    if (this.given) return;
    const lengths = this.kept((shape as SymbolicShape).length).map((axis) => (shape as number[])[axis] as number);
    const weight = (name: string, of: readonly number[], start: string) =>
      this.addWeight(name, of, getInitializer(this.name, start), false);
    this.statistics = [
      weight("mean", lengths, "zeros"),
      weight("variance", lengths, "ones"),
      weight("count", [], "zeros"),
    ];
  }

  /** Where mean and variance come from, for inputs of this shape. */
  private statisticsFor(shape: readonly number[]): Statistics {
    const kept = this.kept(shape.length);
    const { given, statistics } = this;
    if (!given) {
      const [mean, variance] = statistics as [Weight, Weight, Weight];
      const aligned = shape.map((d, axis) => (kept.includes(axis) ? d : 1));
      return { shape: aligned, mean: () => mean.data, variance: () => variance.data };
    }
    // The axes of what was given belong to the last of the kept ones.
    const own = given.mean.shape;
    const aligned = shape.map((_, axis) => own[kept.indexOf(axis) - kept.length + own.length] ?? 1);
    broadcastShape(this.name, [aligned, shape]);
    return { shape: aligned, mean: () => given.mean.data, variance: () => given.variance.data };
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const { shape, mean, variance } = this.statisticsFor(x.shape);
    const key = shape.join("x");
    const centre = plan.constant(this, `mean ${key}`, shape, mean);
    const deviation = plan.constant(this, `deviation ${key}`, shape, () =>
      Float32Array.from(variance(), (v) => Math.max(Math.sqrt(v), EPSILON)),
    );
    if (this.options.invert) {
      return emitBroadcast(plan, "add", [emitBroadcast(plan, "multiply", [x, deviation]), centre]);
    }
    return emitBroadcast(plan, "divide", [emitBroadcast(plan, "subtract", [x, centre]), deviation]);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link Normalization}. */
export function normalization(options?: NormalizationOptions): Normalization {
  return new Normalization(options);
}
