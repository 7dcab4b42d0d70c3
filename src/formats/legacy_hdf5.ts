/** HDF5 as Keras 2 wrote it and Keras 3 still can: whole models, or weights alone, by layer and in order. */
import { dialectOf } from "../config/dialect";
import { FormatError } from "../errors";
import type { JsonObject, LayerWeights, ModelSpec, NamedWeight } from "../spec";
import { convertCudnn } from "./cudnn";
import { Hdf5Array, Hdf5Group, openHdf5 } from "./hdf5";
import { isObject, parseJson } from "./json";
import { newTree, readTree, treeStore } from "./keras_tree";
import type { Allowance } from "./limits";

/**
 * Reads any HDF5 file of Keras: a whole model (`model_config` and `/model_weights`), legacy weights (`layer_names` at
 * the root), or the tree of a `.weights.h5` (neither).
 *
 * @throws {FormatError} when it is none of them or is damaged. @throws {UnsupportedError} @throws {LimitError}
 */
export async function readHdf5(bytes: Uint8Array, name: string, allowance: Allowance): Promise<ModelSpec> {
  const root = await openHdf5(bytes, name, allowance);
  const config = root.text("model_config");
  const group = root.has("model_weights") ? root.find("model_weights") : root;
  if (!(group instanceof Hdf5Group)) throw new FormatError(`${name}, model_weights`, "a group", "an array");
  const layerNames = group.texts("layer_names");
  if (!layerNames) {
    if (config !== undefined) throw new FormatError(group.where, "an attribute layer_names", "none");
    return readTreeFile(root, name);
  }
  const kerasVersion = root.text("keras_version") ?? group.text("keras_version") ?? null;
  const layers: LayerWeights[] = [];
  for (const layer of layerNames) layers.push(await readLayer(group, layer));
  const ignored = [
    ...(root.text("training_config") === undefined ? [] : ["training_config"]),
    ...(root.has("optimizer_weights") ? ["optimizer state"] : []),
  ];
  return {
    format: config === undefined ? "weights" : "hdf5",
    name,
    kerasVersion,
    dialect: dialectOf(kerasVersion, name, 2),
    architecture: config === undefined ? null : readConfig(config, `${name}, model_config`, allowance),
    weights: { kind: "layers", layers: convertCudnn(layers) },
    ignored,
  };
}

async function readTreeFile(root: Hdf5Group, name: string): Promise<ModelSpec> {
  const tree = newTree();
  await readTree(root, tree);
  if (tree.groups.size === 0) {
    const listed = root.children.slice(0, 5).join(", ") || "nothing";
    throw new FormatError(name, "weights that Keras wrote", `an HDF5 file with ${listed}`);
  }
  const weights = treeStore(tree, name);
  return {
    format: "weights",
    name,
    kerasVersion: null,
    dialect: 3,
    architecture: null,
    weights,
    ignored: [...tree.ignored],
  };
}

function readConfig(text: string, where: string, allowance: Allowance): JsonObject {
  const config = parseJson(text, where, allowance);
  if (!isObject(config)) throw new FormatError(where, "an object", "other JSON");
  return config;
}

async function readLayer(group: Hdf5Group, name: string): Promise<LayerWeights> {
  const layer = group.find(name);
  if (!(layer instanceof Hdf5Group)) throw new FormatError(`${group.where}/${name}`, "a group", "none");
  const weights: NamedWeight[] = [];
  for (const path of layer.texts("weight_names") ?? []) {
    const array = layer.find(path);
    if (!(array instanceof Hdf5Array)) throw new FormatError(`${layer.where}/${path}`, "an array", "none");
    weights.push({ name: path, tensor: await array.read() });
  }
  return { name, weights };
}
