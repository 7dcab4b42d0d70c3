/** What all layers share: weights, names, and the two ways to call one. */

import { ArgumentError, ShapeError, showShape, UnsupportedError } from "../errors";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType, Tensor, TensorLike } from "../tensor";
import { type Engine, sharedEngine } from "../wasm/engine";
import { type CallOptions, checkedArguments, concreteCall, type EagerCall, statesOf } from "./call";
import { checkedName } from "./names";
import { type LayerOptions, shapeOption } from "./options";
import { Plans } from "./plans";
import { GraphNode, type SymbolicCall, type SymbolicShape, SymbolicTensor } from "./symbolic";
import { Weighted } from "./weighted";

/** What a layer gives for symbolic and for concrete input. */
export interface Result {
  symbolic: unknown;
  concrete: unknown;
}
/** One tensor. */
export interface One extends Result {
  symbolic: SymbolicTensor;
  concrete: Tensor;
}

/** What a layer's plan is given besides its inputs, whose masks ride on them. */
export interface PlannedCall {
  /** Empty when none was given. */
  readonly initialState: readonly Slab[];
  /** Arguments of the layer's own, plain values. */
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * The base of all layers. A layer is constructed (configuration checked), built (weights made), planned (kernel
 * calls for one input shape) and run.
 */
export abstract class Layer<R extends Result = One> extends Weighted {
  /** The Keras class name. */
  abstract readonly className: string;
  readonly trainable: boolean;
  readonly dtype: unknown;
  private readonly activityRegularizer: unknown;
  /** The shape it was told to expect, batch axis included. */
  readonly batchInputShape: SymbolicShape | undefined;
  private inputShapes: readonly SymbolicShape[] | undefined;
  protected readonly plans: Plans;

  constructor(options: LayerOptions, className: string) {
    super(checkedName(className, options.name));
    this.plans = new Plans(this);
    this.trainable = options.trainable ?? true;
    this.dtype = options.dtype ?? null;
    this.activityRegularizer = options.activityRegularizer ?? null;
    const shape = shapeOption(`${this.name}.inputShape`, options.inputShape);
    this.batchInputShape =
      shapeOption(`${this.name}.batchInputShape`, options.batchInputShape) ??
      (shape && [options.batchSize ?? null, ...shape]);
  }

  /** The layer's own options in the keys of Keras; {@link Layer.getConfig} adds name, trainable and dtype. */
  protected abstract ownConfig(): Record<string, unknown>;
  /** Makes the weights for these input shapes; called once. */
  protected createWeights(_inputs: readonly SymbolicShape[]): void {}
  /** The shapes of the outputs; refuses inputs that do not fit. */
  abstract outputShapes(
    inputs: readonly SymbolicShape[],
    args?: Readonly<Record<string, unknown>>,
  ): readonly SymbolicShape[];
  /** Appends the kernel calls for these inputs to the plan. */
  abstract plan(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[];
  /** True when each timestep of the output needs the same timestep of the input and nothing else. */
  get pointwise(): boolean {
    return false;
  }
  /**
   * Appends the kernel calls for one timestep of a stream: axis 1 of the inputs has one element, and what must be
   * remembered is kept in `plan.state`. Sets `timed` on the outputs that have a timestep.
   * @throws {UnsupportedError} when the layer needs timesteps that have not come yet.
   */
  planStream(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    if (!this.pointwise) {
      throw new UnsupportedError(
        `stream, ${this.name} (${this.className})`,
        "a layer that needs no later timesteps",
        "one that does",
      );
    }
    const outputs = this.plan(plan, inputs, call);
    for (const slab of outputs) slab.timed = true;
    return outputs;
  }
  override children(): readonly (readonly [string, Layer<Result>])[] {
    return [];
  }
  /** The type of the output; most layers compute floats. */
  outputDType(_input: DType): DType {
    return "float32";
  }
  /** The types of all outputs; one for all when it is one. */
  outputDTypes(inputs: readonly DType[]): readonly DType[] {
    return [this.outputDType(inputs[0] as DType)];
  }
  /** The input shape of a sequential model that begins with this layer, when nobody says otherwise. */
  get impliedInputShape(): SymbolicShape | undefined {
    return undefined;
  }
  /** True for layers that take a list of inputs even when it has one element. */
  get takesList(): boolean {
    return false;
  }

  /** True for operations that files draw into graphs; they are no members of `model.layers`. */
  get isOperation(): boolean {
    return false;
  }
  /** Refuses initial states that do not fit, or that the layer does not take; none is always allowed. */
  checkInitialState(_inputs: readonly SymbolicShape[], states: readonly { readonly shape: SymbolicShape }[]): void {
    if (states.length === 0) return;
    throw new ArgumentError(`${this.name}.apply`, "no initialState", `${states.length} states`);
  }
  /** Names of the call arguments that this layer takes beside mask, initialState and training. */
  get callArguments(): readonly string[] {
    return [];
  }

  override get built(): boolean {
    return this.inputShapes !== undefined;
  }

  /** The input shapes it was built for. */
  get builtFor(): readonly SymbolicShape[] | undefined {
    return this.inputShapes;
  }

  /** Makes the weights. `shape` is one shape or a list of shapes, batch axis included. Twice is allowed. */
  build(shape: SymbolicShape | readonly SymbolicShape[]): this {
    const shapes = isShape(shape) ? [shape] : shape;
    if (!this.inputShapes) {
      this.outputShapes(shapes);
      this.createWeights(shapes);
      this.inputShapes = shapes;
    }
    return this;
  }

  /** The configuration in Keras' keys; `layers.deserialize({ class_name, config })` makes the same layer of it. */
  getConfig(): Record<string, unknown> {
    const { name, trainable, activityRegularizer } = this;
    const regularizer = activityRegularizer === null ? {} : { activity_regularizer: activityRegularizer };
    return { name, trainable, dtype: this.dtype ?? "float32", ...regularizer, ...this.ownConfig() };
  }

  /** The layer as a Keras object, as it stands in a model's configuration. */
  toSpec(): Record<string, unknown> {
    return {
      module: "keras.layers",
      class_name: this.className,
      config: this.getConfig(),
      registered_name: null,
      ...(this.inputShapes ? { build_config: this.buildConfig(this.inputShapes) } : {}),
    };
  }

  /** What Keras builds the layer with when it reads a file. */
  protected buildConfig(inputs: readonly SymbolicShape[]): Record<string, unknown> {
    return { input_shape: this.takesList ? inputs : inputs[0] };
  }

  /**
   * Calls the layer: numbers in, numbers out; or symbolic tensors in, symbolic tensors out. Builds it on first use.
   *
   * @throws {ShapeError} when the input does not fit.
   */
  apply(x: SymbolicTensor | readonly SymbolicTensor[], options?: CallOptions<SymbolicTensor>): R["symbolic"];
  apply(x: TensorLike | readonly TensorLike[], options?: CallOptions<TensorLike>): R["concrete"];
  apply(
    x: SymbolicTensor | TensorLike | readonly (SymbolicTensor | TensorLike)[],
    options: CallOptions<SymbolicTensor> | CallOptions<TensorLike> = {},
  ): unknown {
    this.alive("apply");
    const list = Array.isArray(x) ? (x as readonly unknown[]) : [x];
    const outputs =
      list[0] instanceof SymbolicTensor
        ? this.symbolic(list as readonly SymbolicTensor[], options as CallOptions<SymbolicTensor>)
        : this.run(this.concrete(x as TensorLike, options as CallOptions<TensorLike>));
    return outputs.length === 1 ? outputs[0] : outputs;
  }

  /** The mask that the layer hands on, or null. */
  computeMask(x: TensorLike | readonly TensorLike[], options: CallOptions<TensorLike> = {}): Tensor | null {
    const call = this.concrete(x, options);
    return this.plans.planFor(this.engine(), call, "mask").execute(call.data)[0] ?? null;
  }

  protected concrete(x: TensorLike | readonly TensorLike[], options: CallOptions<TensorLike>): EagerCall {
    return concreteCall(this.name, this.takesList, this.callArguments, x, options);
  }

  private symbolic(inputs: readonly SymbolicTensor[], options: CallOptions<SymbolicTensor>): readonly SymbolicTensor[] {
    const args = checkedArguments(this.name, this.callArguments, options);
    const mask = Array.isArray(options.mask) ? options.mask : [options.mask ?? null];
    const initialState = statesOf(options);
    // As in Keras 3, an initial state turns off the mask that the input carries.
    const implied = initialState.length > 0 ? "none" : null;
    return this.connect(inputs, { masks: inputs.map((_, k) => mask[k] ?? implied), initialState, args });
  }

  /** Draws one call into a graph: checks it, builds the layer and gives the tensors that stand for its results. */
  connect(inputs: readonly SymbolicTensor[], call: SymbolicCall): readonly SymbolicTensor[] {
    const shapes = inputs.map((t) => t.shape);
    this.build(shapes);
    this.checkInitialState(shapes, call.initialState);
    const dtypes = this.outputDTypes(inputs.map((t) => t.dtype));
    return new GraphNode(this, inputs, call, this.outputShapes(shapes, call.args), dtypes).outputs;
  }

  /** Where its plans run. */
  protected engine(): Engine {
    return sharedEngine();
  }

  /** Runs the layer on numbers by a plan that is kept for the next call with the same shapes. */
  protected run(call: EagerCall): Tensor[] {
    return this.plans.run(this.engine(), call);
  }

  /** Refuses inputs of another rank, or another width than the first ones had. */
  protected checkRank(shape: SymbolicShape | undefined, rank: number, axes: string): SymbolicShape {
    if (shape?.length === rank) return shape;
    throw new ShapeError(this.name, axes, shape ? showShape(shape) : "nothing");
  }
}

function isShape(shape: SymbolicShape | readonly SymbolicShape[]): shape is SymbolicShape {
  return !Array.isArray(shape[0]);
}
