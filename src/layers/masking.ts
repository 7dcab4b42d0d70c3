/** Timesteps that hold nothing. */

import { emitFloat } from "../ops/copy";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Layer } from "./layer";
import { configOf, finiteNumber, type LayerOptions, readOptions } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";

/** Options of {@link masking}. */
export interface MaskingOptions extends LayerOptions {
  /** Timesteps whose features all equal it are masked. Default 0. */
  maskValue?: number;
}

const DEFAULTS = { maskValue: 0 };

/**
 * Masks timesteps that hold nothing but one value, and sets them to 0.
 *
 * Input    [batch, timesteps, …, features]
 * Output   the same shape
 * Mask     [batch, timesteps, …]: true where any feature differs from `maskValue`; NaN differs from everything
 *
 * @throws {ConfigError} when `maskValue` is not a number.
 * @see Keras 3, `Masking`.
 *
 * @example
 * layers.masking().computeMask([[[1, 2], [0, 0]]])?.toArray(); // [[true, false]]
 */
export class Masking extends Layer {
  readonly className: string = "Masking";
  private readonly read: typeof DEFAULTS;

  constructor(options: MaskingOptions = {}) {
    const read = readOptions("masking", options, DEFAULTS);
    super(options, "Masking");
    this.read = read;
    finiteNumber(`${this.name}.maskValue`, read.maskValue);
  }

  override get pointwise(): boolean {
    return true;
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [onlyShape(this.name, inputs, "[batch, …, features]")];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = emitFloat(plan, inputs[0] as Slab);
    const { kernels } = plan.engine;
    const { maskValue } = this.read;
    const y = plan.slab(x.shape);
    const mask = plan.slab(x.shape.slice(0, -1), "bool");
    plan.step([x, y, mask], () => kernels.maskingRows(x.ptr, x.rows, x.dim(-1), maskValue, y.ptr, mask.ptr));
    y.mask = mask;
    return [y];
  }

  protected ownConfig() {
    return configOf(this.read);
  }
}

/** See {@link Masking}. */
export function masking(options: MaskingOptions = {}): Masking {
  return new Masking(options);
}
