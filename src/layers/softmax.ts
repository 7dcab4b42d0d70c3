/** Softmax as a layer. */

import { emitTranspose } from "../ops/copy";
import { emitWhere } from "../ops/masks";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { configOf, type LayerOptions, readOptions } from "./options";
import { axesOption, axisOf } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import { Unary } from "./unary";

/** Options of {@link softmax}. */
export interface SoftmaxOptions extends LayerOptions {
  /** The axis, or several that are taken together. Default -1. */
  axis?: number | readonly number[];
}

/** What Keras puts in place of masked scores. */
const MASKED = -1e9;

/**
 * e^x over its sum along one axis or several.
 *
 * Input    [batch, …], with a mask that broadcasts from the front ([batch, …] of fewer axes) or of the same rank
 * Output   the same shape; 0 where it is masked. The mask is handed on.
 *
 * @throws {ShapeError} when the input lacks an axis.
 * @see Keras 3, `Softmax`.
 *
 * @example
 * layers.softmax().apply([[0, 0]]).toArray(); // [[0.5, 0.5]]
 */
export class Softmax extends Unary {
  readonly className: string = "Softmax";
  private readonly options: { axis: number | readonly number[] };

  constructor(options: SoftmaxOptions = {}) {
    const read = readOptions("softmax", options, { axis: -1 as number | readonly number[] });
    super(options, "Softmax");
    this.options = read;
    axesOption(`${this.name}.axis`, read.axis);
  }

  override get pointwise(): boolean {
    const rank = this.builtFor?.[0]?.length;
    return rank !== undefined && !this.axes(rank).includes(1);
  }

  private axes(rank: number): readonly number[] {
    const list = axesOption(`${this.name}.axis`, this.options.axis);
    return list.map((axis) => axisOf(this.name, axis, rank)).sort((a, b) => a - b);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    this.axes(shape.length);
    return [shape];
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const { mask } = x;
    if (!mask) return this.emitRows(plan, x);
    const y = this.emitRows(plan, emitWhere(plan, mask, x, MASKED));
    return emitWhere(plan, mask, y, 0);
  }

  /** The axes at the end, softmax over rows, the axes back in place. */
  private emitRows(plan: Plan, x: Slab): Slab {
    const { kernels } = plan.engine;
    const axes = this.axes(x.shape.length);
    const columns = axes.reduce((size, axis) => size * x.dim(axis), 1);
    const order = [...[...x.shape.keys()].filter((axis) => !axes.includes(axis)), ...axes];
    const inPlace = order.every((axis, k) => axis === k);
    const rows = inPlace ? x : emitTranspose(plan, x, order);
    const y = plan.slab(rows.shape);
    plan.step([rows, y], () => kernels.softmax(rows.ptr, y.ptr, rows.size / columns, columns));
    if (inPlace) return y;
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

/** See {@link Softmax}. */
export function softmax(options?: SoftmaxOptions): Softmax {
  return new Softmax(options);
}
