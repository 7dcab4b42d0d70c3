/** The options that all recurrent layers share. */

import { ConfigError, show } from "../../errors";
import { isRecord } from "../../options";
import { type LayerOptions, readOptions } from "../options";

/** The options of every recurrent layer. */
export interface RecurrentOptions extends LayerOptions {
  /** Give the outputs of all timesteps, [batch, timesteps, units], not of the last alone. Default false. */
  returnSequences?: boolean;
  /** Give the final states after the output. Default false. */
  returnState?: boolean;
  /** Walk from the last timestep to the first; outputs stay in processing order. Default false. */
  goBackwards?: boolean;
  /** Start each call from the states in which the last one ended. Default false. */
  stateful?: boolean;
  /** Without effect; refused where the number of timesteps is unknown, as in Keras. Default false. */
  unroll?: boolean;
  /** Masked timesteps give 0 instead of the output before. Default false. */
  zeroOutputForMask?: boolean;
  /** Keras 2: number of features, instead of `inputShape`. */
  inputDim?: number;
  /** Keras 2: number of timesteps, with `inputDim`. */
  inputLength?: number | null;
  /** Keras 2: which of two ways to compute the same numbers. Without effect. */
  implementation?: number;
  /** Keras 2: sequences are [batch, timesteps, features]. */
  timeMajor?: false;
  /** Without effect. */
  useCudnn?: boolean | "auto";
}

/** The options of whichever recurrent layer. */
export interface AnyRecurrentOptions extends RecurrentOptions {
  readonly units?: unknown;
  readonly cell?: unknown;
}

/** Keras' defaults, in its order. */
export const RECURRENT_DEFAULTS = {
  returnSequences: false,
  returnState: false,
  goBackwards: false,
  stateful: false,
  unroll: false,
  zeroOutputForMask: false,
};

export type Flags = typeof RECURRENT_DEFAULTS;

/** Options that decide nothing here, or only the input shape. */
const ASIDE = ["inputDim", "inputLength", "implementation", "useCudnn"];

/** As {@link readOptions}, for a recurrent layer or a cell. */
export function readRecurrent<D extends object>(where: string, given: object, defaults: D): D {
  const kept: Record<string, unknown> = { ...given };
  for (const key of ASIDE) delete kept[key];
  return readOptions(where, isRecord(given) ? kept : given, defaults);
}

/** What the base class takes, with the input shape spelled as in Keras 3. */
export function layerOptions(given: RecurrentOptions): LayerOptions {
  const { inputDim, inputLength } = given;
  return inputDim === undefined ? given : { inputShape: [inputLength ?? null, inputDim], ...given };
}

/** Refuses flags that are neither true nor false. */
export function checkedFlags(where: string, flags: Flags): Flags {
  for (const key of Object.keys(RECURRENT_DEFAULTS) as (keyof Flags)[]) {
    if (typeof flags[key] !== "boolean") throw new ConfigError(`${where}.${key}`, "true or false", show(flags[key]));
  }
  return flags;
}

/** Options without any that is not among those allowed: what an interface does for a type that is inferred. */
export type Only<O, Allowed> = O & { readonly [K in Exclude<keyof O, keyof Allowed>]: never };
