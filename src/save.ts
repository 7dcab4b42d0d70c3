/** Models → files. */

import { StateError, UnsupportedError } from "./errors";
import type { StoredArray, StoredGroup } from "./formats/hdf5_writer";
import type { Layer, Result } from "./layers/layer";
import type { Model } from "./models/model";

/** The Keras whose format is written. */
const KERAS_VERSION = "3.15.1";

/**
 * The bytes of a `.keras` file that Keras 3 opens and evaluates to the same numbers. The states of stateful layers are
 * not written, as in Keras.
 *
 * @throws {StateError} when the model has no weights yet.
 * @throws {UnsupportedError} when it uses what Keras 3 does not have.
 *
 * @example
 * await writeFile("model.keras", await saveModel(model));
 */
export async function saveModel(model: Model): Promise<Uint8Array<ArrayBuffer>> {
  const config = JSON.stringify(model.toJSON());
  if (!model.built)
    throw new StateError("saveModel", "a model that is built", `${model.name}, whose input is not known`);
  if (config.includes('"hard_sigmoid_keras2"')) {
    throw new UnsupportedError("saveModel", "activations that Keras 3 has", "hard_sigmoid of Keras 2");
  }
  const [{ writeHdf5 }, { zipSync }] = await Promise.all([
    import("./formats/hdf5_writer"),
    import("./formats/zip_writer"),
  ]);
  const metadata = JSON.stringify({ keras_version: KERAS_VERSION, date_saved: now() });
  const encoder = new TextEncoder();
  const members = {
    "metadata.json": encoder.encode(metadata),
    "config.json": encoder.encode(config),
    "model.weights.h5": writeHdf5(weightTree(model)),
  };
  return zipSync(members, { level: 0 }) as Uint8Array<ArrayBuffer>;
}

/**
 * The weights alone, as safetensors: float32 arrays named by layer, part and weight
 * (`bidirectional/forward_lstm/lstm_cell/kernel`), in Keras' order and layouts. Together with `JSON.stringify(model)`
 * they are the model: `loadModel({ topology, weights })`.
 *
 * @throws {StateError} when the model has no weights yet.
 *
 * @example
 * await writeFile("model.safetensors", await saveWeights(model));
 */
export async function saveWeights(model: Model): Promise<Uint8Array<ArrayBuffer>> {
  const { writeSafetensors } = await import("./formats/safetensors_writer");
  model.getWeights(); // refuses a model without
  const arrays = new Map<string, StoredArray>();
  const written = new Set<unknown>();
  const visit = (layer: Layer<Result>, path: string): void => {
    for (const weight of layer.variables) {
      if (written.has(weight)) continue;
      written.add(weight);
      arrays.set(unusedName(arrays, `${path}${weight.name}`), weight);
    }
    for (const [, child] of layer.children()) visit(child as Layer<Result>, `${path}${child.name}/`);
  };
  visit(model, "");
  return writeSafetensors(arrays, { format: "keras", model: model.name });
}

/** Equal names are numbered: `kernel`, `kernel_1`. */
function unusedName(names: ReadonlyMap<string, unknown>, name: string): string {
  if (!names.has(name)) return name;
  let number = 1;
  while (names.has(`${name}_${number}`)) number++;
  return `${name}_${number}`;
}

/** `2026-01-31@12:00:00`, as Keras writes it. */
function now(): string {
  return new Date().toISOString().slice(0, 19).replace("T", "@");
}

interface Tree {
  [name: string]: Tree | StoredArray;
}

/** The weights at the paths of their layers, `layers/lstm/cell/vars/0`; a layer once, where Keras meets it first. */
function weightTree(model: Model): StoredGroup {
  const root: Tree = {};
  const visit = (layer: Layer<Result>, path: readonly string[]): void => {
    if (layer.variables.length > 0) {
      const variables = layer.variables.map(({ shape, data }, k) => [k, { shape, data }] as const);
      groupAt(root, path).vars = Object.fromEntries(variables);
    }
    for (const [key, child] of layer.children()) visit(child as Layer<Result>, [...path, ...key.split("/")]);
  };
  visit(model, []);
  return root;
}

function groupAt(root: Tree, path: readonly string[]): Tree {
  return path.reduce<Tree>((group, name) => {
    group[name] ??= {};
    return group[name] as Tree;
  }, root);
}
