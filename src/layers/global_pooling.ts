/** The largest or the mean of a whole sequence or image. */

import { emitFloat } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitWhere } from "../ops/masks";
import type { Plan } from "../ops/plan";
import { emitReduce } from "../ops/reduce";
import type { Slab } from "../ops/slab";
import { Layer } from "./layer";
import { channelsLast, configOf, type LayerOptions, readOptions } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** Options of {@link globalMaxPooling1d}, {@link globalAveragePooling1d} and {@link globalAveragePooling2d}. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** Only `channels_last`, the default. */
  dataFormat?: "channels_last" | null;
  /** Keeps the axes that are joined, with length 1. Default false. */
  keepdims?: boolean;
}

/** No mask is handed on: there are no timesteps left. */
abstract class GlobalPooling extends Layer {
  private readonly keepdims: boolean;

  constructor(
    where: string,
    options: GlobalPoolingOptions,
    className: string,
    private readonly axes: string,
    /** Axes between batch and channels. */
    private readonly rank: number,
  ) {
    const read = readOptions(where, options, { dataFormat: "channels_last" as string | null, keepdims: false });
    super(options, className);
    channelsLast(`${this.name}.dataFormat`, read.dataFormat);
    this.keepdims = read.keepdims;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = onlyShape(this.name, shapes, this.axes, this.rank + 2);
    const kept = this.keepdims ? new Array<number>(this.rank).fill(1) : [];
    return [[shape[0] ?? null, ...kept, shape.at(-1) ?? null]];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = emitFloat(plan, inputs[0] as Slab);
    const joined = Array.from({ length: this.rank }, (_, k) => k + 1);
    return [this.emit(plan, x, joined).view(this.outputShapes([x.shape])[0] as readonly number[])];
  }

  protected abstract emit(plan: Plan, x: Slab, axes: readonly number[]): Slab;

  protected ownConfig() {
    return configOf({ dataFormat: "channels_last", keepdims: this.keepdims });
  }
}

/**
 * The largest number over all timesteps; a mask is ignored, as in Keras.
 *
 * Input    [batch, timesteps, features]
 * Output   [batch, features]
 *
 * @throws {UnsupportedError} for channels_first.
 *
 * @example
 * layers.globalMaxPooling1d().apply([[[1, 5], [3, 2]]]).toArray(); // [[3, 5]]
 */
export class GlobalMaxPooling1D extends GlobalPooling {
  readonly className: string = "GlobalMaxPooling1D";

  constructor(options: GlobalPoolingOptions = {}) {
    super("globalMaxPooling1d", options, "GlobalMaxPooling1D", "[batch, timesteps, features]", 1);
  }

  protected emit(plan: Plan, x: Slab, axes: readonly number[]): Slab {
    return emitReduce(plan, "maximum", x, axes);
  }
}

/**
 * The mean over the timesteps that count; NaN where none does, as in Keras.
 *
 * Input    [batch, timesteps, features]
 * Output   [batch, features]
 *
 * @throws {UnsupportedError} for channels_first.
 *
 * @example
 * layers.globalAveragePooling1d().apply([[[1], [3]]], { mask: [[true, false]] }).toArray(); // [[1]]
 */
export class GlobalAveragePooling1D extends GlobalPooling {
  readonly className: string = "GlobalAveragePooling1D";

  constructor(options: GlobalPoolingOptions = {}) {
    super("globalAveragePooling1d", options, "GlobalAveragePooling1D", "[batch, timesteps, features]", 1);
  }

  protected emit(plan: Plan, x: Slab, axes: readonly number[]): Slab {
    const { mask } = x;
    if (!mask) return emitReduce(plan, "mean", x, axes);
    const sum = emitReduce(plan, "sum", emitWhere(plan, mask, x, 0), axes);
    const count = emitReduce(plan, "sum", mask, axes);
    return emitBroadcast(plan, "divide", [sum, count.view([...count.shape, 1])]);
  }
}

/**
 * The mean over the whole image.
 *
 * Input    [batch, height, width, channels]
 * Output   [batch, channels]
 */
export class GlobalAveragePooling2D extends GlobalPooling {
  readonly className: string = "GlobalAveragePooling2D";

  constructor(options: GlobalPoolingOptions = {}) {
    super("globalAveragePooling2d", options, "GlobalAveragePooling2D", "[batch, height, width, channels]", 2);
  }

  protected emit(plan: Plan, x: Slab, axes: readonly number[]): Slab {
    return emitReduce(plan, "mean", x, axes);
  }
}

/** See {@link GlobalMaxPooling1D}. */
export function globalMaxPooling1d(options?: GlobalPoolingOptions): GlobalMaxPooling1D {
  return new GlobalMaxPooling1D(options);
}

/** See {@link GlobalAveragePooling1D}. */
export function globalAveragePooling1d(options?: GlobalPoolingOptions): GlobalAveragePooling1D {
  return new GlobalAveragePooling1D(options);
}

/** See {@link GlobalAveragePooling2D}. */
export function globalAveragePooling2d(options?: GlobalPoolingOptions): GlobalAveragePooling2D {
  return new GlobalAveragePooling2D(options);
}
