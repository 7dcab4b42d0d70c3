/** What a recurrent layer returns, as a type: it follows the options. */

import type { Tensor } from "../../tensor";
import type { Result } from "../layer";
import type { SymbolicTensor } from "../symbolic";

/** `N` times `X`. */
export type Repeat<X, N extends number, Found extends X[] = []> = number extends N
  ? X[]
  : Found["length"] extends N
    ? Found
    : Repeat<X, N, [...Found, X]>;

/** An option's value: `Default` when it was not given, a union when it may be. */
export type Flag<O, K extends string, Default = false> = K extends keyof O
  ? undefined extends O[K]
    ? Exclude<O[K], undefined> | Default
    : O[K]
  : Default;

/** The output alone, the output and N states, or either where the option is not known. */
type Outputs<Returned, N extends number, X> =
  | (true extends Returned ? [X, ...Repeat<X, N>] : never)
  | (false extends Returned ? X : never);

/** The result of a layer with options O and N states. */
export interface SequenceResult<O, N extends number> extends Result {
  symbolic: Outputs<Flag<O, "returnState">, N, SymbolicTensor>;
  concrete: Outputs<Flag<O, "returnState">, N, Tensor>;
}

/** The output and the N states of a cell, one after another. */
export interface StepResult<N extends number> extends Result {
  symbolic: [SymbolicTensor, ...Repeat<SymbolicTensor, N>];
  concrete: [Tensor, ...Repeat<Tensor, N>];
}
