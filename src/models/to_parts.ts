/** Models as plain data. */

import type { Weight } from "../layers/weight";
import type { Weighted } from "../layers/weighted";

/** A model as plain data, for `postMessage`: its configuration and all its weights, one after another. */
export interface ModelParts {
  /** The version of this form. */
  readonly recurra: 1;
  readonly model: Readonly<Record<string, unknown>>;
  readonly weights: Float32Array<ArrayBuffer>;
}

/** How to give a model as parts. */
export interface PartsOptions {
  /** Gets the buffers that may be moved instead of copied: the second argument of `postMessage`. */
  transfer?: ArrayBuffer[];
}

/** The weights in a fixed order; those of a layer that stands in several places come at each of them. */
export function weightsInPlaces(root: Weighted): readonly Weight[] {
  return [...root.variables, ...root.children().flatMap(([, child]) => weightsInPlaces(child))];
}

/** Copies the weights into one array. */
export function packWeights(root: Weighted): Float32Array<ArrayBuffer> {
  const weights = weightsInPlaces(root);
  const packed = new Float32Array(weights.reduce((sum, weight) => sum + weight.size, 0));
  let at = 0;
  for (const weight of weights) {
    packed.set(weight.data, at);
    at += weight.size;
  }
  return packed;
}
