/** The states in which a model begins. */

import { Tensor } from "../tensor";
import { statefulLayers } from "./every_layer";
import type { Model } from "./model";

/** @param states One flat list of one sequence, layer by layer. */
export function assignStates(model: Model, states: readonly Float32Array[]): void {
  const layers = statefulLayers(model);
  const tensors = states.map((state) => new Tensor([1, state.length], "float32", state));
  const each = tensors.length / layers.length;
  for (const [k, layer] of layers.entries()) layer.resetStates(tensors.slice(k * each, (k + 1) * each));
}
