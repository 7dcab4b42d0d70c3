/** `model.weights.npz`: the tree of `keras_tree.ts` as plain arrays `<path>/<i>.npy` or `<path>/vars/<i>.npy`. */
import { addVariable, type TreeReading } from "./keras_tree";
import type { Allowance } from "./limits";
import { readNpy } from "./npy";
import { openZip } from "./zip";

/**
 * Reads the arrays into `tree`.
 *
 * @throws {UnsupportedError} for what Keras' own npz writer makes: pickled dictionaries, which Keras itself refuses.
 * @throws {FormatError} when the archive or an array is damaged. @throws {LimitError}
 */
export async function readNpzTree(
  bytes: Uint8Array,
  where: string,
  allowance: Allowance,
  tree: TreeReading,
): Promise<void> {
  const archive = openZip(bytes, where, allowance);
  for (const member of archive.names) {
    const array = readNpy((await archive.read(member))!, `${where}, ${member}`, allowance);
    const [, path, index] = /^(?:(.*)\/)?(\d+)\.npy$/.exec(member) ?? [];
    if (index === undefined) tree.ignored.add(member);
    else addVariable(tree, (path ?? "").replace(/(^|\/)vars$/, ""), Number(index), array);
  }
}
