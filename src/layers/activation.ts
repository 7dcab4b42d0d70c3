/** Activations as layers. */

import { ShapeError, showShape } from "../errors";
import type { Activation as ResolvedActivation } from "../ops/activation";
import { emitActivation, resolveActivation } from "../ops/activation";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { configOf, finiteNumber, type LayerOptions, readOptions } from "./options";
import { knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import { Unary } from "./unary";

/** Options of {@link activation}. */
export interface ActivationOptions extends LayerOptions {
  /** A Keras name; null means linear. */
  activation: string | null;
}

/**
 * An activation by its Keras name, element by element or (softmax and the like) over the last axis.
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask; glu halves the last axis
 *
 * @throws {ConfigError} for a name that Keras does not know.
 *
 * @example
 * layers.activation({ activation: "relu" }).apply([[-1, 2]]).toArray(); // [[0, 2]]
 */
export class Activation extends Unary {
  readonly className: string = "Activation";
  private readonly activation: ResolvedActivation;

  constructor(options: ActivationOptions) {
    const read = readOptions("activation", options, { activation: undefined as unknown as string | null });
    super(options, "Activation");
    this.activation = resolveActivation(`${this.name}.activation`, read.activation);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [shape] = super.outputShapes(shapes) as [SymbolicShape];
    if (this.activation.name !== "glu") return [shape];
    const width = knownLength(this.name, shape, -1) as number;
    if (width % 2) throw new ShapeError(this.name, "an even last axis", showShape(shape));
    return [[...shape.slice(0, -1), width / 2]];
  }

  protected emit(plan: Plan, x: Slab): Slab {
    return emitActivation(plan, this.activation, x);
  }

  protected ownConfig() {
    return { activation: this.activation.name };
  }
}

/** Options of {@link relu}. */
export interface ReLUOptions extends LayerOptions {
  /** Results are at most this; null, the default, means no bound. */
  maxValue?: number | null;
  /** The slope below the threshold. Default 0. */
  negativeSlope?: number;
  /** Below it the slope counts. Default 0. */
  threshold?: number;
}

/**
 * max(x, 0); in full: maxValue where x ≥ maxValue, x where x ≥ threshold, else negativeSlope · (x − threshold).
 *
 * Input    [batch, …]
 * Output   the same shape, with the mask
 *
 * @throws {ConfigError} for a negative number.
 * @see Keras 3, `ReLU`.
 *
 * @example
 * layers.relu({ maxValue: 1 }).apply([[-1, 0.5, 2]]).toArray(); // [[0, 0.5, 1]]
 */
export class ReLU extends Unary {
  readonly className: string = "ReLU";
  private readonly options: Required<Pick<ReLUOptions, "maxValue" | "negativeSlope" | "threshold">>;

  constructor(options: ReLUOptions = {}) {
    const read = readOptions("relu", options, { maxValue: null as number | null, negativeSlope: 0, threshold: 0 });
    super(options, "ReLU");
    this.options = read;
    if (read.maxValue !== null) finiteNumber(`${this.name}.maxValue`, read.maxValue, 0);
    finiteNumber(`${this.name}.negativeSlope`, read.negativeSlope, 0);
    finiteNumber(`${this.name}.threshold`, read.threshold, 0);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    const { maxValue, negativeSlope, threshold } = this.options;
    return emitFunction(plan, "clipped_relu", x, negativeSlope, maxValue ?? Number.POSITIVE_INFINITY, threshold);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** Options of {@link leakyReLU}. */
export interface LeakyReLUOptions extends LayerOptions {
  /** The slope below 0. Default 0.3. */
  negativeSlope?: number;
}

/**
 * x, or negativeSlope · x below 0. The mask is handed on.
 * @throws {ConfigError} for a negative slope.
 */
export class LeakyReLU extends Unary {
  readonly className: string = "LeakyReLU";
  private readonly options: { negativeSlope: number };

  constructor(options: LeakyReLUOptions = {}) {
    const read = readOptions("leakyReLU", options, { negativeSlope: 0.3 });
    super(options, "LeakyReLU");
    this.options = read;
    finiteNumber(`${this.name}.negativeSlope`, read.negativeSlope, 0);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    return emitFunction(plan, "leaky_relu", x, this.options.negativeSlope);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** Options of {@link elu}. */
export interface ELUOptions extends LayerOptions {
  /** Minus the limit for small x. Default 1. */
  alpha?: number;
}

/** x, or alpha · (eˣ − 1) below 0. The mask is handed on. */
export class ELU extends Unary {
  readonly className: string = "ELU";
  private readonly options: { alpha: number };

  constructor(options: ELUOptions = {}) {
    const read = readOptions("elu", options, { alpha: 1 });
    super(options, "ELU");
    this.options = read;
    finiteNumber(`${this.name}.alpha`, read.alpha);
  }

  protected emit(plan: Plan, x: Slab): Slab {
    return emitFunction(plan, "elu", x, this.options.alpha);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link Activation}. */
export function activation(options: ActivationOptions): Activation {
  return new Activation(options);
}

/** See {@link ReLU}. */
export function relu(options?: ReLUOptions): ReLU {
  return new ReLU(options);
}

/** See {@link LeakyReLU}. */
export function leakyReLU(options?: LeakyReLUOptions): LeakyReLU {
  return new LeakyReLU(options);
}

/** See {@link ELU}. */
export function elu(options?: ELUOptions): ELU {
  return new ELU(options);
}
