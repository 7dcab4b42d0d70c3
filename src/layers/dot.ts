/** Products of two tensors along one axis of each. */

import { ConfigError, ShapeError, show, showShape } from "../errors";
import { emitFloat, emitTranspose } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import { emitBatchedMatmul } from "../ops/matmul";
import type { Plan } from "../ops/plan";
import { emitReduce } from "../ops/reduce";
import type { Slab } from "../ops/slab";
import { sizeOf } from "../tensor";
import { Layer } from "./layer";
import { configOf, type LayerOptions, readOptions } from "./options";
import { axisOf } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** Options of {@link dot}. */
export interface DotOptions extends LayerOptions {
  /** The axis of both inputs, or one for each; not the batch axis. */
  axes: number | readonly [number, number];
  /** Divides by the length of the vectors first, which makes their cosine. Default false. */
  normalize?: boolean;
}

/** Vectors shorter than this stay shorter than 1. */
const EPSILON = 1e-7;

/**
 * The sum over one axis of the products of two tensors, sample by sample.
 *
 * Input    a list of two tensors [batch, …]
 * Output   the axes of the first without its axis, then those of the second without batch and its axis; [batch, 1] when
 *          none is left
 * No mask is handed on.
 *
 * @throws {ShapeError} when the two axes differ in length.
 * @see Keras 3, `Dot` and `batch_dot`.
 *
 * @example
 * layers.dot({ axes: 1 }).apply([tensor([[1, 2]]), tensor([[3, 4]])]).toArray(); // [[11]]
 */
export class Dot extends Layer {
  readonly className: string = "Dot";
  private readonly options: { axes: number | readonly [number, number]; normalize: boolean };

  constructor(options: DotOptions) {
    const defaults = { axes: undefined as unknown as number | readonly [number, number], normalize: false };
    const read = readOptions("dot", options, defaults);
    super(options, "Dot");
    this.options = read;
    const list = Array.isArray(read.axes) ? read.axes : [read.axes, read.axes];
    if (list.length !== 2 || !list.every((axis) => Number.isSafeInteger(axis) && axis !== 0)) {
      throw new ConfigError(`${this.name}.axes`, "one axis or two, not the batch axis 0", show(read.axes));
    }
  }

  override get takesList(): boolean {
    return true;
  }

  /** The axis of each input, from the front. */
  private axes(ranks: readonly number[]): [number, number] {
    const { axes } = this.options;
    const [a, b] = typeof axes === "number" ? [axes, axes] : axes;
    return [axisOf(this.name, a, ranks[0] as number), axisOf(this.name, b, ranks[1] as number)];
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [x, y] = shapes;
    if (!x || !y || shapes.length > 2) throw new ShapeError(this.name, "a list of 2 inputs", `${shapes.length}`);
    const [a, b] = this.axes([x.length, y.length]);
    const agree = (p: number | null | undefined, q: number | null | undefined) => p === q || p === null || q === null;
    if (a === 0 || b === 0 || !agree(x[a], y[b]) || !agree(x[0], y[0])) {
      const wanted = `shapes that agree in the batch and in axes ${a} and ${b}`;
      throw new ShapeError(this.name, wanted, `${showShape(x)} and ${showShape(y)}`);
    }
    const shape = [x[0] ?? y[0] ?? null, ...without(x, [0, a]), ...without(y, [0, b])];
    return [shape.length === 1 ? [...shape, 1] : shape];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const [x, y] = inputs.map((input) => emitFloat(plan, input)) as [Slab, Slab];
    const [a, b] = this.axes([x.shape.length, y.shape.length]);
    const left = this.emitRows(plan, x, a);
    // Rows for a column of a matrix would be copies; the product takes those as they lie.
    const columns = y.shape.length === 3 && b === 1;
    const right = columns ? this.emitUnit(plan, y, b) : this.emitRows(plan, y, b);
    const product = emitBatchedMatmul(plan, left, right, !columns);
    return [product.view(this.outputShapes([x.shape, y.shape])[0] as number[])];
  }

  /** [batch, everything else, the axis] */
  private emitRows(plan: Plan, x: Slab, axis: number): Slab {
    const order = [...x.shape.keys()].filter((k) => k !== axis);
    const last = axis === x.shape.length - 1;
    const rows = last ? x : emitTranspose(plan, x, [...order, axis]);
    const shape = [x.dim(0), sizeOf(without(x.shape, [0, axis])), x.dim(axis)];
    return this.emitUnit(plan, rows, x.shape.length - 1).view(shape);
  }

  /** The vectors along an axis at length 1, if so wished. */
  private emitUnit(plan: Plan, x: Slab, axis: number): Slab {
    if (!this.options.normalize) return x;
    const squares = emitReduce(plan, "sum", emitFunction(plan, "square", x), [axis]);
    const factor = emitFunction(plan, "clipped_relu", emitFunction(plan, "rsqrt", squares), 0, 1 / EPSILON, 0);
    const kept = x.shape.map((d, k) => (k === axis ? 1 : d));
    return emitBroadcast(plan, "multiply", [x, factor.view(kept)]);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

function without<D>(shape: readonly D[], axes: readonly number[]): D[] {
  return shape.filter((_, k) => !axes.includes(k));
}

/** See {@link Dot}. */
export function dot(options: DotOptions): Dot {
  return new Dot(options);
}
