/** Attention whose scores are sums. */

import { getInitializer } from "../initializers";
import { emitTanhScores } from "../ops/attention";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { SingleHead } from "./attention";
import { configOf, type LayerOptions, readOptions } from "./options";
import { knownLength } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";

/** Options of {@link additiveAttention}. */
export interface AdditiveAttentionOptions extends LayerOptions {
  /** Whether each element has a factor that was trained. Default true. */
  useScale?: boolean;
  /** Kept for the configuration; without effect on inference. */
  dropout?: number;
  seed?: number | null;
}

const DEFAULTS = { useScale: true, dropout: 0, seed: null as number | null };

/**
 * softmax(Σ scale · tanh(query + key)) value
 *
 * Input    [query, value] or [query, value, key], see {@link SingleHead}
 * Output   [batch, queries, width]; `returnAttentionScores` adds [batch, queries, keys]
 * Weights  scale [dim] with `useScale`
 *
 * @throws {ShapeError} when the inputs do not fit.
 * @see Bahdanau, Cho & Bengio 2015; Keras 3, `AdditiveAttention`.
 *
 * @example
 * const [q, v] = [tensor([[[1, 0]]]), tensor([[[1, 0], [1, 0]]])];
 * layers.additiveAttention().apply([q, v]).toArray(); // [[[1, 0]]]
 */
export class AdditiveAttention extends SingleHead {
  readonly className: string = "AdditiveAttention";
  private readonly options: typeof DEFAULTS;
  private scale: Weight | undefined;

  constructor(options: AdditiveAttentionOptions = {}) {
    const read = readOptions("additiveAttention", options, DEFAULTS);
    super(options, "AdditiveAttention");
    this.options = read;
  }

  override outputShapes(shapes: readonly SymbolicShape[], args?: Readonly<Record<string, unknown>>) {
    const outputs = super.outputShapes(shapes, args);
    if (this.options.useScale) knownLength(this.name, shapes[0] as SymbolicShape, 2, this.scale?.size);
    return outputs;
  }

  protected override createWeights([query]: readonly SymbolicShape[]): void {
    if (!this.options.useScale) return;
    const dim = (query as SymbolicShape)[2] as number;
    this.scale = this.addWeight("scale", [dim], getInitializer(this.name, "glorot_uniform"));
  }

  protected emitScores(plan: Plan, query: Slab, key: Slab): Slab {
    return emitTanhScores(plan, query, key, { after: this.operand(plan, this.scale) });
  }

  protected ownConfig() {
    return configOf(this.options);
  }
}

/** See {@link AdditiveAttention}. */
export function additiveAttention(options?: AdditiveAttentionOptions): AdditiveAttention {
  return new AdditiveAttention(options);
}
