/** The largest or the mean of each window. */

import { emitFloat } from "../ops/copy";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { emitSlide } from "../ops/window";
import { Layer } from "./layer";
import { channelsLast, configOf, type LayerOptions, oneOf, readOptions, wholeNumbers } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import { imageShape, type Windows, walkOf, windowedShape } from "./windows";

/** Options of {@link maxPooling1d} and {@link maxPooling2d}. */
export interface PoolingOptions extends LayerOptions {
  /** Size of the window; in two dimensions one number stands for both. Default 2. */
  poolSize?: number | readonly number[];
  /** How far the windows are apart. Default: their size. */
  strides?: number | readonly number[] | null;
  /** `same` has windows reach over the ends. Default `valid`. */
  padding?: "valid" | "same";
  /** Only `channels_last`, the default. */
  dataFormat?: "channels_last" | null;
}

/** Options of {@link averagePooling1d}, which has no default size. */
export interface AveragePoolingOptions extends PoolingOptions {
  poolSize: number | readonly number[];
}

const AXES = ["[batch, timesteps, channels]", "[batch, height, width, channels]"];

/** What lies outside the input counts neither for a maximum nor for a mean. The mask is not handed on. */
abstract class Pooling extends Layer {
  private readonly windows: Windows;

  constructor(
    where: string,
    options: PoolingOptions,
    className: string,
    private readonly rank: 1 | 2,
    private readonly op: "max" | "mean",
  ) {
    const read = readOptions(where, options, {
      poolSize: (op === "max" ? 2 : undefined) as number | readonly number[],
      padding: "valid",
      strides: null as number | readonly number[] | null,
      dataFormat: "channels_last" as string | null,
    });
    super(options, className);
    const sizes = wholeNumbers(`${this.name}.poolSize`, read.poolSize, rank);
    const strides = wholeNumbers(`${this.name}.strides`, read.strides ?? sizes, rank);
    const padding = oneOf(`${this.name}.padding`, read.padding, ["valid", "same"]) as "valid" | "same";
    channelsLast(`${this.name}.dataFormat`, read.dataFormat);
    this.windows = { sizes, strides, dilations: sizes.map(() => 1), padding };
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = onlyShape(this.name, shapes, AXES[this.rank - 1] as string, this.rank + 2);
    return [windowedShape(this.name, shape, this.windows, shape.at(-1) ?? null)];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = emitFloat(plan, inputs[0] as Slab);
    const shape = this.outputShapes([x.shape])[0] as readonly number[];
    const walk = walkOf(x.shape, this.windows, shape);
    return [emitSlide(plan, this.op, x.view(imageShape(x.shape)), walk).view(shape)];
  }

  protected ownConfig() {
    const { sizes: poolSize, padding, strides } = this.windows;
    return configOf({ poolSize, padding, strides, dataFormat: "channels_last" });
  }
}

/**
 * The largest number of each window.
 *
 * Input    [batch, timesteps, channels]
 * Output   [batch, windows, channels]
 *
 * @throws {ShapeError} when no window fits. @throws {UnsupportedError} for channels_first.
 *
 * @example
 * layers.maxPooling1d().apply([[[1], [3], [2], [0]]]).toArray(); // [[[3], [2]]]
 */
export class MaxPooling1D extends Pooling {
  readonly className: string = "MaxPooling1D";

  constructor(options: PoolingOptions = {}) {
    super("maxPooling1d", options, "MaxPooling1D", 1, "max");
  }
}

/** The mean of each window; shapes as {@link MaxPooling1D}. */
export class AveragePooling1D extends Pooling {
  readonly className: string = "AveragePooling1D";

  constructor(options: AveragePoolingOptions) {
    super("averagePooling1d", options, "AveragePooling1D", 1, "mean");
  }
}

/**
 * The largest number of each window.
 *
 * Input    [batch, height, width, channels]
 * Output   [batch, windows down, windows across, channels]
 */
export class MaxPooling2D extends Pooling {
  readonly className: string = "MaxPooling2D";

  constructor(options: PoolingOptions = {}) {
    super("maxPooling2d", options, "MaxPooling2D", 2, "max");
  }
}

/** See {@link MaxPooling1D}. */
export function maxPooling1d(options?: PoolingOptions): MaxPooling1D {
  return new MaxPooling1D(options);
}

/** See {@link AveragePooling1D}. */
export function averagePooling1d(options: AveragePoolingOptions): AveragePooling1D {
  return new AveragePooling1D(options);
}

/** See {@link MaxPooling2D}. */
export function maxPooling2d(options?: PoolingOptions): MaxPooling2D {
  return new MaxPooling2D(options);
}
