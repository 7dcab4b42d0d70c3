/** A sequence read in both directions. */

import { ConfigError, StateError, show } from "../errors";
import { emitBroadcast } from "../ops/elementwise";
import { emitFork } from "../ops/fork";
import { emitFunction } from "../ops/function";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { Tensor, TensorLike } from "../tensor";
import { Layer, type PlannedCall, type Result } from "./layer";
import { configOf, type LayerOptions, oneOf, readOptions } from "./options";
import type { Only } from "./recurrent/options";
import { Recurrent } from "./recurrent/recurrent";
import type { Flag, Repeat } from "./recurrent/result";
import { checkStates } from "./recurrent/states";
import type { SymbolicShape, SymbolicTensor } from "./symbolic";

/** Rows of a batch up to which the directions may run on two threads; more are better shared out. */
const MOST_AT_ONCE = 3;

/** How two outputs become one; null keeps both. */
export type MergeMode = "concat" | "sum" | "mul" | "ave" | null;

/** Options of {@link bidirectional}. */
export interface BidirectionalOptions extends LayerOptions {
  /** A recurrent layer. It is copied, without its weights. */
  layer: Recurrent;
  /** The layer that reads the other way, used as it is. Default: a copy of `layer` with `goBackwards`. */
  backwardLayer?: Recurrent | null;
  /** Default `concat`. */
  mergeMode?: MergeMode;
}

const DEFAULTS = {
  mergeMode: "concat" as MergeMode,
  layer: undefined as unknown as Recurrent,
  backwardLayer: null as Recurrent | null,
};

/** One or two outputs, with the states of both directions where they are returned. */
type Merged<Mode, Returned, N extends number, X> =
  | (null extends Mode ? WithStates<[X, X], [X, X], Returned, N, X> : never)
  | ([Exclude<Mode, null>] extends [never] ? never : WithStates<[X], X, Returned, N, X>);

type WithStates<Outputs extends readonly unknown[], Alone, Returned, N extends number, X> =
  | (true extends Returned ? [...Outputs, ...Repeat<X, N>, ...Repeat<X, N>] : never)
  | (false extends Returned ? Alone : never);

/** The result of a wrapper with options O: it follows `mergeMode` and the options of the layer inside. */
export interface BidirectionalResult<O extends BidirectionalOptions> extends Result {
  symbolic: MergedBy<O, SymbolicTensor>;
  concrete: MergedBy<O, Tensor>;
}
type MergedBy<O extends BidirectionalOptions, X> = Merged<
  Flag<O, "mergeMode", "concat">,
  Flag<O["layer"]["given"], "returnState">,
  O["layer"]["stateCount"],
  X
>;

const SHARED = ["stateful", "returnSequences", "returnState"] as const;

/**
 * Runs a recurrent layer forwards and another one backwards over the same sequence.
 *
 * Input    [batch, timesteps, inputDim]
 * Output   [batch, 2·units], or [batch, timesteps, 2·units] with `returnSequences`, the backward half in the order of
 *          the input; `units` wide for sum, mul and ave; two outputs for null. Then the states: forward, backward
 * Weights  those of the forward layer, then those of the backward layer
 * Masks    with `returnSequences` both layers give 0 at masked timesteps, whatever their options say
 *
 * @throws {ConfigError} when the layers go the same way, or differ in stateful, returnSequences or returnState.
 * @see Schuster & Paliwal 1997; Keras 3 `Bidirectional`.
 *
 * @example
 * const layer = layers.lstm({ units: 3, returnSequences: true });
 * layers.bidirectional({ layer }).apply(tensor(new Float32Array(20), [1, 4, 5])).shape; // [1, 4, 6]
 */
export class Bidirectional<O extends BidirectionalOptions = BidirectionalOptions> extends Layer<
  BidirectionalResult<O>
> {
  readonly className: string = "Bidirectional";
  readonly mergeMode: MergeMode;
  readonly forwardLayer: Recurrent;
  readonly backwardLayer: Recurrent;

  constructor(options: O) {
    const { layer, backwardLayer, mergeMode } = readOptions("bidirectional", options, DEFAULTS);
    checkRecurrent("layer", layer);
    if (backwardLayer) checkRecurrent("backwardLayer", backwardLayer);
    super({ ...inputShapeOf(layer), ...options }, "Bidirectional");
    this.mergeMode = oneOf(`${this.name}.mergeMode`, mergeMode, ["concat", "sum", "mul", "ave", null]);
    this.forwardLayer = layer.twin({ name: `forward_${layer.name.replace(/^forward_/, "")}` });
    this.backwardLayer =
      backwardLayer ?? layer.twin({ name: `backward_${layer.name.replace(/^backward_/, "")}`, goBackwards: true });
    this.checkPair();
    this.forwardLayer.zeroOutputForMask = layer.returnSequences;
    this.backwardLayer.zeroOutputForMask = layer.returnSequences;
  }

  private checkPair(): void {
    const { forwardLayer: a, backwardLayer: b, mergeMode } = this;
    if (a.goBackwards === b.goBackwards) {
      throw new ConfigError(this.name, "layers that differ in goBackwards", `${a.goBackwards} in both`);
    }
    for (const key of SHARED) {
      if (a[key] !== b[key]) {
        throw new ConfigError(this.name, `layers with the same ${key}`, `${a[key]} forwards and ${b[key]} backwards`);
      }
    }
    const widths = [a, b].map((layer) => layer.cell.outputSize);
    if (mergeMode !== null && mergeMode !== "concat" && widths[0] !== widths[1]) {
      throw new ConfigError(this.name, `layers of the same width for ${mergeMode}`, widths.join(" and "));
    }
  }

  get stateful(): boolean {
    return this.forwardLayer.stateful;
  }

  override children() {
    return [["forward_layer", this.forwardLayer] as const, ["backward_layer", this.backwardLayer] as const];
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    this.forwardLayer.build(shape as SymbolicShape);
    this.backwardLayer.build(shape as SymbolicShape);
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const [forward = [], ...forwardStates] = this.forwardLayer.outputShapes(inputs);
    const [backward = [], ...backwardStates] = this.backwardLayer.outputShapes(inputs);
    return [...this.mergedShapes(forward, backward), ...forwardStates, ...backwardStates];
  }

  private mergedShapes(forward: SymbolicShape, backward: SymbolicShape): readonly SymbolicShape[] {
    if (this.mergeMode === null) return [forward, backward];
    if (this.mergeMode !== "concat") return [forward];
    return [[...forward.slice(0, -1), this.forwardLayer.cell.outputSize + this.backwardLayer.cell.outputSize]];
  }

  /** How many of a flat list of states are those of the forward layer. */
  private get forwardStates(): number {
    return this.forwardLayer.stateCount;
  }

  override checkInitialState(
    inputs: readonly SymbolicShape[],
    states: readonly { readonly shape: SymbolicShape }[],
  ): void {
    const sizes = [this.forwardLayer, this.backwardLayer].flatMap((layer) => layer.cell.stateSizes);
    checkStates(this.name, sizes, inputs[0]?.[0] ?? null, states);
  }

  override plan(plan: Plan, inputs: readonly Slab[], { initialState }: PlannedCall): readonly Slab[] {
    const { forwardLayer, backwardLayer, mergeMode } = this;
    const x = inputs[0] as Slab;
    const width = forwardLayer.cell.outputSize;
    const wide = mergeMode === "concat";
    const y = forwardLayer.outputSlab(plan, x, wide ? width + backwardLayer.cell.outputSize : width);
    const other = wide ? y : backwardLayer.outputSlab(plan, x);
    const [first, second] = [initialState.slice(0, this.forwardStates), initialState.slice(this.forwardStates)];
    const flip = forwardLayer.returnSequences;
    const states: Slab[] = [];
    const forwards = () => {
      states.push(...forwardLayer.planSequence(plan, x, first, { y, column: 0, flip: false }));
    };
    const backwards = () => {
      states.push(...backwardLayer.planSequence(plan, x, second, { y: other, column: wide ? width : 0, flip }));
    };
    if (x.dim(0) <= MOST_AT_ONCE && backwardLayer.isOneCall) emitFork(plan, forwards, backwards);
    else {
      forwards();
      backwards();
    }
    const outputs = this.merged(plan, y, other);
    if (forwardLayer.returnSequences) for (const output of outputs) output.mask = x.mask;
    return [...outputs, ...states];
  }

  private merged(plan: Plan, forward: Slab, backward: Slab): readonly Slab[] {
    switch (this.mergeMode) {
      case null:
        return [forward, backward];
      case "concat":
        return [forward];
      case "mul":
        return [emitBroadcast(plan, "multiply", [forward, backward])];
      case "sum":
        return [emitBroadcast(plan, "add", [forward, backward])];
      case "ave":
        return [emitFunction(plan, "affine", emitBroadcast(plan, "add", [forward, backward]), 0.5)];
    }
  }

  /** Copies of the states that stateful layers carry, forward before backward, or null before the first call. */
  get states(): Tensor[] | null {
    const [forward, backward] = [this.forwardLayer.states, this.backwardLayer.states];
    return forward && backward && [...forward, ...backward];
  }

  /**
   * Forgets the states of both directions, or sets them.
   * @param states One flat list, forward before backward.
   * @throws {StateError} when the layers are not stateful.
   */
  resetStates(states?: readonly TensorLike[]): void {
    if (!this.stateful) throw new StateError(`${this.name}.resetStates`, "stateful layers", "layers that are not");
    if (states) {
      const sizes = [this.forwardLayer, this.backwardLayer].flatMap((layer) => layer.cell.stateSizes);
      if (states.length !== sizes.length) {
        throw new ConfigError(`${this.name}.resetStates`, `${sizes.length} states`, String(states.length));
      }
    }
    this.forwardLayer.resetStates(states?.slice(0, this.forwardStates));
    this.backwardLayer.resetStates(states?.slice(this.forwardStates));
  }

  protected ownConfig() {
    const { mergeMode, forwardLayer: layer, backwardLayer } = this;
    return configOf({ mergeMode, layer, backwardLayer });
  }
}

function checkRecurrent(key: string, layer: unknown): void {
  if (!(layer instanceof Recurrent)) {
    throw new ConfigError(`bidirectional.${key}`, "a recurrent layer", show(layer));
  }
}

/** The input shape that the layer inside was told, for the wrapper. */
function inputShapeOf({ batchInputShape }: Recurrent): LayerOptions {
  return batchInputShape ? { batchInputShape } : {};
}

/** See {@link Bidirectional}. */
export function bidirectional<const O extends BidirectionalOptions>(
  options: Only<O, BidirectionalOptions>,
): Bidirectional<O> {
  return new Bidirectional<O>(options);
}
