/** Layers that join several tensors element by element, with broadcasting: sums, products, extremes. */

import { ShapeError, showShape } from "../errors";
import { emitFloat } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import { emitEither, emitWhere } from "../ops/masks";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Layer } from "./layer";
import { type LayerOptions, readOptions } from "./options";
import type { SymbolicShape } from "./symbolic";

/** The inputs, floats of one rank, masks still on them. */
type Operands = readonly Slab[];

/**
 * Input    a list of tensors [batch, …] that broadcast; those of lower rank get axes of 1 behind the batch
 * Output   the broadcast shape
 * The mask of the output is 1 where that of any input is; there is none unless every input has one.
 */
abstract class Merge extends Layer {
  /** How many inputs there must be. */
  protected readonly counts: readonly [least: number, most: number] = [1, Number.POSITIVE_INFINITY];

  constructor(where: string, options: LayerOptions, className: string) {
    readOptions(where, options, {});
    super(options, className);
  }

  override get takesList(): boolean {
    return true;
  }

  override get pointwise(): boolean {
    return true;
  }

  /** Joins the inputs. */
  protected abstract emit(plan: Plan, operands: Operands): Slab;

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [least, most] = this.counts;
    if (shapes.length < least || shapes.length > most) {
      const wanted = least === most ? `a list of ${least} inputs` : `a list of at least ${least} inputs`;
      throw new ShapeError(this.name, wanted, `${shapes.length}`);
    }
    return [mergedShape(this.name, shapes)];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const rank = Math.max(...inputs.map((x) => x.shape.length));
    const operands = inputs.map((input) => {
      const x = emitFloat(plan, input);
      const { length } = x.shape;
      if (length === rank) return x;
      // Keras forgets the mask of what it reshapes.
      return x.view([x.dim(0), ...new Array<number>(rank - length).fill(1), ...x.shape.slice(1)]);
    });
    const y = this.emit(plan, operands);
    const masks = inputs.flatMap((x) => x.mask ?? []);
    const result = y.view(y.shape);
    if (masks.length === inputs.length) result.mask = emitEither(plan, masks);
    return [result];
  }

  protected ownConfig() {
    return {};
  }
}

/** Shapes without their batch axis broadcast; batch axes must agree. */
function mergedShape(where: string, shapes: readonly SymbolicShape[]): SymbolicShape {
  const refuse = () =>
    new ShapeError(where, "shapes that broadcast", shapes.map((shape) => showShape(shape)).join(" and "));
  const batches = new Set(shapes.flatMap((shape) => shape[0] ?? []));
  if (batches.size > 1 || shapes.some((shape) => shape.length === 0)) throw refuse();
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const inner = Array.from({ length: rank - 1 }, (_, k) => {
    const lengths = shapes.flatMap((shape) => (k + 1 >= rank - shape.length + 1 ? [shape.at(k + 1 - rank)] : []));
    const known = new Set(lengths.filter((d) => d !== 1));
    if (known.size === 0) return 1;
    if (known.has(null)) return null;
    if (known.size > 1) throw refuse();
    return [...known][0] as number;
  });
  return [[...batches][0] ?? null, ...inner];
}

/** op(op(x₀, x₁), x₂) … */
function emitFold(plan: Plan, op: "add" | "multiply", operands: Operands): Slab {
  return operands.reduce((sum, x) => emitBroadcast(plan, op, [sum, x]));
}

/** Where one of two is masked, the other stands for it. */
function emitExtreme(plan: Plan, op: "maximum" | "minimum", operands: Operands): Slab {
  let [result] = operands as [Slab];
  let mask = result.mask;
  for (const x of operands.slice(1)) {
    const candidate = x.mask ? emitWhere(plan, x.mask, x, result) : x;
    const kept = mask ? emitWhere(plan, mask, result, candidate) : result;
    mask = mask && x.mask && emitEither(plan, [mask, x.mask]);
    result = emitBroadcast(plan, op, [kept, candidate]);
  }
  return result;
}

/**
 * The sum of the inputs.
 *
 * @throws {ShapeError} when the shapes do not broadcast.
 * @example
 * layers.add().apply([tensor([[1, 2]]), tensor([[3, 4]])]).toArray(); // [[4, 6]]
 */
export class Add extends Merge {
  readonly className: string = "Add";

  constructor(options: LayerOptions = {}) {
    super("add", options, "Add");
  }

  protected emit(plan: Plan, operands: Operands): Slab {
    return emitFold(plan, "add", operands);
  }
}

/** The first input minus the second. */
export class Subtract extends Merge {
  readonly className: string = "Subtract";
  protected override readonly counts = [2, 2] as const;

  constructor(options: LayerOptions = {}) {
    super("subtract", options, "Subtract");
  }

  protected emit(plan: Plan, operands: Operands): Slab {
    return emitBroadcast(plan, "subtract", operands);
  }
}

/** The product of the inputs; what is masked counts as 1, and as 0 where every input is masked. */
export class Multiply extends Merge {
  readonly className: string = "Multiply";

  constructor(options: LayerOptions = {}) {
    super("multiply", options, "Multiply");
  }

  protected emit(plan: Plan, operands: Operands): Slab {
    const product = emitFold(
      plan,
      "multiply",
      operands.map((x) => (x.mask ? emitWhere(plan, x.mask, x, 1) : x)),
    );
    const masks = operands.flatMap((x) => x.mask ?? []);
    return masks.length === operands.length ? emitWhere(plan, emitEither(plan, masks), product, 0) : product;
  }
}

/** The mean of the inputs. */
export class Average extends Merge {
  readonly className: string = "Average";

  constructor(options: LayerOptions = {}) {
    super("average", options, "Average");
  }

  protected emit(plan: Plan, operands: Operands): Slab {
    return emitFunction(plan, "affine", emitFold(plan, "add", operands), 1 / operands.length, 0);
  }
}

/** The largest of the inputs, element by element; masked elements do not count. */
export class Maximum extends Merge {
  readonly className: string = "Maximum";

  constructor(options: LayerOptions = {}) {
    super("maximum", options, "Maximum");
  }

  protected emit(plan: Plan, operands: Operands): Slab {
    return emitExtreme(plan, "maximum", operands);
  }
}

/** The smallest of the inputs, element by element; masked elements do not count. */
export class Minimum extends Merge {
  readonly className: string = "Minimum";

  constructor(options: LayerOptions = {}) {
    super("minimum", options, "Minimum");
  }

  protected emit(plan: Plan, operands: Operands): Slab {
    return emitExtreme(plan, "minimum", operands);
  }
}

/** See {@link Add}. */
export function add(options?: LayerOptions): Add {
  return new Add(options);
}

/** See {@link Subtract}. */
export function subtract(options?: LayerOptions): Subtract {
  return new Subtract(options);
}

/** See {@link Multiply}. */
export function multiply(options?: LayerOptions): Multiply {
  return new Multiply(options);
}

/** See {@link Average}. */
export function average(options?: LayerOptions): Average {
  return new Average(options);
}

/** See {@link Maximum}. */
export function maximum(options?: LayerOptions): Maximum {
  return new Maximum(options);
}

/** See {@link Minimum}. */
export function minimum(options?: LayerOptions): Minimum {
  return new Minimum(options);
}
