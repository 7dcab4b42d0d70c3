/** A convolution of each channel by itself, then a product across channels. */

import { getInitializer, type InitializerOption } from "../initializers";
import { type Activation, emitActivation, resolveActivation } from "../ops/activation";
import { emitFloat } from "../ops/copy";
import { emitDense } from "../ops/dense";
import { emitElementwise } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { emitSlide } from "../ops/window";
import { Layer } from "./layer";
import { channelsLast, configOf, type LayerOptions, positiveInteger, readOptions } from "./options";
import { knownLength, onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";
import { imageShape, type Windows, walkOf, windowedShape, windowsOf } from "./windows";

/** Options of {@link separableConv1d}. */
export interface SeparableConv1DOptions extends LayerOptions {
  /** Channels of the output. */
  filters: number;
  kernelSize: number | readonly number[];
  /** How far the windows are apart. Default 1. */
  strides?: number | readonly number[];
  /** Default `valid`. */
  padding?: "valid" | "same";
  /** Only `channels_last`, the default. */
  dataFormat?: "channels_last" | null;
  /** How far the elements of a window are apart. Default 1. */
  dilationRate?: number | readonly number[];
  /** Windows for each channel. Default 1. */
  depthMultiplier?: number;
  /** A Keras name. Default linear. */
  activation?: string | null;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorot_uniform`. */
  depthwiseInitializer?: InitializerOption;
  /** Default `glorot_uniform`. */
  pointwiseInitializer?: InitializerOption;
  /** Default `zeros`. */
  biasInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  depthwiseRegularizer?: unknown;
  pointwiseRegularizer?: unknown;
  biasRegularizer?: unknown;
  depthwiseConstraint?: unknown;
  pointwiseConstraint?: unknown;
  biasConstraint?: unknown;
}

const DEFAULTS = {
  depthMultiplier: 1,
  filters: undefined as unknown as number,
  kernelSize: undefined as unknown as number | readonly number[],
  strides: 1 as number | readonly number[],
  padding: "valid" as "valid" | "same",
  dataFormat: "channels_last" as "channels_last" | null,
  dilationRate: 1 as number | readonly number[],
  activation: null as string | null,
  useBias: true,
  depthwiseInitializer: "glorot_uniform" as InitializerOption,
  pointwiseInitializer: "glorot_uniform" as InitializerOption,
  biasInitializer: "zeros" as InitializerOption,
  depthwiseRegularizer: null as unknown,
  pointwiseRegularizer: null as unknown,
  biasRegularizer: null as unknown,
  activityRegularizer: null as unknown,
  depthwiseConstraint: null as unknown,
  pointwiseConstraint: null as unknown,
  biasConstraint: null as unknown,
};

/**
 * d[t, c·m + j] = Σ depthwise[k, c, j] · x[t·stride + k·dilation − padding, c];  y = activation(bias + d pointwise)
 *
 * Input    [batch, timesteps, channels]
 * Output   [batch, windows, filters]
 * Weights  depthwise_kernel [kernelSize, channels, m], pointwise_kernel [1, channels · m, filters], bias [filters];
 *          m = depthMultiplier
 * The mask is not handed on.
 *
 * @throws {ConfigError} when a number is not positive. @throws {UnsupportedError} for channels_first.
 * @throws {ShapeError} when no window fits or the channels are not as it was built.
 * @see Chollet 2017; Keras 3, `SeparableConv1D`.
 *
 * @example
 * layers.separableConv1d({ filters: 4, kernelSize: 2 }).apply([[[1], [2]]]).shape; // [1, 1, 4]
 */
export class SeparableConv1D extends Layer {
  readonly className: string = "SeparableConv1D";
  private readonly options: typeof DEFAULTS;
  private readonly windows: Windows;
  private readonly activation: Activation;
  private depthwise!: Weight;
  private across!: Weight;
  private bias: Weight | undefined;

  constructor(options: SeparableConv1DOptions) {
    const read = readOptions("separableConv1d", options, DEFAULTS);
    super(options, "SeparableConv1D");
    const { name } = this;
    positiveInteger(`${name}.filters`, read.filters);
    positiveInteger(`${name}.depthMultiplier`, read.depthMultiplier);
    this.windows = windowsOf(name, read, 1, false);
    this.activation = resolveActivation(`${name}.activation`, read.activation);
    const { sizes: kernelSize, strides, dilations: dilationRate } = this.windows;
    const dataFormat = channelsLast(`${name}.dataFormat`, read.dataFormat);
    this.options = { ...read, kernelSize, strides, dilationRate, dataFormat, activation: this.activation.name };
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = onlyShape(this.name, shapes, "[batch, timesteps, channels]", 3);
    knownLength(this.name, shape, -1, this.depthwise?.shape[1]);
    return [windowedShape(this.name, shape, this.windows, this.options.filters)];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const channels = (shape as SymbolicShape).at(-1) as number;
    const { filters, depthMultiplier, useBias } = this.options;
    const start = (key: "depthwiseInitializer" | "pointwiseInitializer" | "biasInitializer") =>
      getInitializer(`${this.name}.${key}`, this.options[key]);
    const window = [...this.windows.sizes, channels, depthMultiplier];
    this.depthwise = this.addWeight("depthwise_kernel", window, start("depthwiseInitializer"));
    const matrix = [1, channels * depthMultiplier, filters];
    this.across = this.addWeight("pointwise_kernel", matrix, start("pointwiseInitializer"));
    if (useBias) this.bias = this.addWeight("bias", [filters], start("biasInitializer"));
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const x = emitRepeated(plan, emitFloat(plan, inputs[0] as Slab), this.options.depthMultiplier);
    const { bias, activation, depthwise } = this;
    const shape = windowedShape(this.name, x.shape, this.windows, x.dim(-1)) as number[];
    const kernel = plan.constant(this, "depthwise", [depthwise.size], () => depthwise.data);
    const walk = walkOf(x.shape, this.windows, shape);
    const filtered = emitSlide(plan, "weighted", x.view(imageShape(x.shape)), walk, kernel).view(shape);
    const fused = activation.over === "elements";
    const product = {
      owner: this,
      key: "pointwise",
      kernel: () => this.across.data,
      bias: bias && (() => bias.data),
      columns: this.options.filters,
      ...(fused ? { activation } : {}),
    };
    const pre = emitDense(plan, product, filtered);
    return [fused ? pre : emitActivation(plan, activation, pre)];
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** Every channel `times` times, side by side. */
function emitRepeated(plan: Plan, x: Slab, times: number): Slab {
  if (times === 1) return x;
  const y = plan.slab([...x.shape.slice(0, -1), x.dim(-1) * times]);
  const from = { slab: x, steps: [1, 0] };
  emitElementwise(plan, "copy", [x.size, times], { slab: y, steps: [times, 1] }, [from]);
  return y;
}

/** See {@link SeparableConv1D}. */
export function separableConv1d(options: SeparableConv1DOptions): SeparableConv1D {
  return new SeparableConv1D(options);
}
