/** Weights that a file knows by name alone, in any order: TF.js. */

import { showShape, WeightError } from "../errors";
import type { Layer, Result } from "../layers/layer";
import type { Weight } from "../layers/weight";
import type { WeightTensor } from "../spec";
import type { Model } from "./model";

interface Candidate {
  /** What stands behind the layer's name: `lstm_cell/kernel`, `kernel`, `0`. */
  readonly path: readonly string[];
  readonly tensor: WeightTensor;
}

/**
 * Names begin with the layer's, and end with the weight's or with its number: `lstm_1/lstm_cell/kernel`, `dense/1`.
 *
 * @throws {WeightError} when one is missing, superfluous or of another shape.
 */
export function assignByName(model: Model, weights: ReadonlyMap<string, WeightTensor>): void {
  const layers = model.layers.filter((layer) => layer.weights.length > 0);
  const candidates = new Map<Layer<Result>, Candidate[]>(layers.map((layer) => [layer, []]));
  for (const [name, tensor] of weights) {
    const segments = name.replace(/:\d+$/, "").split("/");
    const found = ownerOf(layers, segments);
    if (!found) throw new WeightError(model.name, `weights of ${layers.map((l) => l.name).join(", ")}`, name);
    candidates.get(found.layer)?.push({ path: segments.slice(found.at + 1), tensor });
  }
  for (const [layer, given] of candidates) assignLayer(layer, given);
}

/** The layer whose name stands first in the path; the model's own name may stand before it. */
function ownerOf(layers: readonly Layer<Result>[], segments: readonly string[]) {
  for (const [at, segment] of segments.entries()) {
    const layer = layers.find(({ name }) => name === segment);
    if (layer) return { layer, at };
  }
  // A layer's name may hold slashes itself.
  const whole = segments.join("/");
  const layer = layers.find(({ name }) => whole.startsWith(`${name}/`));
  return layer && { layer, at: layer.name.split("/").length - 1 };
}

function assignLayer(layer: Layer<Result>, given: readonly Candidate[]): void {
  const left = new Set(given);
  if (given.every(({ path }) => path.length === 1 && /^\d+$/.test(path[0] as string))) {
    const inOrder = [...given].sort((a, b) => Number(a.path[0]) - Number(b.path[0]));
    layer.weights.forEach((weight, k) => {
      take(layer.name, weight, inOrder[k], left);
    });
  } else assignWithin(layer, layer, given, left);
  const [more] = left;
  if (more) throw new WeightError(layer.name, `${layer.weights.length} weights`, `another one, ${more.path.join("/")}`);
}

/** Own weights by their names; those of a part among the candidates that name it, where some do. */
function assignWithin(
  root: Layer<Result>,
  layer: Layer<Result>,
  given: readonly Candidate[],
  left: Set<Candidate>,
): void {
  for (const weight of layer.variables) {
    const fitting = given.filter((candidate) => left.has(candidate) && numberBehind(weight.name, candidate) >= 0);
    const [found] = fitting.sort((a, b) => numberBehind(weight.name, a) - numberBehind(weight.name, b));
    take(root.name, weight, found, left);
  }
  for (const [key, child] of layer.children()) {
    const part = child as Layer<Result>;
    const direction = /^(forward|backward)_/.exec(key)?.[1];
    const named = given.filter(({ path }) =>
      path.some((segment) => segment === part.name || (direction !== undefined && segment.startsWith(direction))),
    );
    assignWithin(root, part, named.length > 0 ? named : given, left);
  }
}

/** TF.js numbers equal names: `kernel` is number 0, `kernel_2` number 2; another name is -1. */
function numberBehind(name: string, { path }: Candidate): number {
  const last = path.at(-1) ?? "";
  if (last === name) return 0;
  const number = last.startsWith(`${name}_`) ? last.slice(name.length + 1) : "";
  return /^\d+$/.test(number) ? Number(number) : -1;
}

function take(where: string, weight: Weight, found: Candidate | undefined, left: Set<Candidate>): void {
  if (!found) throw new WeightError(`${where}/${weight.name}`, showShape(weight.shape), "no weight of that name");
  weight.check(where, found.tensor.shape);
  weight.set(found.tensor.data);
  left.delete(found);
}
