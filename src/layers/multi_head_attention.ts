/** Attention of several heads, each with a projection of its own. */

import { ConfigError, ShapeError, show, showShape, UnsupportedError } from "../errors";
import { emitBandMask, emitCausalMask } from "../ops/attention";
import { emitFloat } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitHeadMeans, emitHeadScores, emitHeadWeights } from "../ops/heads";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { TensorLike } from "../tensor";
import type { CallOptions } from "./call";
import type { Layer, PlannedCall } from "./layer";
import { DEFAULTS, type MultiHeadAttentionCall, type MultiHeadAttentionOptions } from "./multi_head_options";
import { configOf, positiveInteger, readOptions } from "./options";
import { Projection } from "./projection";
import { Scored } from "./scored";
import type { SymbolicShape, SymbolicTensor } from "./symbolic";

/**
 * For each head softmax(q kᵀ / √keyDim) v of projections q, k, v; the heads side by side are projected once more.
 *
 * Input    a list: query [batch, queries, dim], value [batch, keys, dim], and the key, which otherwise is the value
 * Output   [batch, queries, ...outputShape]; with `returnAttentionScores` also [batch, heads, queries, keys]
 * Weights  of query, key, gate (with `useGate`) and value: kernel [dim, heads, width], bias [heads, width]; of the
 *          output: kernel [heads, valueDim, ...outputShape], bias [...outputShape]
 * Masks of query, value and key all count, and the query's is handed on. A query that may see nothing gets the mean
 * of all values; with scores or dropout it gets none, as in Keras.
 *
 * @throws {ConfigError} when a number is not positive. @throws {ShapeError} when the inputs do not fit.
 * @throws {UnsupportedError} for other attention axes.
 * @see Vaswani et al. 2017; Keras 3, `MultiHeadAttention`.
 *
 * @example
 * const x = tensor(new Float32Array(12), [1, 3, 4]);
 * layers.multiHeadAttention({ numHeads: 2, keyDim: 2 }).apply([x, x]).shape; // [1, 3, 4]
 */
export class MultiHeadAttention extends Scored<
  MultiHeadAttentionCall<SymbolicTensor>,
  MultiHeadAttentionCall<TensorLike>
> {
  readonly className: string = "MultiHeadAttention";
  private readonly options: typeof DEFAULTS & { valueDim: number; outputShape: readonly number[] | null };
  private readonly query: Projection;
  private readonly key: Projection;
  private readonly gate: Projection | undefined;
  private readonly value: Projection;
  private output: Projection | undefined;

  constructor(options: MultiHeadAttentionOptions) {
    const read = readOptions("multiHeadAttention", options, DEFAULTS, ["flashAttention"]);
    super(options, "MultiHeadAttention");
    const { numHeads, keyDim } = read;
    const positive = (key: "numHeads" | "keyDim" | "slidingWindow", value: unknown) =>
      positiveInteger(`${this.name}.${key}`, value);
    positive("numHeads", numHeads);
    positive("keyDim", keyDim);
    if (read.slidingWindow !== null) positive("slidingWindow", read.slidingWindow);
    const valueDim = positiveInteger(`${this.name}.valueDim`, read.valueDim ?? keyDim);
    const axes = read.attentionAxes === null ? null : [read.attentionAxes].flat();
    if (axes && (axes.length !== 1 || (axes[0] !== 1 && axes[0] !== -2))) {
      throw new UnsupportedError(`${this.name}.attentionAxes`, "[1], the timesteps", show(axes));
    }
    this.options = { ...read, valueDim, outputShape: this.listOf(read.outputShape), attentionAxes: axes };
    this.query = this.projection("query", [numHeads, keyDim]);
    this.key = this.projection("key", [numHeads, keyDim]);
    this.gate = read.useGate ? this.projection("gate", [numHeads, valueDim], "sigmoid") : undefined;
    this.value = this.projection("value", [numHeads, valueDim]);
  }

  private listOf(shape: number | readonly number[] | null): readonly number[] | null {
    const list = typeof shape === "number" ? [shape] : shape;
    if (list === null || (Array.isArray(list) && list.every((d) => Number.isSafeInteger(d) && d > 0))) return list;
    throw new ConfigError(`${this.name}.outputShape`, "a positive integer or a list of them", show(shape));
  }

  private projection(
    name: string,
    to: readonly number[],
    activation?: "sigmoid",
    from?: readonly number[],
  ): Projection {
    const { useBias, kernelInitializer, biasInitializer } = this.options;
    const { trainable } = this;
    return new Projection({ name, trainable, useBias, kernelInitializer, biasInitializer }, to, activation, from);
  }

  override children(): readonly (readonly [string, Layer])[] {
    return [
      ["query_dense", this.query],
      ["key_dense", this.key],
      ...(this.gate ? [["_gate_dense", this.gate] as const] : []),
      ["value_dense", this.value],
      ...(this.output ? [["output_dense", this.output] as const] : []),
    ];
  }

  /** The attention mask is a fourth input, so that a graph may compute it. */
  protected override arranged(
    x: readonly TensorLike[],
    { attentionMask, ...rest }: MultiHeadAttentionCall<TensorLike> = {},
  ): [readonly TensorLike[], CallOptions<TensorLike>] {
    if (attentionMask === undefined || attentionMask === null) return [x, rest];
    const [query, value, key = value] = x as [TensorLike, TensorLike, TensorLike?];
    return [[query, value, key, attentionMask], rest];
  }

  override outputShapes(
    shapes: readonly SymbolicShape[],
    { returnAttentionScores }: Readonly<Record<string, unknown>> = {},
  ): readonly SymbolicShape[] {
    const [query, value, key = value] = shapes;
    const agree = (a: number | null | undefined, b: number | null | undefined) => a === b || a === null || b === null;
    const built = (shape: SymbolicShape | undefined, { width }: Projection) => agree(shape?.[2], width ?? null);
    const fits =
      [query, value, key].every((shape) => shape?.length === 3) &&
      shapes.length < 5 &&
      agree(value?.[1], key?.[1]) &&
      agree(query?.[0], value?.[0]) &&
      [built(query, this.query), built(value, this.value), built(key, this.key)].every(Boolean);
    if (!fits || !query || !key) {
      const wanted = "query [batch, queries, dim], value [batch, keys, dim] and maybe key and attention mask";
      throw new ShapeError(this.name, wanted, shapes.map(showShape).join(", "));
    }
    const [batch = null, queries = null, dim = null] = query;
    const output = [batch, queries, ...(this.options.outputShape ?? [dim])];
    return returnAttentionScores ? [output, [batch, this.options.numHeads, queries, key[1] ?? null]] : [output];
  }

  protected override createWeights([query, value, key = value]: readonly SymbolicShape[]): void {
    const { numHeads, valueDim, outputShape } = this.options;
    const [q, v, k] = [query, value, key] as [SymbolicShape, SymbolicShape, SymbolicShape];
    this.query.build(q);
    this.key.build(k);
    this.gate?.build(q);
    this.value.build(v);
    this.output = this.projection("attention_output", outputShape ?? [q[2] as number], undefined, [numHeads, valueDim]);
    this.output.build([...q.slice(0, 2), numHeads * valueDim]);
  }

  protected override buildConfig([query, value, key]: readonly SymbolicShape[]) {
    return { shapes_dict: { query_shape: query, value_shape: value, ...(key ? { key_shape: key } : {}) } };
  }

  override plan(plan: Plan, inputs: readonly Slab[], { args }: PlannedCall): readonly Slab[] {
    const [query, value, key = value] = inputs.map((x) => emitFloat(plan, x)) as [Slab, Slab, Slab?];
    const { numHeads, dropout, outputShape } = this.options;
    const { useCausalMask, returnAttentionScores } = args;
    const project = (projection: Projection, x: Slab) => projection.plan(plan, [x])[0] as Slab;
    const scores = emitHeadScores(plan, project(this.query, query), project(this.key, key), numHeads);
    const masks = this.masks(plan, inputs, useCausalMask === true);
    const weights = emitHeadWeights(plan, scores, masks, dropout > 0 || returnAttentionScores === true);
    const heard = emitHeadMeans(plan, weights, project(this.value, value));
    const gated = this.gate ? emitBroadcast(plan, "multiply", [heard, project(this.gate, query)]) : heard;
    const shape = [query.dim(0), query.dim(1), ...(outputShape ?? [query.dim(2)])];
    const output = project(this.output as Projection, gated).view(shape);
    output.mask = query.mask;
    return returnAttentionScores ? [output, weights] : [output];
  }

  /** All that says which query sees which key, broadcasting against [batch, heads, queries, keys]. */
  private masks(plan: Plan, inputs: readonly Slab[], causal: boolean): readonly Slab[] {
    const [query, value, key, allowed] = inputs as [Slab, Slab, Slab?, Slab?];
    const { slidingWindow } = this.options;
    const [batch, queries, keys] = [query.dim(0), query.dim(1), value.dim(1)];
    const float = allowed && emitFloat(plan, allowed);
    const masks = [
      query.mask?.view([batch, 1, queries, 1]),
      value.mask?.view([batch, 1, 1, keys]),
      key?.mask?.view([batch, 1, 1, keys]),
      causal ? emitCausalMask(plan, this, queries, keys) : undefined,
      slidingWindow === null ? undefined : emitBandMask(plan, this, queries, keys, slidingWindow),
      float?.shape.length === 3 ? float.view([float.dim(0), 1, float.dim(1), float.dim(2)]) : float,
    ];
    return masks.filter((mask) => mask !== undefined);
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link MultiHeadAttention}. */
export function multiHeadAttention(options: MultiHeadAttentionOptions): MultiHeadAttention {
  return new MultiHeadAttention(options);
}
