/** Layers that make a sequence longer or shorter: padding, cropping, repeating. */

import { ShapeError, showShape } from "../errors";
import { emitFill, emitPlace, emitSlice } from "../ops/copy";
import { emitElementwise } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Layer } from "./layer";
import { channelsLast, type LayerOptions, positiveInteger, readOptions, wholeNumbers } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** Sequences [batch, timesteps, features] of any type, which the output keeps; the mask is not handed on. */
abstract class Resizing extends Layer {
  override outputDType(input: DType): DType {
    return input;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = onlyShape(this.name, shapes, "[batch, timesteps, features]", 3);
    const [batch = null, timesteps = null, features = null] = shape;
    const length = timesteps === null ? null : this.lengthOf(timesteps);
    if (length !== null && length < 1) throw new ShapeError(this.name, "more timesteps", showShape(shape));
    return [[batch, length, features]];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = inputs[0] as Slab;
    const shape = this.outputShapes([x.shape])[0] as readonly number[];
    return [this.emit(plan, x, shape)];
  }

  /** Timesteps of the output. */
  protected abstract lengthOf(timesteps: number): number;
  protected abstract emit(plan: Plan, x: Slab, shape: readonly number[]): Slab;
}

/** Options of {@link zeroPadding1d}. */
export interface ZeroPadding1DOptions extends LayerOptions {
  /** Timesteps before and after; one number stands for both. Default 1. */
  padding?: number | readonly [before: number, after: number];
  /** Only `channels_last`, the default. */
  dataFormat?: "channels_last" | null;
}

/**
 * Zeros before and after a sequence.
 *
 * Input    [batch, timesteps, features]
 * Output   [batch, before + timesteps + after, features]
 *
 * @throws {ConfigError} when `padding` is negative. @throws {UnsupportedError} for channels_first.
 *
 * @example
 * layers.zeroPadding1d({ padding: [1, 0] }).apply([[[5]]]).toArray(); // [[[0], [5]]]
 */
export class ZeroPadding1D extends Resizing {
  readonly className: string = "ZeroPadding1D";
  private readonly padding: readonly number[];

  constructor(options: ZeroPadding1DOptions = {}) {
    const defaults = { padding: 1 as number | readonly number[], dataFormat: "channels_last" as string | null };
    const read = readOptions("zeroPadding1d", options, defaults);
    super(options, "ZeroPadding1D");
    this.padding = wholeNumbers(`${this.name}.padding`, read.padding, 2, 0);
    channelsLast(`${this.name}.dataFormat`, read.dataFormat);
  }

  protected lengthOf(timesteps: number): number {
    return this.padding.reduce((sum, n) => sum + n, timesteps);
  }

  protected emit(plan: Plan, x: Slab, shape: readonly number[]): Slab {
    const y = plan.slab(shape, x.dtype);
    emitFill(plan, y, 0);
    emitPlace(plan, x, y, [0, this.padding[0] as number, 0]);
    return y;
  }

  protected ownConfig() {
    return { padding: this.padding, data_format: "channels_last" };
  }
}

/** Options of {@link cropping1d}. */
export interface Cropping1DOptions extends LayerOptions {
  /** Timesteps to leave out at the start and at the end; one number stands for both. Default 1. */
  cropping?: number | readonly [start: number, end: number];
}

/**
 * A sequence without its first and last timesteps.
 *
 * Input    [batch, timesteps, features]
 * Output   [batch, timesteps − start − end, features]
 *
 * @throws {ConfigError} when `cropping` is negative. @throws {ShapeError} when nothing is left.
 *
 * @example
 * layers.cropping1d().apply([[[1], [2], [3]]]).toArray(); // [[[2]]]
 */
export class Cropping1D extends Resizing {
  readonly className: string = "Cropping1D";
  private readonly cropping: readonly number[];

  constructor(options: Cropping1DOptions = {}) {
    const read = readOptions("cropping1d", options, { cropping: 1 as number | readonly number[] });
    super(options, "Cropping1D");
    this.cropping = wholeNumbers(`${this.name}.cropping`, read.cropping, 2, 0);
  }

  protected lengthOf(timesteps: number): number {
    return this.cropping.reduce((left, n) => left - n, timesteps);
  }

  protected emit(plan: Plan, x: Slab, shape: readonly number[]): Slab {
    return emitSlice(plan, x, [0, this.cropping[0] as number, 0], shape);
  }

  protected ownConfig() {
    return { cropping: this.cropping };
  }
}

/** Options of {@link upSampling1d}. */
export interface UpSampling1DOptions extends LayerOptions {
  /** How often each timestep comes. Default 2. */
  size?: number;
}

/**
 * Each timestep several times.
 *
 * Input    [batch, timesteps, features]
 * Output   [batch, timesteps · size, features]
 *
 * @throws {ConfigError} when `size` is not a positive integer.
 *
 * @example
 * layers.upSampling1d().apply([[[1], [2]]]).toArray(); // [[[1], [1], [2], [2]]]
 */
export class UpSampling1D extends Resizing {
  readonly className: string = "UpSampling1D";
  private readonly size: number;

  constructor(options: UpSampling1DOptions = {}) {
    const read = readOptions("upSampling1d", options, { size: 2 });
    super(options, "UpSampling1D");
    this.size = positiveInteger(`${this.name}.size`, read.size);
  }

  protected lengthOf(timesteps: number): number {
    return timesteps * this.size;
  }

  protected emit(plan: Plan, x: Slab, shape: readonly number[]): Slab {
    const y = plan.slab(shape, x.dtype);
    const width = x.dim(2);
    const to = { slab: y, steps: [this.size * width, width, 1] };
    emitElementwise(plan, "copy", [x.rows, this.size, width], to, [{ slab: x, steps: [width, 0, 1] }]);
    return y;
  }

  protected ownConfig() {
    return { size: this.size };
  }
}

/** See {@link ZeroPadding1D}. */
export function zeroPadding1d(options?: ZeroPadding1DOptions): ZeroPadding1D {
  return new ZeroPadding1D(options);
}

/** See {@link Cropping1D}. */
export function cropping1d(options?: Cropping1DOptions): Cropping1D {
  return new Cropping1D(options);
}

/** See {@link UpSampling1D}. */
export function upSampling1d(options?: UpSampling1DOptions): UpSampling1D {
  return new UpSampling1D(options);
}
