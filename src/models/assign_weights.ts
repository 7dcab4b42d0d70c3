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

/**
 * Object by object, each at its path. Keras writes the weights of a layer that stands in two places, in a nested model
 * and outside of it, at the first place only, and reads two layers: the second gets those of the first by its name.
 */
function assignTree(model: Model, { groups, names }: Tree): void {
  const used = new Set<string>();
  const known = new Map<string, readonly WeightTensor[]>();
  const visit = (layer: Layer<Result>, path: string, place: string, inModel: boolean): void => {
    const name = names.get(path);
    if (inModel && name !== undefined && name !== layer.name) {
      throw new WeightError(`${layer.name} (${path})`, `the weights of ${layer.name}`, `those of ${name}`);
    }
    used.add(path);
    const stored = groups.get(path) ?? known.get(place) ?? [];
    setAll(layer.name, layer.variables, stored);
    known.set(place, stored);
    for (const [key, child] of layer.children()) {
      const part = child as Layer<Result>;
      const within = layer instanceof Network;
      visit(
        part,
        path === "" ? key : `${path}/${key}`,
        within ? `${part.className} ${part.name}` : `${place}/${key}`,
        within,
      );
    }
  };
  visit(model, "", "", false);
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
