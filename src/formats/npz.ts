/** `model.weights.npz`: the tree of `keras_tree.ts` as plain arrays `<path>/<i>.npy` or `<path>/vars/<i>.npy`. */
import { FormatError } from "../errors";
import type { WeightTensor } from "../spec";
import type { TreeReading } from "./keras_tree";
import type { Allowance } from "./limits";
import { readNpy } from "./npy";
import { openZip } from "./zip";

/**
 * Reads the arrays into `tree`.
 *
 * @throws {UnsupportedError} for what Keras' own npz writer makes: pickled dictionaries, which Keras itself refuses.
 * @throws {FormatError} when variables are missing from a sequence. @throws {LimitError}
 */
export async function readNpzTree(
  bytes: Uint8Array,
  where: string,
  allowance: Allowance,
  tree: TreeReading,
): Promise<void> {
  const archive = openZip(bytes, where, allowance);
  const groups = new Map<string, Map<number, WeightTensor>>();
  for (const member of archive.names) {
    const array = readNpy((await archive.read(member))!, `${where}, ${member}`, allowance);
    const [, path, index] = /^(?:(.*)\/)?(\d+)\.npy$/.exec(member) ?? [];
    if (index === undefined) {
      tree.ignored.add(member);
      continue;
    }
    const group = (path ?? "").replace(/(^|\/)vars$/, "");
    groups.set(group, (groups.get(group) ?? new Map<number, WeightTensor>()).set(Number(index), array));
  }
  for (const [path, variables] of groups) {
    const inOrder = Array.from({ length: variables.size }, (_, i) => {
      const variable = variables.get(i);
      if (!variable) throw new FormatError(`${where}, ${path}/${i}.npy`, "an array", "none");
      return variable;
    });
    tree.groups.set(path, inOrder);
  }
}
