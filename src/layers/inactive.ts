/** Layers that act in training alone: here they hand on what they get. */

import { ConfigError, show } from "../errors";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Layer } from "./layer";
import { configOf, finiteNumber, type LayerOptions, readOptions } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** The output is the input, of whatever shape and type, with its mask. */
abstract class Inactive extends Layer {
  constructor(
    options: LayerOptions,
    className: string,
    private readonly read: object,
  ) {
    super(options, className);
  }

  override get pointwise(): boolean {
    return true;
  }

  override outputDType(input: DType): DType {
    return input;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [onlyShape(this.name, shapes, "[batch, …]")];
  }

  override plan(_plan: unknown, inputs: readonly Slab[]): readonly Slab[] {
    return inputs;
  }

  protected ownConfig() {
    return configOf(this.read);
  }
}

/** A share between 0 and 1. */
function share(where: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw new ConfigError(where, "a number between 0 and 1", show(value));
}

/** Options of layers that draw random numbers in training. */
export interface RandomOptions extends LayerOptions {
  seed?: number | null;
}

/** Options of {@link dropout} and {@link alphaDropout}. */
export interface DropoutOptions extends RandomOptions {
  /** The share of elements that training drops, 0 to 1. */
  rate: number;
  noiseShape?: readonly (number | null)[] | null;
}

const DROPOUT = {
  rate: undefined as unknown as number,
  seed: null as number | null,
  noiseShape: null as readonly (number | null)[] | null,
};

/**
 * Drops elements in training; here the output is the input. The mask is handed on.
 * @throws {ConfigError} when `rate` is not between 0 and 1.
 */
export class Dropout extends Inactive {
  readonly className: string = "Dropout";

  constructor(options: DropoutOptions) {
    const read = readOptions("dropout", options, DROPOUT);
    super(options, "Dropout", read);
    share(`${this.name}.rate`, read.rate);
  }
}

/** As {@link Dropout}, keeping mean and deviation. */
export class AlphaDropout extends Inactive {
  readonly className: string = "AlphaDropout";

  constructor(options: DropoutOptions) {
    const read = readOptions("alphaDropout", options, DROPOUT);
    super(options, "AlphaDropout", read);
    share(`${this.name}.rate`, read.rate);
  }
}

/** Options of {@link spatialDropout1d} and {@link gaussianDropout}. */
export interface RateOptions extends RandomOptions {
  /** The share of features that training drops, 0 to 1. */
  rate: number;
}

const RATE = { rate: undefined as unknown as number, seed: null as number | null };

/**
 * Drops whole features in training; here the output is the input [batch, timesteps, features].
 * @throws {ShapeError} for another rank.
 */
export class SpatialDropout1D extends Inactive {
  readonly className: string = "SpatialDropout1D";

  constructor(options: RateOptions) {
    const read = readOptions("spatialDropout1d", options, RATE);
    super(options, "SpatialDropout1D", read);
    share(`${this.name}.rate`, read.rate);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [onlyShape(this.name, shapes, "[batch, timesteps, features]", 3)];
  }

  /** Keras refuses a file in which this layer has `trainable`. */
  override getConfig(): Record<string, unknown> {
    const { name, dtype } = super.getConfig();
    return { ...this.ownConfig(), name, dtype };
  }
}

/** Multiplies with noise in training; here the output is the input. */
export class GaussianDropout extends Inactive {
  readonly className: string = "GaussianDropout";

  constructor(options: RateOptions) {
    const read = readOptions("gaussianDropout", options, RATE);
    super(options, "GaussianDropout", read);
    share(`${this.name}.rate`, read.rate);
  }
}

/** Options of {@link gaussianNoise}. */
export interface GaussianNoiseOptions extends RandomOptions {
  /** Deviation of the noise, 0 to 1. */
  stddev: number;
}

/** Adds noise in training; here the output is the input. */
export class GaussianNoise extends Inactive {
  readonly className: string = "GaussianNoise";

  constructor(options: GaussianNoiseOptions) {
    const defaults = { stddev: undefined as unknown as number, seed: null as number | null };
    const read = readOptions("gaussianNoise", options, defaults);
    super(options, "GaussianNoise", read);
    share(`${this.name}.stddev`, read.stddev);
  }
}

/** Options of {@link activityRegularization}. */
export interface ActivityRegularizationOptions extends LayerOptions {
  l1?: number;
  l2?: number;
}

/** Adds to the loss in training; the output is the input. */
export class ActivityRegularization extends Inactive {
  readonly className: string = "ActivityRegularization";

  constructor(options: ActivityRegularizationOptions = {}) {
    const read = readOptions("activityRegularization", options, { l1: 0, l2: 0 });
    super(options, "ActivityRegularization", read);
    finiteNumber(`${this.name}.l1`, read.l1);
    finiteNumber(`${this.name}.l2`, read.l2);
  }
}

/** The output is the input. */
export class Identity extends Inactive {
  readonly className: string = "Identity";

  constructor(options: LayerOptions = {}) {
    super(options, "Identity", readOptions("identity", options, {}));
  }
}

/** See {@link Dropout}. */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}

/** See {@link AlphaDropout}. */
export function alphaDropout(options: DropoutOptions): AlphaDropout {
  return new AlphaDropout(options);
}

/** See {@link SpatialDropout1D}. */
export function spatialDropout1d(options: RateOptions): SpatialDropout1D {
  return new SpatialDropout1D(options);
}

/** See {@link GaussianDropout}. */
export function gaussianDropout(options: RateOptions): GaussianDropout {
  return new GaussianDropout(options);
}

/** See {@link GaussianNoise}. */
export function gaussianNoise(options: GaussianNoiseOptions): GaussianNoise {
  return new GaussianNoise(options);
}

/** See {@link ActivityRegularization}. */
export function activityRegularization(options?: ActivityRegularizationOptions): ActivityRegularization {
  return new ActivityRegularization(options);
}

/** See {@link Identity}. */
export function identity(options?: LayerOptions): Identity {
  return new Identity(options);
}
