/** Layers that can give the scores behind their output. */

import type { Tensor, TensorLike } from "../tensor";
import type { CallOptions } from "./call";
import { Layer, type Result } from "./layer";
import type { Flag } from "./recurrent/result";
import type { SymbolicTensor } from "./symbolic";

/** What attention may be called with besides its inputs. The mask is a list: of the query, of the value, of the key. */
export interface AttentionCall<T> extends CallOptions<T> {
  /** Gives the weights of the values, too. */
  returnAttentionScores?: boolean;
  /** No query sees later keys. */
  useCausalMask?: boolean;
}

/** The output, or the output and the scores. */
export type WithScores<O, X> =
  | (true extends Flag<O, "returnAttentionScores"> ? [output: X, scores: X] : never)
  | (false extends Flag<O, "returnAttentionScores"> ? X : never);

/** What is known of the result when the options are not. */
export interface MaybeScored extends Result {
  symbolic: WithScores<AttentionCall<unknown>, SymbolicTensor>;
  concrete: WithScores<AttentionCall<unknown>, Tensor>;
}

/** `S` and `C` are what it may be called with besides symbolic and concrete inputs. */
export abstract class Scored<
  S extends AttentionCall<SymbolicTensor> = AttentionCall<SymbolicTensor>,
  C extends AttentionCall<TensorLike> = AttentionCall<TensorLike>,
> extends Layer<MaybeScored> {
  override get takesList(): boolean {
    return true;
  }

  override get callArguments(): readonly string[] {
    return ["returnAttentionScores", "useCausalMask"];
  }

  /** Calls the layer with a list of inputs: the output, or with `returnAttentionScores` the output and the scores. */
  override apply<const O extends S = S & { returnAttentionScores?: false }>(
    x: readonly SymbolicTensor[],
    options?: O,
  ): WithScores<O, SymbolicTensor>;
  override apply<const O extends C = C & { returnAttentionScores?: false }>(
    x: readonly TensorLike[],
    options?: O,
  ): WithScores<O, Tensor>;
  override apply(x: readonly TensorLike[] | readonly SymbolicTensor[], options?: object): unknown {
    return super.apply(...this.arranged(x as readonly TensorLike[], options as C | undefined));
  }

  override computeMask(x: readonly TensorLike[], options?: C): Tensor | null {
    return super.computeMask(...this.arranged(x, options));
  }

  /** Inputs among the arguments take their place among the inputs. */
  protected arranged(x: readonly TensorLike[], options?: C): [readonly TensorLike[], CallOptions<TensorLike>] {
    return [x, options ?? {}];
  }
}
