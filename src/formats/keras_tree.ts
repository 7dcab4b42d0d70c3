/** The object tree of Keras' own weight files (`model.weights.h5`, `name.weights.h5`) → groups of variables by path. */
import { FormatError } from "../errors";
import type { WeightStore, WeightTensor } from "../spec";
import { Hdf5Array, type Hdf5Group } from "./hdf5";

export type WeightTree = Extract<WeightStore, { kind: "tree" }>;

/** A tree being read: `ignored` collects what inference has no use for. */
export interface TreeReading {
  readonly groups: Map<string, readonly WeightTensor[]>;
  readonly names: Map<string, string>;
  readonly ignored: Set<string>;
}

export function newTree(): TreeReading {
  return { groups: new Map(), names: new Map(), ignored: new Set() };
}

/** At the root: what training keeps there. */
const TRAINING = new Set(["optimizer", "metrics", "compile_metrics", "compile_loss", "trainer"]);
/** Anywhere: the state of random numbers, which inference does not draw. */
const RANDOM = new Set(["seed_generator", "_seed_generator"]);

/**
 * Reads every `…/vars/0, 1, 2, …` of a file into `tree`.
 *
 * @throws {FormatError} when variables are missing from a sequence or are no arrays. @throws {LimitError}
 */
export async function readTree(root: Hdf5Group, tree: TreeReading): Promise<void> {
  await walk(root, "", tree);
}

async function walk(group: Hdf5Group, path: string, tree: TreeReading): Promise<void> {
  for (const name of group.children) {
    if ((path === "" && TRAINING.has(name)) || RANDOM.has(name)) {
      tree.ignored.add(path === "" ? `${name} state` : "random seed state");
      continue;
    }
    const child = group.child(name);
    if (child instanceof Hdf5Array) tree.ignored.add(child.path);
    else if (child && name === "vars") await readVariables(child, path, tree);
    else if (child) await walk(child, joinPath(path, name), tree);
  }
}

/** Backslashes are what Windows writers left; Keras 2.12 and 2.13 called `layers` by a longer name. */
function joinPath(path: string, name: string): string {
  const tidy = name.replaceAll("\\", "/").replaceAll("_layer_checkpoint_dependencies", "layers");
  return path === "" ? tidy : `${path}/${tidy}`;
}

async function readVariables(group: Hdf5Group, path: string, tree: TreeReading): Promise<void> {
  const keys = group.children.filter((key) => /^\d+$/.test(key)).map(Number);
  for (const key of group.children) if (!/^\d+$/.test(key)) tree.ignored.add(`${group.path}/${key}`);
  keys.sort((a, b) => a - b);
  const variables: WeightTensor[] = [];
  for (const [i, key] of keys.entries()) {
    const array = group.child(String(key));
    if (key !== i || !(array instanceof Hdf5Array)) {
      throw new FormatError(`${group.where}/${i}`, "an array", key === i ? "a group" : "none");
    }
    variables.push(await array.read());
  }
  const name = group.text("name");
  if (name !== undefined) tree.names.set(path, name);
  if (variables.length > 0) tree.groups.set(path, variables);
}

/** The finished tree. */
export function treeStore({ groups, names }: TreeReading): WeightTree {
  return { kind: "tree", groups, names };
}
