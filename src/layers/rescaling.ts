/** A fixed scale and offset. */

import { emitBroadcast } from "../ops/elementwise";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { Tensor } from "../tensor";
import { type ArrayOption, arrayOption } from "./constants";
import { configOf, type LayerOptions, readOptions } from "./options";
import { Unary } from "./unary";

/** Options of {@link rescaling}. */
export interface RescalingOptions extends LayerOptions {
  /** A number, or nested lists that broadcast against the input. */
  scale: ArrayOption;
  /** Default 0. */
  offset?: ArrayOption;
}

/**
 * y = x · scale + offset
 *
 * Input    [batch, …], numbers of any type
 * Output   the same shape, floats, with the mask
 *
 * @throws {ConfigError} when `scale` or `offset` are no finite numbers.
 *
 * @example
 * layers.rescaling({ scale: 1 / 255 }).apply([[0, 255]]).toArray(); // [[0, 1]]
 */
export class Rescaling extends Unary {
  readonly className: string = "Rescaling";
  private readonly options: { scale: ArrayOption; offset: ArrayOption };
  private readonly scale: Tensor;
  private readonly offset: Tensor;

  constructor(options: RescalingOptions) {
    const defaults = { scale: undefined as unknown as ArrayOption, offset: 0 as ArrayOption };
    const read = readOptions("rescaling", options, defaults);
    super(options, "Rescaling");
    this.options = read;
    this.scale = arrayOption(`${this.name}.scale`, read.scale);
    this.offset = arrayOption(`${this.name}.offset`, read.offset);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const { scale, offset } = this;
    if (scale.shape.length + offset.shape.length === 0) {
      return emitFunction(plan, "affine", x, scale.data[0], offset.data[0]);
    }
    const factor = plan.constant(this, "scale", scale.shape, () => scale.data);
    const shift = plan.constant(this, "offset", offset.shape, () => offset.data);
    return emitBroadcast(plan, "add", [emitBroadcast(plan, "multiply", [x, factor]), shift]);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link Rescaling}. */
export function rescaling(options: RescalingOptions): Rescaling {
  return new Rescaling(options);
}
