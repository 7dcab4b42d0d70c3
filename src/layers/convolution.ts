/** Convolutions along time and over images. */

import { ConfigError, ShapeError, show, showShape } from "../errors";
import { getInitializer, type InitializerOption } from "../initializers";
import { type Activation, emitActivation, resolveActivation } from "../ops/activation";
import { emitConvolution } from "../ops/convolution";
import { emitConcat, emitFloat } from "../ops/copy";
import { emitElementwise, stepsOf } from "../ops/elementwise";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Layer, type PlannedCall } from "./layer";
import { channelsLast, configOf, type LayerOptions, positiveInteger, readOptions } from "./options";
import { knownLength, onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";
import { imageShape, type Padding, reachOf, type Windows, walkOf, windowedShape, windowsOf } from "./windows";

/** Options of {@link conv1d} and {@link conv2d}; in two dimensions one number stands for both. */
export interface ConvolutionOptions extends LayerOptions {
  /** Channels of the output. */
  filters: number;
  kernelSize: number | readonly number[];
  /** How far the windows are apart. Default 1. */
  strides?: number | readonly number[];
  /** Default `valid`; `same`; `causal` in one dimension: no output sees later timesteps. */
  padding?: Padding;
  /** Only `channels_last`, the default. */
  dataFormat?: "channels_last" | null;
  /** How far the elements of a window are apart. Default 1. */
  dilationRate?: number | readonly number[];
  /** Each group of filters sees a group of the channels. Default 1. */
  groups?: number;
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
}

const DEFAULTS = {
  filters: undefined as unknown as number,
  kernelSize: undefined as unknown as number | readonly number[],
  strides: 1 as number | readonly number[],
  padding: "valid" as Padding,
  dataFormat: "channels_last" as "channels_last" | null,
  dilationRate: 1 as number | readonly number[],
  groups: 1,
  activation: null as string | null,
  useBias: true,
  kernelInitializer: "glorot_uniform" as InitializerOption,
  biasInitializer: "zeros" as InitializerOption,
  kernelRegularizer: null as unknown,
  biasRegularizer: null as unknown,
  activityRegularizer: null as unknown,
  kernelConstraint: null as unknown,
  biasConstraint: null as unknown,
};

const AXES = ["[batch, timesteps, channels]", "[batch, height, width, channels]"];

/** The mask is not handed on. */
abstract class Convolution extends Layer {
  private readonly options: typeof DEFAULTS;
  private readonly windows: Windows;
  private readonly activation: Activation;
  private kernel!: Weight;
  private bias: Weight | undefined;

  constructor(
    where: string,
    options: ConvolutionOptions,
    className: string,
    private readonly rank: 1 | 2,
  ) {
    const read = readOptions(where, options, DEFAULTS, ["loraRank", "loraAlpha"]);
    super(options, className);
    const { name } = this;
    const { filters, groups } = read;
    positiveInteger(`${name}.filters`, filters);
    positiveInteger(`${name}.groups`, groups);
    if (filters % groups !== 0)
      throw new ConfigError(`${name}.filters`, `a multiple of groups (${groups})`, show(filters));
    this.windows = windowsOf(name, read, rank);
    this.activation = resolveActivation(`${name}.activation`, read.activation);
    const { sizes: kernelSize, strides, dilations: dilationRate } = this.windows;
    const dataFormat = channelsLast(`${name}.dataFormat`, read.dataFormat);
    this.options = { ...read, kernelSize, strides, dilationRate, dataFormat, activation: this.activation.name };
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const shape = onlyShape(this.name, shapes, AXES[this.rank - 1] as string, this.rank + 2);
    const { groups, filters } = this.options;
    const channels = knownLength(this.name, shape, -1, this.kernel && (this.kernel.shape.at(-2) as number) * groups);
    if (channels !== null && channels % groups !== 0) {
      throw new ShapeError(this.name, `channels that make ${groups} groups`, showShape(shape));
    }
    return [windowedShape(this.name, shape, this.windows, filters)];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const channels = (shape as SymbolicShape).at(-1) as number;
    const { filters, groups, useBias, kernelInitializer, biasInitializer } = this.options;
    const kernel = getInitializer(`${this.name}.kernelInitializer`, kernelInitializer);
    this.kernel = this.addWeight("kernel", [...this.windows.sizes, channels / groups, filters], kernel);
    if (!useBias) return;
    this.bias = this.addWeight("bias", [filters], getInitializer(`${this.name}.biasInitializer`, biasInitializer));
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    return [this.emit(plan, emitFloat(plan, inputs[0] as Slab), this.windows)];
  }

  override get pointwise(): boolean {
    return [...this.windows.sizes, ...this.windows.strides].every((d) => d === 1);
  }

  /** A causal convolution remembers as many timesteps as its window reaches back. */
  override planStream(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    const { padding, strides } = this.windows;
    if (this.pointwise || padding !== "causal" || strides[0] !== 1) return super.planStream(plan, inputs, call);
    const x = emitFloat(plan, inputs[0] as Slab);
    const [batch, , channels] = x.shape as [number, number, number];
    const back = reachOf(this.windows, 0) - 1;
    const past = plan.state([batch, back, channels]);
    const seen = emitConcat(plan, [past, x], 1);
    const y = this.emit(plan, seen, { ...this.windows, padding: "valid" });
    const step = { slab: seen, start: channels, steps: stepsOf(seen.shape) };
    emitElementwise(plan, "copy", past.shape, { slab: past, steps: stepsOf(past.shape) }, [step]);
    y.timed = true;
    return [y];
  }

  private emit(plan: Plan, x: Slab, windows: Windows): Slab {
    const { bias, activation } = this;
    const { filters: columns, groups } = this.options;
    const shape = windowedShape(this.name, x.shape, windows, columns) as number[];
    const fused = activation.over === "elements";
    const product = {
      owner: this,
      key: "convolution",
      kernel: () => this.kernel.data,
      bias: bias && (() => bias.data),
      columns,
      groups,
      ...(fused ? { activation } : {}),
    };
    const image = x.view(imageShape(x.shape));
    const pre = emitConvolution(plan, product, image, walkOf(x.shape, windows, shape)).view(shape);
    return fused ? pre : emitActivation(plan, activation, pre);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/**
 * y[t] = activation(bias + Σ kernel[k] · x[t·stride + k·dilation − padding])
 *
 * Input    [batch, timesteps, channels]
 * Output   [batch, windows, filters]
 * Weights  kernel [kernelSize, channels / groups, filters], bias [filters]
 * The mask is not handed on.
 *
 * @throws {ConfigError} when a number is not positive, or `groups` does not divide `filters`.
 * @throws {UnsupportedError} for channels_first, and for strides and dilation together, which Keras refuses too.
 * @throws {ShapeError} when no window fits or the channels are not as it was built.
 * @see Keras 3, `Conv1D`.
 *
 * @example
 * layers.conv1d({ filters: 4, kernelSize: 3, padding: "causal" }).apply([[[1], [2]]]).shape; // [1, 2, 4]
 */
export class Conv1D extends Convolution {
  readonly className: string = "Conv1D";

  constructor(options: ConvolutionOptions) {
    super("conv1d", options, "Conv1D", 1);
  }
}

/**
 * As {@link Conv1D}, over images.
 *
 * Input    [batch, height, width, channels]
 * Output   [batch, windows down, windows across, filters]
 * Weights  kernel [height, width, channels / groups, filters], bias [filters]
 *
 * @example
 * const image = tensor(new Float32Array(12), [1, 3, 4, 1]);
 * layers.conv2d({ filters: 4, kernelSize: [1, 2] }).apply(image).shape; // [1, 3, 3, 4]
 */
export class Conv2D extends Convolution {
  readonly className: string = "Conv2D";

  constructor(options: ConvolutionOptions) {
    super("conv2d", options, "Conv2D", 2);
  }
}

/** See {@link Conv1D}. */
export function conv1d(options: ConvolutionOptions): Conv1D {
  return new Conv1D(options);
}

/** See {@link Conv2D}. */
export function conv2d(options: ConvolutionOptions): Conv2D {
  return new Conv2D(options);
}
