/** The fully connected layer. */

import { ShapeError, showShape } from "../errors";
import { getInitializer, type InitializerOption } from "../initializers";
import { type Activation, emitActivation, resolveActivation } from "../ops/activation";
import { emitFloat } from "../ops/copy";
import { emitDense } from "../ops/dense";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Layer } from "./layer";
import { configOf, type LayerOptions, positiveInteger, readOptions } from "./options";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";

/** Options of {@link dense}. */
export interface DenseOptions extends LayerOptions {
  /** Width of the output. */
  units: number;
  /** A Keras name. Default linear. */
  activation?: string | null;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorot_uniform`. */
  kernelInitializer?: InitializerOption;
  /** Default `zeros`. */
  biasInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  kernelRegularizer?: unknown;
  biasRegularizer?: unknown;
  kernelConstraint?: unknown;
  biasConstraint?: unknown;
  loraRank?: null;
  loraAlpha?: null;
  quantizationConfig?: null;
}

const DEFAULTS = {
  units: undefined as unknown as number,
  activation: "linear" as string | null,
  useBias: true,
  kernelInitializer: "glorot_uniform" as InitializerOption,
  biasInitializer: "zeros" as InitializerOption,
  kernelRegularizer: null as unknown,
  biasRegularizer: null as unknown,
  kernelConstraint: null as unknown,
  biasConstraint: null as unknown,
};

/**
 * y = activation(x W + b) on the last axis.
 *
 * Input    [batch, …, inputDim]
 * Output   [batch, …, units]
 * Weights  kernel [inputDim, units], bias [units]
 * The mask is handed on.
 *
 * @throws {ConfigError} when `units` is not a positive integer.
 * @throws {ShapeError} from `apply`, when the last axis is not inputDim wide.
 * @see Keras 3, `Dense`.
 *
 * @example
 * layers.dense({ units: 2, activation: "softmax" }).apply([[1, 2, 3]]).shape; // [1, 2]
 */
export class Dense extends Layer {
  readonly className: string = "Dense";
  readonly units: number;
  readonly activation: Activation;
  private readonly options: typeof DEFAULTS;
  private kernel!: Weight;
  private bias: Weight | undefined;

  constructor(options: DenseOptions) {
    const read = readOptions("dense", options, DEFAULTS, UNUSED);
    super(options, "Dense");
    this.options = read;
    this.units = positiveInteger(`${this.name}.units`, read.units);
    this.activation = resolveActivation(`${this.name}.activation`, read.activation);
  }

  override get pointwise(): boolean {
    return true;
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const width = shape?.at(-1);
    if (typeof width !== "number") throw new ShapeError(this.name, "a known last axis", showShape(shape ?? []));
    const { kernelInitializer, biasInitializer, useBias } = this.options;
    const kernel = getInitializer(`${this.name}.kernelInitializer`, kernelInitializer);
    this.kernel = this.addWeight("kernel", [width, this.units], kernel);
    if (!useBias) return;
    this.bias = this.addWeight("bias", [this.units], getInitializer(`${this.name}.biasInitializer`, biasInitializer));
  }

  override outputShapes([shape]: readonly SymbolicShape[]): readonly SymbolicShape[] {
    if (!shape || shape.length < 2) throw new ShapeError(this.name, "[batch, …, features]", showShape(shape ?? []));
    const width = this.kernel?.shape[0];
    if (width !== undefined && shape.at(-1) !== null && shape.at(-1) !== width) {
      throw new ShapeError(this.name, `${width} features, as it was built with`, showShape(shape));
    }
    return [[...shape.slice(0, -1), this.units]];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = emitFloat(plan, inputs[0] as Slab);
    const { bias, activation } = this;
    const fused = activation.over === "elements";
    const product = {
      owner: this,
      key: "dense",
      kernel: () => this.kernel.data,
      bias: bias && (() => bias.data),
      columns: this.units,
    };
    const pre = emitDense(plan, fused ? { ...product, activation } : product, x);
    const y = fused ? pre : emitActivation(plan, activation, pre);
    y.mask = x.mask;
    return [y];
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** Taken as null and left out of the configuration. */
const UNUSED = ["loraRank", "loraAlpha", "quantizationConfig"];

/** See {@link Dense}. */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
