/** Layers of one input that keep its shape and hand on its mask. */

import { emitFloat } from "../ops/copy";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Layer } from "./layer";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";

export abstract class Unary extends Layer {
  override get pointwise(): boolean {
    return true;
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [onlyShape(this.name, shapes, "[batch, …]")];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = emitFloat(plan, inputs[0] as Slab);
    const y = this.emit(plan, x);
    y.mask = x.mask;
    return [y];
  }

  /** The result of floats, of the same shape. */
  protected abstract emit(plan: Plan, x: Slab): Slab;
}
