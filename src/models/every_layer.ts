/** All layers inside a layer. */

import type { Layer, Result } from "../layers/layer";
import type { Tensor, TensorLike } from "../tensor";

/** The layer itself and all inside: wrappers, cells and nested models; a shared layer comes once. */
export function everyLayer(root: Layer<Result>, found: Set<Layer<Result>> = new Set()): Layer<Result>[] {
  if (found.has(root)) return [];
  found.add(root);
  for (const [, child] of root.children()) everyLayer(child as Layer<Result>, found);
  return [...found];
}

/** A layer that carries states from call to call. */
export interface Stateful {
  readonly stateful: true;
  readonly states: Tensor[] | null;
  resetStates(states?: readonly TensorLike[]): void;
}

/** The layers inside that carry states; one that holds others answers for them. */
export function statefulLayers(root: Layer<Result>): readonly Stateful[] {
  return everyLayer(root).filter((layer): layer is Layer<Result> & Stateful => {
    return (layer as Partial<Stateful>).stateful === true && "resetStates" in layer;
  });
}
