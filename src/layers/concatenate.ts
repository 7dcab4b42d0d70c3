/** Tensors one after another along an axis. */

import { ConfigError, ShapeError, show, showShape } from "../errors";
import { emitConcat, emitFill, emitFloat } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { alongside, emitEither } from "../ops/masks";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Layer } from "./layer";
import { configOf, type LayerOptions, readOptions } from "./options";
import { axisOf } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** Options of {@link concatenate}. */
export interface ConcatenateOptions extends LayerOptions {
  /** Default -1, the features. */
  axis?: number;
}

/**
 * Joins tensors along an axis.
 *
 * Input    a list of tensors that agree in all axes but this one
 * Output   the same shape, the lengths of this axis added up
 * Along the features, a timestep counts where it counts in any input; along another axis the masks are joined. An
 * input without a mask counts everywhere.
 *
 * @throws {ShapeError} when the shapes do not agree.
 *
 * @example
 * layers.concatenate().apply([tensor([[1, 2]]), tensor([[3]])]).toArray(); // [[1, 2, 3]]
 */
export class Concatenate extends Layer {
  readonly className: string = "Concatenate";
  private readonly options: { axis: number };

  constructor(options: ConcatenateOptions = {}) {
    const read = readOptions("concatenate", options, { axis: -1 });
    super(options, "Concatenate");
    this.options = read;
    if (!Number.isSafeInteger(read.axis)) {
      throw new ConfigError(`${this.name}.axis`, "a whole number", show(read.axis));
    }
  }

  override get takesList(): boolean {
    return true;
  }

  override get pointwise(): boolean {
    const rank = this.builtFor?.[0]?.length;
    return rank !== undefined && this.axisFor(rank) !== 1;
  }

  override outputDType(input: DType): DType {
    return input;
  }

  private axisFor(rank: number): number {
    return axisOf(this.name, this.options.axis, rank);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [first] = shapes;
    if (!first) throw new ShapeError(this.name, "a list of at least 1 input", "0");
    const axis = this.axisFor(first.length);
    const joined = [...first];
    joined[axis] = 0;
    for (const shape of shapes) {
      const length = shape[axis] ?? null;
      joined[axis] = joined[axis] === null || length === null ? null : (joined[axis] as number) + length;
      const agrees = (d: number | null, k: number) => k === axis || d === null || joined[k] === null || d === joined[k];
      if (shape.length !== first.length || !shape.every(agrees)) {
        throw new ShapeError(this.name, `shapes that agree but for axis ${axis}`, shapes.map(showShape).join(" and "));
      }
      for (let k = 0; k < joined.length; k++) if (k !== axis) joined[k] ??= shape[k] ?? null;
    }
    return [joined];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const [first] = inputs as [Slab];
    const axis = this.axisFor(first.shape.length);
    const same = inputs.every((x) => x.dtype === first.dtype);
    const y = emitConcat(plan, same ? inputs : inputs.map((x) => emitFloat(plan, x)), axis);
    if (inputs.some((x) => x.mask)) {
      const masks = inputs.map((x) => emitWholeMask(plan, x));
      y.mask = axis === first.shape.length - 1 ? emitEither(plan, masks) : emitConcat(plan, masks, axis);
    }
    return [y];
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** The mask of an input over all its axes but the last; 1 everywhere when it has none. */
function emitWholeMask(plan: Plan, x: Slab): Slab {
  const shape = x.shape.slice(0, -1);
  if (x.mask?.shape.every((d, k) => d === shape[k]) && x.mask.shape.length === shape.length) return x.mask;
  const ones = plan.slab(shape, "bool");
  emitFill(plan, ones, 1);
  if (!x.mask) return ones;
  return emitBroadcast(plan, "logicalAnd", [ones, alongside(x.mask, shape.length)], "bool");
}

/** See {@link Concatenate}. */
export function concatenate(options?: ConcatenateOptions): Concatenate {
  return new Concatenate(options);
}
