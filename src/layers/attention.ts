/** Attention with one head: the mean of the values, weighted by how well their keys fit the query. */

import { ShapeError, showShape } from "../errors";
import { getInitializer } from "../initializers";
import { emitCausalMask, emitPushedDown, emitSoftmax, emitTanhScores } from "../ops/attention";
import { emitFloat } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitWhere } from "../ops/masks";
import { emitBatchedMatmul } from "../ops/matmul";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { PlannedCall } from "./layer";
import { configOf, type LayerOptions, oneOf, readOptions } from "./options";
import { Scored } from "./scored";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";

/**
 * Input    a list: query [batch, queries, dim], value [batch, keys, width], and the key [batch, keys, dim], which
 *          otherwise is the value
 * Output   [batch, queries, width]; with `returnAttentionScores` also the scores [batch, queries, keys]
 * Values that are masked do not count; queries that are masked give 0, and their mask is handed on.
 */
export abstract class SingleHead extends Scored {
  override outputShapes(
    shapes: readonly SymbolicShape[],
    args: Readonly<Record<string, unknown>> = {},
  ): readonly SymbolicShape[] {
    const [query, value, key = value] = shapes;
    const agree = (a: number | null | undefined, b: number | null | undefined) => a === b || a === null || b === null;
    const fits =
      query?.length === 3 &&
      value?.length === 3 &&
      key?.length === 3 &&
      shapes.length < 4 &&
      agree(query[2], key[2]) &&
      agree(value[1], key[1]) &&
      agree(query[0], value[0]);
    if (!fits) {
      const wanted = "query [batch, queries, dim], value [batch, keys, width] and maybe key [batch, keys, dim]";
      throw new ShapeError(this.name, wanted, shapes.map(showShape).join(", "));
    }
    const [batch = null, queries = null] = query;
    const output = [batch, queries, value[2] ?? null];
    const { returnAttentionScores } = args;
    return returnAttentionScores ? [output, [batch, queries, key[1] ?? null]] : [output];
  }

  override plan(plan: Plan, inputs: readonly Slab[], { args }: PlannedCall): readonly Slab[] {
    const { useCausalMask, returnAttentionScores } = args;
    const [query, value, key = value] = inputs.map((x) => emitFloat(plan, x)) as [Slab, Slab, Slab?];
    const scores = this.emitScores(plan, query, key);
    const [batch, queries, keys] = scores.shape as [number, number, number];
    const masks = value.mask ? [value.mask.view([batch, 1, keys])] : [];
    if (useCausalMask) masks.push(emitCausalMask(plan, this, queries, keys));
    const weights = emitSoftmax(plan, emitPushedDown(plan, masks, scores));
    const mean = emitBatchedMatmul(plan, weights, value, false);
    const output = query.mask ? emitWhere(plan, query.mask, mean, 0) : mean;
    output.mask = query.mask;
    return returnAttentionScores ? [output, weights] : [output];
  }

  /** [batch, queries, keys] */
  protected abstract emitScores(plan: Plan, query: Slab, key: Slab): Slab;

  /** A weight as an operand. */
  protected operand(plan: Plan, weight: Weight | undefined): Slab | undefined {
    return weight && plan.constant(this, weight.name, weight.shape, () => weight.data);
  }
}

/** Options of {@link attention}. */
export interface AttentionOptions extends LayerOptions {
  /** Whether the scores have a factor that was trained. Default false. */
  useScale?: boolean;
  /** `dot` (default): the product of query and key. `concat`: the sum of tanh(query + key). */
  scoreMode?: "dot" | "concat";
  /** Kept for the configuration; without effect on inference. */
  dropout?: number;
  seed?: number | null;
}

const DEFAULTS = { useScale: false, scoreMode: "dot" as "dot" | "concat", dropout: 0, seed: null as number | null };

/**
 * softmax(scale · query keyᵀ) value; with `concat` the scores are weight · Σ tanh(scale · (query + key)).
 *
 * Input    [query, value] or [query, value, key], see {@link SingleHead}
 * Output   [batch, queries, width]; `returnAttentionScores` adds [batch, queries, keys]
 * Weights  scale [] with `useScale`, concat_score_weight [] with `concat`
 *
 * @throws {ShapeError} when the inputs do not fit.
 * @see Luong, Pham & Manning 2015; Keras 3, `Attention`.
 *
 * @example
 * const [q, v] = [tensor([[[1, 0]]]), tensor([[[1, 0], [1, 0]]])];
 * layers.attention().apply([q, v]).toArray(); // [[[1, 0]]]
 */
export class Attention extends SingleHead {
  readonly className: string = "Attention";
  private readonly options: typeof DEFAULTS;
  private scale: Weight | undefined;
  private concatWeight: Weight | undefined;

  constructor(options: AttentionOptions = {}) {
    const read = readOptions("attention", options, DEFAULTS);
    super(options, "Attention");
    this.options = read;
    oneOf(`${this.name}.scoreMode`, read.scoreMode, ["dot", "concat"]);
  }

  protected override createWeights(): void {
    const ones = getInitializer(this.name, "ones");
    if (this.options.useScale) this.scale = this.addWeight("scale", [], ones);
    if (this.options.scoreMode === "concat") this.concatWeight = this.addWeight("concat_score_weight", [], ones);
  }

  protected emitScores(plan: Plan, query: Slab, key: Slab): Slab {
    const scale = this.operand(plan, this.scale);
    const concat = this.operand(plan, this.concatWeight);
    if (concat) return emitBroadcast(plan, "multiply", [emitTanhScores(plan, query, key, { before: scale }), concat]);
    const scores = emitBatchedMatmul(plan, query, key, true);
    return scale ? emitBroadcast(plan, "multiply", [scores, scale]) : scores;
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link Attention}. */
export function attention(options?: AttentionOptions): Attention {
  return new Attention(options);
}
