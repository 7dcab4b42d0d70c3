/** `.keras`: a zip of `metadata.json`, `config.json` and the weights as a tree; Keras 3, and Keras 2 since 2.12. */
import { dialectOf } from "../config/dialect";
import { FormatError, UnsupportedError } from "../errors";
import type { JsonObject, ModelSpec } from "../spec";
import { openHdf5 } from "./hdf5";
import { isObject, parseJson } from "./json";
import { newTree, readTree, treeStore } from "./keras_tree";
import type { Allowance } from "./limits";
import { readNpzTree } from "./npz";
import { openZip } from "./zip";

const [METADATA, CONFIG, HDF5, NPZ] = [
  "metadata.json",
  "config.json",
  "model.weights.h5",
  "model.weights.npz",
] as const;

/** A member's or a file's bytes; undefined when there is none of that name. */
export type ReadMember = (name: string) => Promise<Uint8Array | undefined>;

/**
 * Reads a `.keras` archive.
 *
 * @throws {FormatError} when members are missing, damaged or not what Keras writes.
 * @throws {UnsupportedError} for other zip archives (PyTorch's, NumPy's), by name. @throws {LimitError}
 */
export async function readKerasZip(bytes: Uint8Array, name: string, allowance: Allowance): Promise<ModelSpec> {
  const archive = openZip(bytes, name, allowance);
  if (!archive.names.includes(CONFIG)) refuseOtherZip(archive.names, name);
  const spec = await readKerasMembers((member) => archive.read(member), name, allowance);
  const assets = archive.names.filter((member) => ![METADATA, CONFIG, HDF5, NPZ].some((known) => known === member));
  return { ...spec, ignored: [...spec.ignored, ...assets] };
}

/** The same from the members alone: an archive's, or the files of an unzipped `.keras` folder. */
export async function readKerasMembers(read: ReadMember, name: string, allowance: Allowance): Promise<ModelSpec> {
  const config = await read(CONFIG);
  if (!config) throw new FormatError(name, `a member ${CONFIG}`, "none");
  const architecture = parseJson(config, `${name}, ${CONFIG}`, allowance);
  if (!isObject(architecture)) throw new FormatError(`${name}, ${CONFIG}`, "an object", "other JSON");
  const metadata = await read(METADATA);
  const kerasVersion = metadata ? versionOf(parseJson(metadata, `${name}, ${METADATA}`, allowance)) : null;
  const dialect = dialectOf(kerasVersion, name);
  const tree = newTree();
  const [hdf5, npz] = [await read(HDF5), await read(NPZ)];
  if (hdf5) await readTree(await openHdf5(hdf5, `${name}, ${HDF5}`, allowance), tree);
  else if (npz) await readNpzTree(npz, `${name}, ${NPZ}`, allowance, tree);
  else throw new FormatError(name, `a member ${HDF5} or ${NPZ}`, "neither");
  const compiled = isObject(architecture.compile_config) && Object.keys(architecture.compile_config).length > 0;
  const ignored = [...tree.ignored, ...(compiled ? ["compile_config"] : [])];
  return { format: "keras", name, kerasVersion, dialect, architecture, weights: treeStore(tree, name), ignored };
}

function versionOf(metadata: unknown): string | null {
  const version = isObject(metadata) ? (metadata as JsonObject).keras_version : undefined;
  return typeof version === "string" ? version : null;
}

function refuseOtherZip(names: readonly string[], where: string): never {
  if (names.some((name) => /(^|\/)data\.pkl$/.test(name))) {
    throw new UnsupportedError(
      where,
      "weights without code: safetensors",
      "a PyTorch archive, whose pickle could run code",
    );
  }
  if (names.length > 0 && names.every((name) => name.endsWith(".npy"))) {
    throw new UnsupportedError(where, "a model", "a NumPy archive of arrays alone");
  }
  const listed = names.slice(0, 5).join(", ") || "no members";
  throw new FormatError(where, `a .keras archive with a member ${CONFIG}`, `a zip of ${listed}`);
}
