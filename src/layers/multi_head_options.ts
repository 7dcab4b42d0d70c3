/** What attention of several heads takes. */

import type { InitializerOption } from "../initializers";
import type { LayerOptions } from "./options";
import type { AttentionCall } from "./scored";

/** What it may be called with besides its inputs. */
export interface MultiHeadAttentionCall<T> extends AttentionCall<T> {
  /** [batch, queries, keys], [batch, heads, queries, keys] or [queries, keys]: 0 where a query must not see a key. */
  attentionMask?: T | null;
}

/** Options of {@link multiHeadAttention}. */
export interface MultiHeadAttentionOptions extends LayerOptions {
  numHeads: number;
  /** Width of a head's queries and keys. */
  keyDim: number;
  /** Width of a head's values. Default: keyDim. */
  valueDim?: number | null;
  /** Kept for the configuration; without effect on inference. */
  dropout?: number;
  /** Default true. */
  useBias?: boolean;
  /** Lets the query weigh each element of the result before the last projection. Default false. */
  useGate?: boolean;
  /** Axes of the output behind the queries. Default: as wide as the query. */
  outputShape?: number | readonly number[] | null;
  /** Only [1], the timesteps, which is the default. */
  attentionAxes?: number | readonly number[] | null;
  /** Queries see keys that are fewer steps away than this. Default: all. */
  slidingWindow?: number | null;
  /** Default `glorot_uniform`. */
  kernelInitializer?: InitializerOption;
  /** Default `zeros`. */
  biasInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  kernelRegularizer?: unknown;
  biasRegularizer?: unknown;
  kernelConstraint?: unknown;
  biasConstraint?: unknown;
  seed?: number | null;
  flashAttention?: null;
}

/** Keras' defaults, in its order. */
export const DEFAULTS = {
  numHeads: undefined as unknown as number,
  keyDim: undefined as unknown as number,
  valueDim: null as number | null,
  dropout: 0,
  useBias: true,
  useGate: false,
  outputShape: null as number | readonly number[] | null,
  attentionAxes: null as number | readonly number[] | null,
  slidingWindow: null as number | null,
  kernelInitializer: "glorot_uniform" as InitializerOption,
  biasInitializer: "zeros" as InitializerOption,
  kernelRegularizer: null as unknown,
  biasRegularizer: null as unknown,
  activityRegularizer: null as unknown,
  kernelConstraint: null as unknown,
  biasConstraint: null as unknown,
  seed: null as number | null,
};
