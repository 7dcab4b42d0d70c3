/** The products inside attention with several heads; Keras calls them EinsumDense. */

import { getInitializer, type InitializerOption } from "../initializers";
import { resolveActivation } from "../ops/activation";
import { emitDense } from "../ops/dense";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { sizeOf } from "../tensor";
import { Layer } from "./layer";
import type { LayerOptions } from "./options";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";

/** What all projections of a layer share. */
export interface ProjectionOptions extends LayerOptions {
  useBias: boolean;
  kernelInitializer: InitializerOption;
  biasInitializer: InitializerOption;
}

/**
 * y = activation(x W + b) where the last axis stands for several.
 *
 * Input    [batch, timesteps, width]
 * Output   [batch, timesteps, size of `to`]
 * Weights  kernel [...from, ...to], bias [...to]; `from` is [width] when it is not given
 */
export class Projection extends Layer {
  readonly className: string = "EinsumDense";
  private kernel!: Weight;
  private bias: Weight | undefined;

  constructor(
    private readonly read: ProjectionOptions,
    private readonly to: readonly number[],
    private readonly activation: "linear" | "sigmoid" = "linear",
    private readonly from?: readonly number[],
  ) {
    super(read, "EinsumDense");
  }

  override outputShapes([shape]: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [[...(shape as SymbolicShape).slice(0, -1), sizeOf(this.to)]];
  }

  /** Width of the input that it was built for. */
  get width(): number | undefined {
    return this.kernel && this.kernel.size / sizeOf(this.to);
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const { useBias, kernelInitializer, biasInitializer } = this.read;
    const from = this.from ?? [(shape as SymbolicShape).at(-1) as number];
    const kernel = getInitializer(`${this.name}.kernelInitializer`, kernelInitializer);
    this.kernel = this.addWeight("kernel", [...from, ...this.to], kernel);
    if (!useBias) return;
    this.bias = this.addWeight("bias", this.to, getInitializer(`${this.name}.biasInitializer`, biasInitializer));
  }

  override plan(plan: Plan, [x]: readonly Slab[]): readonly Slab[] {
    const { bias } = this;
    const product = {
      owner: this,
      key: "projection",
      kernel: () => this.kernel.data,
      bias: bias && (() => bias.data),
      columns: sizeOf(this.to),
      activation: resolveActivation(this.name, this.activation),
    };
    return [emitDense(plan, product, x as Slab)];
  }

  protected ownConfig() {
    return {};
  }
}
