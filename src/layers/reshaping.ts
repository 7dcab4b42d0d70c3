/** Layers that give the elements of a sample other axes. */

import { ConfigError, ShapeError, show, showShape } from "../errors";
import { emitTranspose } from "../ops/copy";
import { emitElementwise } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Layer } from "./layer";
import { channelsLast, type LayerOptions, positiveInteger, readOptions } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** One input of any type, which the output keeps; its mask is not handed on. */
abstract class Reshaping extends Layer {
  override outputDType(input: DType): DType {
    return input;
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = inputs[0] as Slab;
    return [this.emit(plan, x, this.outputShapes([x.shape])[0] as readonly number[])];
  }

  /** The elements of x in a slab of this shape, without a mask. */
  protected emit(_plan: Plan, x: Slab, shape: readonly number[]): Slab {
    return x.view(shape);
  }
}

/** The number of elements; null when an axis is unknown. */
function elements(shape: SymbolicShape): number | null {
  return shape.reduce((size: number | null, d) => (size === null || d === null ? null : size * d), 1);
}

/** Options of {@link flatten}. */
export interface FlattenOptions extends LayerOptions {
  /** Only `channels_last`, the default. */
  dataFormat?: "channels_last" | null;
}

/**
 * Each sample as one row.
 *
 * Input    [batch, …]
 * Output   [batch, elements]
 *
 * @throws {UnsupportedError} for channels_first.
 *
 * @example
 * layers.flatten().apply([[[1, 2], [3, 4]]]).toArray(); // [[1, 2, 3, 4]]
 */
export class Flatten extends Reshaping {
  readonly className: string = "Flatten";

  constructor(options: FlattenOptions = {}) {
    const read = readOptions("flatten", options, { dataFormat: "channels_last" as string | null });
    super(options, "Flatten");
    channelsLast(`${this.name}.dataFormat`, read.dataFormat);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [batch = null, ...sample] = onlyShape(this.name, shapes, "[batch, …]");
    return [[batch, elements(sample)]];
  }

  protected ownConfig() {
    return { data_format: "channels_last" };
  }
}

/** Options of {@link reshape}. */
export interface ReshapeOptions extends LayerOptions {
  /** Without the batch axis; one length may be -1: what is left. */
  targetShape: readonly number[];
}

/**
 * The elements of each sample in C order under another shape.
 *
 * Input    [batch, …]
 * Output   [batch, ...targetShape]
 *
 * @throws {ConfigError} when the target holds anything but positive lengths and one -1.
 * @throws {ShapeError} when the number of elements does not fit.
 *
 * @example
 * layers.reshape({ targetShape: [2, -1] }).apply([[1, 2, 3, 4]]).toArray(); // [[[1, 2], [3, 4]]]
 */
export class Reshape extends Reshaping {
  readonly className: string = "Reshape";
  private readonly target: readonly number[];

  constructor(options: ReshapeOptions) {
    const read = readOptions("reshape", options, { targetShape: undefined as unknown as readonly number[] });
    super(options, "Reshape");
    const { targetShape } = read;
    const fits = (d: unknown) => Number.isSafeInteger(d) && ((d as number) > 0 || d === -1);
    if (!Array.isArray(targetShape) || !targetShape.every(fits) || targetShape.filter((d) => d === -1).length > 1) {
      throw new ConfigError(`${this.name}.targetShape`, "positive lengths, one of which may be -1", show(targetShape));
    }
    this.target = targetShape;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [batch = null, ...sample] = onlyShape(this.name, shapes, "[batch, …]");
    const have = elements(sample);
    const known = this.target.reduce((size, d) => (d === -1 ? size : size * d), 1);
    if (have === null) return [[batch, ...this.target.map((d) => (d === -1 ? null : d))]];
    const rest = have / known;
    if (this.target.includes(-1) ? !Number.isInteger(rest) : rest !== 1) {
      const wanted = `samples that fill ${showShape(this.target)}`;
      throw new ShapeError(this.name, wanted, showShape([batch, ...sample]));
    }
    return [[batch, ...this.target.map((d) => (d === -1 ? rest : d))]];
  }

  protected ownConfig() {
    return { target_shape: this.target };
  }
}

/** Options of {@link permute}. */
export interface PermuteOptions extends LayerOptions {
  /** The axes of a sample, counted from 1, in their new order. */
  dims: readonly number[];
}

/**
 * The axes of each sample in another order.
 *
 * Input    [batch, …], as many axes as `dims` has
 * Output   [batch, …]: axis k is axis dims[k] of the input
 *
 * @throws {ConfigError} when `dims` are not 1, 2, … in some order.
 *
 * @example
 * layers.permute({ dims: [2, 1] }).apply([[[1, 2], [3, 4]]]).toArray(); // [[[1, 3], [2, 4]]]
 */
export class Permute extends Reshaping {
  readonly className: string = "Permute";
  private readonly dims: readonly number[];

  constructor(options: PermuteOptions) {
    const read = readOptions("permute", options, { dims: undefined as unknown as readonly number[] });
    super(options, "Permute");
    const { dims } = read;
    if (!Array.isArray(dims) || [...dims].sort((a, b) => a - b).some((axis, k) => axis !== k + 1)) {
      throw new ConfigError(`${this.name}.dims`, "the axes 1, 2, … in some order", show(dims));
    }
    this.dims = dims;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const rank = this.dims.length + 1;
    const shape = onlyShape(this.name, shapes, `an input of ${rank} axes`, rank);
    return [[0, ...this.dims].map((axis) => shape[axis] as number | null)];
  }

  protected override emit(plan: Plan, x: Slab): Slab {
    return emitTranspose(plan, x, [0, ...this.dims]);
  }

  protected ownConfig() {
    return { dims: this.dims };
  }
}

/** Options of {@link repeatVector}. */
export interface RepeatVectorOptions extends LayerOptions {
  /** How many timesteps to make. */
  n: number;
}

/**
 * A vector at each of n timesteps.
 *
 * Input    [batch, features]
 * Output   [batch, n, features]
 *
 * @throws {ConfigError} when `n` is not a positive integer.
 *
 * @example
 * layers.repeatVector({ n: 2 }).apply([[1, 2]]).toArray(); // [[[1, 2], [1, 2]]]
 */
export class RepeatVector extends Reshaping {
  readonly className: string = "RepeatVector";
  private readonly n: number;

  constructor(options: RepeatVectorOptions) {
    const read = readOptions("repeatVector", options, { n: undefined as unknown as number });
    super(options, "RepeatVector");
    this.n = positiveInteger(`${this.name}.n`, read.n);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [batch = null, features = null] = onlyShape(this.name, shapes, "[batch, features]", 2);
    return [[batch, this.n, features]];
  }

  protected override emit(plan: Plan, x: Slab, shape: readonly number[]): Slab {
    const y = plan.slab(shape, x.dtype);
    const features = x.dim(1);
    const to = { slab: y, steps: [this.n * features, features, 1] };
    emitElementwise(plan, "copy", shape, to, [{ slab: x, steps: [features, 0, 1] }]);
    return y;
  }

  protected ownConfig() {
    return { n: this.n };
  }
}

/** See {@link Flatten}. */
export function flatten(options?: FlattenOptions): Flatten {
  return new Flatten(options);
}

/** See {@link Reshape}. */
export function reshape(options: ReshapeOptions): Reshape {
  return new Reshape(options);
}

/** See {@link Permute}. */
export function permute(options: PermuteOptions): Permute {
  return new Permute(options);
}

/** See {@link RepeatVector}. */
export function repeatVector(options: RepeatVectorOptions): RepeatVector {
  return new RepeatVector(options);
}
