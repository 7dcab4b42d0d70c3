/** Plain data → models: what workers and worklets do with what they were sent. */

import { FormatError, show, WeightError } from "../errors";
import type { Weight } from "../layers/weight";
import { type AnyResult, type FromJSONOptions, modelFromJSON } from "./from_json";
import type { Model } from "./model";
import { type ModelParts, weightsInPlaces } from "./to_parts";

/**
 * Makes a model of what `model.toParts()` gave, with its weights. Synchronous, so that a worklet can do it.
 *
 * @throws {FormatError} when it is something else. @throws {WeightError} when the weights do not fit the model.
 *
 * @example
 * const copy = modelFromParts(model.toParts());
 */
export function modelFromParts(parts: ModelParts, options: FromJSONOptions = {}): Model<AnyResult> {
  return filled(parts, options, (weight, values) => weight.set(values));
}

/** The same, but the weights stay where they are: in memory that threads share, where nobody changes them. */
export function modelOverParts(parts: ModelParts): Model<AnyResult> {
  return filled(parts, {}, (weight, values) => weight.share(values));
}

function filled(
  parts: ModelParts,
  options: FromJSONOptions,
  fill: (weight: Weight, values: Float32Array) => void,
): Model<AnyResult> {
  const { recurra, model: json, weights: values } = (parts ?? {}) as Partial<ModelParts>;
  if (recurra !== 1 || typeof json !== "object" || !ArrayBuffer.isView(values)) {
    throw new FormatError("modelFromParts", "what model.toParts() gave", show(parts));
  }
  const model = modelFromJSON(json, options);
  const weights = weightsInPlaces(model);
  const size = weights.reduce((sum, weight) => sum + weight.size, 0);
  if (size !== values.length) throw new WeightError(model.name, `${size} numbers`, String(values.length));
  let at = 0;
  for (const weight of weights) {
    fill(weight, values.subarray(at, at + weight.size));
    at += weight.size;
  }
  model.touch();
  return model;
}
