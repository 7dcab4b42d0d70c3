/** Normalization of each sample by itself. */

import { UnsupportedError } from "../errors";
import { emitTranspose } from "../ops/copy";
import { emitNormalizeRows } from "../ops/norm";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { GAIN_AND_BIAS, GainAndBias, type GainAndBiasOptions } from "./gain_and_bias";
import { configOf, readOptions } from "./options";
import { axesOption, axisOf, knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";

/** Options of {@link layerNormalization}. */
export interface LayerNormalizationOptions extends GainAndBiasOptions {
  /** The axes that are normalized together. Default -1. */
  axis?: number | readonly number[];
  /** Divides by the deviation, but leaves the mean in, and has no beta. Default false. */
  rmsScaling?: boolean;
}

const DEFAULTS = () => ({
  axis: -1 as number | readonly number[],
  epsilon: 0.001,
  center: true,
  scale: true,
  rmsScaling: false,
  ...GAIN_AND_BIAS,
});

/**
 * y = gamma · (x − μ) / √(σ² + epsilon) + beta with mean and variance over some axes.
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask
 * Weights  gamma, beta: the lengths of the axes
 *
 * @throws {ShapeError} when an axis is missing, of unknown length or not as it was built.
 * @throws {UnsupportedError} when an axis is that of the batch.
 * @see Ba, Kiros & Hinton 2016; Keras 3, `LayerNormalization`.
 *
 * @example
 * layers.layerNormalization({ epsilon: 0 }).apply([[1, 3]]).toArray(); // [[-1, 1]]
 */
export class LayerNormalization extends GainAndBias {
  readonly className: string = "LayerNormalization";
  private readonly options: ReturnType<typeof DEFAULTS>;

  constructor(options: LayerNormalizationOptions = {}) {
    const read = readOptions("layerNormalization", options, DEFAULTS());
    super(options, "LayerNormalization", read);
    this.options = read;
    axesOption(`${this.name}.axis`, read.axis);
  }

  override get pointwise(): boolean {
    const rank = this.builtFor?.[0]?.length;
    return rank !== undefined && !this.axes(rank).includes(1);
  }

  /** The axes as Keras sorts them, negative ones first: the order of the weights' axes. */
  private written(): readonly number[] {
    return [...axesOption(`${this.name}.axis`, this.options.axis)].sort((a, b) => a - b);
  }

  /** The axes from the front, ascending. */
  private axes(rank: number): readonly number[] {
    const axes = this.written().map((axis) => axisOf(this.name, axis, rank));
    if (axes.includes(0)) throw new UnsupportedError(`${this.name}.axis`, "axes within a sample", "the batch axis");
    return axes.sort((a, b) => a - b);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    this.axes(shape.length);
    const built = this.gamma ?? this.beta;
    this.written().forEach((axis, k) => {
      knownLength(this.name, shape, axis, built?.shape[k]);
    });
    return [shape];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const lengths = this.written().map((axis) => (shape as SymbolicShape).at(axis) as number);
    const { scale, center, rmsScaling } = this.options;
    if (scale || rmsScaling) this.addGamma(lengths);
    if (center && !rmsScaling) this.addBeta(lengths);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const axes = this.axes(x.shape.length);
    const columns = axes.reduce((size, axis) => size * x.dim(axis), 1);
    const constant = (key: string, weight: Weight | undefined) =>
      weight && plan.constant(this, key, [columns], () => weight.data);
    const { epsilon, rmsScaling: uncentred } = this.options;
    const [gamma, beta] = [constant("gamma", this.gamma), constant("beta", this.beta)];
    const order = [...[...x.shape.keys()].filter((axis) => !axes.includes(axis)), ...axes];
    const norm = { epsilon, gamma, beta, uncentred };
    if (order.every((axis, k) => axis === k)) return emitNormalizeRows(plan, x, columns, norm);
    const y = emitNormalizeRows(plan, emitTranspose(plan, x, order), columns, norm);
    return emitTranspose(
      plan,
      y,
      order.map((_, k) => order.indexOf(k)),
    );
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link LayerNormalization}. */
export function layerNormalization(options?: LayerNormalizationOptions): LayerNormalization {
  return new LayerNormalization(options);
}
