/** Normalization of groups of channels, each sample by itself. */

import { ConfigError, ShapeError, show, showShape, UnsupportedError } from "../errors";
import { emitTranspose } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitNormalizeRows, emitScaleShift } from "../ops/norm";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { sizeOf } from "../tensor";
import { GAIN_AND_BIAS, GainAndBias, type GainAndBiasOptions } from "./gain_and_bias";
import { configOf, readOptions } from "./options";
import { axisOf, knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** Options of {@link groupNormalization}. */
export interface GroupNormalizationOptions extends GainAndBiasOptions {
  /** How many groups; -1 makes each channel one. Default 32. */
  groups?: number;
  /** The axis of the channels. Default -1. */
  axis?: number;
}

const DEFAULTS = () => ({ groups: 32, axis: -1, epsilon: 0.001, center: true, scale: true, ...GAIN_AND_BIAS });

/**
 * y = gamma · (x − μ) / √(σ² + epsilon) + beta with mean and variance of each group over all positions.
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask
 * Weights  gamma, beta: [channels]
 *
 * @throws {ConfigError} when `groups` is neither positive nor -1.
 * @throws {ShapeError} when the channels are unknown, cannot be cut into groups or are not as it was built.
 * @see Wu & He 2018; Keras 3, `GroupNormalization`.
 *
 * @example
 * layers.groupNormalization({ groups: 1, epsilon: 0 }).apply([[1, 3]]).toArray(); // [[-1, 1]]
 */
export class GroupNormalization extends GainAndBias {
  readonly className: string = "GroupNormalization";
  private readonly options: ReturnType<typeof DEFAULTS>;
  private channels: number | undefined;

  constructor(options: GroupNormalizationOptions = {}) {
    const read = readOptions("groupNormalization", options, DEFAULTS());
    super(options, "GroupNormalization", read);
    this.options = read;
    const { groups, axis } = read;
    if (!Number.isSafeInteger(groups) || (groups < 1 && groups !== -1)) {
      throw new ConfigError(`${this.name}.groups`, "a positive integer, or -1", show(groups));
    }
    if (!Number.isSafeInteger(axis)) throw new ConfigError(`${this.name}.axis`, "a whole number", show(axis));
  }

  /** Statistics are those of all positions. */
  override get pointwise(): boolean {
    return false;
  }

  private axis(rank: number): number {
    const axis = axisOf(this.name, this.options.axis, rank);
    if (axis === 0) throw new UnsupportedError(`${this.name}.axis`, "an axis within a sample", "the batch axis");
    return axis;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    const channels = knownLength(this.name, shape, this.axis(shape.length), this.channels);
    const groups = this.options.groups === -1 ? channels : this.options.groups;
    if (channels !== null && channels % (groups as number) !== 0) {
      throw new ShapeError(this.name, `channels that make ${groups} groups`, showShape(shape));
    }
    return [shape];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const channels = (shape as SymbolicShape).at(this.options.axis) as number;
    this.channels = channels;
    if (this.options.scale) this.addGamma([channels]);
    if (this.options.center) this.addBeta([channels]);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const axis = this.axis(x.shape.length);
    const channels = x.dim(axis);
    const groups = this.options.groups === -1 ? channels : this.options.groups;
    const [before, after] = [sizeOf(x.shape.slice(1, axis)), sizeOf(x.shape.slice(axis + 1))];
    const { epsilon } = this.options;
    // [batch, before, groups, size, after] → [batch, groups, before, size, after] and back.
    const apart = x.view([x.dim(0), before, groups, channels / groups, after]);
    const swap = [0, 2, 1, 3, 4];
    const moved = before > 1 && groups > 1;
    const rows = moved ? emitTranspose(plan, apart, swap) : apart;
    const even = emitNormalizeRows(plan, rows, (before * channels * after) / groups, { epsilon });
    const y = (moved ? emitTranspose(plan, even, swap) : even).view(x.shape);
    return this.emitGainAndBias(plan, y, after);
  }

  private emitGainAndBias(plan: Plan, x: Slab, after: number): Slab {
    const { gamma, beta } = this;
    const channels = this.channels as number;
    const constant = (key: string, values: () => Float32Array) => plan.constant(this, key, [channels], values);
    if (after === 1 && gamma && beta) {
      return emitScaleShift(
        plan,
        x.view([x.size / channels, channels]),
        constant("gamma", () => gamma.data),
        constant("beta", () => beta.data),
      ).view(x.shape);
    }
    const along = x.view([x.size / channels / after, channels, after]);
    const aligned = (key: string, values: () => Float32Array) => constant(key, values).view([channels, 1]);
    const scaled = gamma ? emitBroadcast(plan, "multiply", [along, aligned("gamma", () => gamma.data)]) : along;
    const shifted = beta ? emitBroadcast(plan, "add", [scaled, aligned("beta", () => beta.data)]) : scaled;
    return shifted.view(x.shape);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link GroupNormalization}. */
export function groupNormalization(options?: GroupNormalizationOptions): GroupNormalization {
  return new GroupNormalization(options);
}
