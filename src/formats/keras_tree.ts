/** The object tree of Keras' own weight files (`model.weights.h5`, `name.weights.h5`) → groups of variables by path. */
import { FormatError } from "../errors";
import type { WeightStore, WeightTensor } from "../spec";
import { Hdf5Array, type Hdf5Group } from "./hdf5";

export type WeightTree = Extract<WeightStore, { kind: "tree" }>;

/** A tree being read, from one file or several: variables by path and number, and what inference has no use for. */
export interface TreeReading {
  readonly groups: Map<string, Map<number, WeightTensor>>;
  readonly names: Map<string, string>;
  readonly ignored: Set<string>;
}

export function newTree(): TreeReading {
  return { groups: new Map(), names: new Map(), ignored: new Set() };
}

/** Puts variable number `index` of the object at `path` in its place. */
export function addVariable({ groups }: TreeReading, path: string, index: number, variable: WeightTensor): void {
  const group = groups.get(path) ?? new Map<number, WeightTensor>();
  groups.set(path, group.set(index, variable));
}

/** The finished tree. @throws {FormatError} when a variable is missing from a sequence. */
export function treeStore({ groups, names }: TreeReading, where: string): WeightTree {
  const inOrder = [...groups].map(([path, variables]) => {
    const list = Array.from({ length: variables.size }, (_, i) => {
      const variable = variables.get(i);
      if (!variable) throw new FormatError(`${where}, ${path}/vars/${i}`, "an array", "none");
      return variable;
    });
    return [path, list] as const;
  });
  return { kind: "tree", groups: new Map(inOrder), names };
}

/** At the root: what training keeps there. */
const TRAINING = new Set(["optimizer", "metrics", "compile_metrics", "compile_loss", "trainer"]);
/** Anywhere: the state of random numbers, which inference does not draw. */
const RANDOM = new Set(["seed_generator", "_seed_generator"]);

/**
 * Reads every `…/vars/0, 1, 2, …` of a file into `tree`.
 *
 * @throws {FormatError} when a variable is no array. @throws {LimitError}
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
  for (const key of group.children) {
    const array = /^\d+$/.test(key) ? group.child(key) : undefined;
    if (array instanceof Hdf5Array) addVariable(tree, path, Number(key), await array.read());
    else if (array) throw new FormatError(`${group.where}/${key}`, "an array", "a group");
    else tree.ignored.add(`${group.path}/${key}`);
  }
  const name = group.text("name");
  if (name !== undefined) tree.names.set(path, name);
}
