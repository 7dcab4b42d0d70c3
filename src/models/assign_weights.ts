/** Weights as files hold them → the weights of a model. */

import { showShape, WeightError } from "../errors";
import type { Layer, Result } from "../layers/layer";
import type { Weight } from "../layers/weight";
import type { LayerWeights, WeightStore, WeightTensor } from "../spec";
import { assignByName } from "./assign_by_name";
import type { Model } from "./model";
import { Network } from "./network";
import { weightsByTraining } from "./trainable";

/**
 * Sets all weights of a model.
 *
 * @throws {WeightError} naming layer and weight when one is missing, superfluous or of another shape.
 */
export function assignWeights(model: Model, store: WeightStore): void {
  if (store.kind === "tree") assignTree(model, store);
  if (store.kind === "layers") assignInOrder(model, store.layers);
  if (store.kind === "names") assignByName(model, store.weights);
  model.touch();
}

type Tree = Extract<WeightStore, { kind: "tree" }>;

/** Object by object, each at its path; a shared layer stands at the first of its paths. */
function assignTree(model: Model, { groups, names }: Tree): void {
  const used = new Set<string>();
  const seen = new Set<Layer<Result>>();
  const visit = (layer: Layer<Result>, path: string, inModel: boolean): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    const name = names.get(path);
    if (inModel && name !== undefined && name !== layer.name) {
      throw new WeightError(`${layer.name} (${path})`, `the weights of ${layer.name}`, `those of ${name}`);
    }
    used.add(path);
    setAll(layer.name, layer.variables, groups.get(path) ?? []);
    for (const [key, child] of layer.children()) {
      visit(child as Layer<Result>, path === "" ? key : `${path}/${key}`, layer instanceof Network);
    }
  };
  visit(model, "", false);
  const left = [...groups.keys()].find((path) => !used.has(path));
  if (left !== undefined) throw new WeightError(model.name, "weights of its layers only", `weights at ${left}`);
}

/** Layer by layer among those that have weights, as HDF5 files before Keras 3 hold them. */
function assignInOrder(model: Model, stored: readonly LayerWeights[]): void {
  const layers = model.layers.filter((layer) => layer.weights.length > 0);
  const given = stored.filter(({ weights }) => weights.length > 0);
  if (layers.length !== given.length) {
    const list = (all: readonly { name: string }[]) => `${all.length} (${all.map(({ name }) => name).join(", ")})`;
    throw new WeightError(model.name, `layers with weights: ${list(layers)}`, list(given));
  }
  layers.forEach((layer, k) => {
    const tensors = (given[k] as LayerWeights).weights.map(({ tensor }) => tensor);
    const { trainable, fixed } = weightsByTraining(layer);
    setAll(layer.name, [...trainable, ...fixed], tensors);
  });
}

/** Checks all, then copies all. */
function setAll(where: string, weights: readonly Weight[], tensors: readonly WeightTensor[]): void {
  for (const [k, weight] of weights.entries()) {
    const tensor = tensors[k];
    const given = tensors.map(({ shape }) => showShape(shape)).join(", ");
    if (!tensor) throw new WeightError(`${where}/${weight.name}`, showShape(weight.shape), `only ${given || "none"}`);
    weight.check(where, tensor.shape);
  }
  if (tensors.length > weights.length) {
    throw new WeightError(where, `${weights.length} weights`, `${tensors.length}`);
  }
  weights.forEach((weight, k) => {
    weight.set((tensors[k] as WeightTensor).data);
  });
}
