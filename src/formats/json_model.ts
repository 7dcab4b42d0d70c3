/** Model files that are JSON: told apart by their keys. */
import { dialectOf } from "../config/dialect";
import { FormatError, show } from "../errors";
import type { JsonObject, ModelSpec, OnnxSpec } from "../spec";
import { isObject } from "./json";
import type { Allowance } from "./limits";

/** Where a JSON file finds what belongs to it. */
export interface Beside {
  /** The weights that were given with a topology. */
  readonly weights?: Uint8Array | readonly Uint8Array[] | Readonly<Record<string, Uint8Array>>;
  /** A file by its path relative to the JSON file. */
  readonly sibling?: (path: string) => Promise<Uint8Array>;
  /** Reads those weights when they are one file of their own, of any format. */
  readonly readWeights?: (bytes: Uint8Array) => Promise<ModelSpec | OnnxSpec>;
}

/**
 * Reads TF.js' model.json, a Keras architecture (`to_json`, or `config.json` of an unzipped `.keras` folder) with or
 * without weights beside it, the index of a sharded `.weights.json`, and the JSON of RTNeural, GuitarML and NAM.
 *
 * @throws {FormatError} when it is none of them. @throws {UnsupportedError} @throws {LimitError}
 */
export async function readJsonModel(
  json: unknown,
  beside: Beside,
  name: string,
  allowance: Allowance,
): Promise<ModelSpec> {
  if (!isObject(json)) throw new FormatError(name, "an object", "other JSON");
  if ("modelTopology" in json || json.format === "graph-model") {
    return (await import("./tfjs")).readTfjs(json, groupReader(beside), name, allowance);
  }
  if (typeof json.class_name === "string" && "config" in json) return readArchitecture(json, beside, name);
  if (isObject(json.weight_map)) return readSharded(json.weight_map, beside, name, allowance);
  if ("in_shape" in json) return (await import("./rtneural")).readRtneural(json, name, allowance);
  if ("state_dict" in json) return (await import("./guitarml")).readGuitarml(json, name, allowance);
  if ("architecture" in json) return (await import("./nam")).readNam(json, name, allowance);
  const keys = Object.keys(json).slice(0, 5).join(", ") || "no keys";
  throw new FormatError(name, "the JSON of a Keras, TF.js, RTNeural, GuitarML or NAM model", `an object with ${keys}`);
}

/** @throws {FormatError} when the weights that were given hold no weights. */
async function readArchitecture(json: JsonObject, { weights, readWeights }: Beside, name: string): Promise<ModelSpec> {
  const { keras_version: version = null } = json;
  const kerasVersion = typeof version === "string" ? version : null;
  const dialect = dialectOf(kerasVersion, name, "module" in json ? 3 : 2);
  const architecture = { format: "json", name, kerasVersion, dialect, architecture: json } as const;
  if (weights === undefined || !readWeights) return { ...architecture, weights: { kind: "none" }, ignored: [] };
  const read = await readWeights(onePiece(weights, name));
  if (read.format === "onnx" || read.weights.kind === "none") {
    throw new FormatError(`${name}, weights`, "a file of weights", "a model without");
  }
  return { ...architecture, weights: read.weights, ignored: read.ignored };
}

function onePiece(weights: NonNullable<Beside["weights"]>, name: string): Uint8Array {
  const pieces = weights instanceof Uint8Array ? [weights] : Object.values(weights);
  if (pieces.length !== 1) throw new FormatError(`${name}, weights`, "one file", String(pieces.length));
  return pieces[0]!;
}

/** Shards by path, in order, or out of one piece. */
function groupReader({ weights, sibling }: Beside): import("./tfjs").ReadGroup | undefined {
  if (weights === undefined) {
    if (!sibling) return undefined;
    return async (paths) => concat(await Promise.all(paths.map(sibling)));
  }
  if (weights instanceof Uint8Array || Array.isArray(weights)) {
    const all = weights instanceof Uint8Array ? weights : concat(weights as readonly Uint8Array[]);
    let at = 0;
    return async (_, size) => {
      at += size;
      return all.subarray(at - size, at);
    };
  }
  const named = weights as Readonly<Record<string, Uint8Array>>;
  return async (paths) =>
    concat(
      paths.map((path) => {
        if (Object.hasOwn(named, path)) return named[path]!;
        throw new FormatError(`weights, ${path}`, "a shard of this name", Object.keys(named).join(", ") || "none");
      }),
    );
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** `name.weights.json`: object paths → the files that hold their variables, which may be several. */
async function readSharded(
  map: JsonObject,
  { sibling }: Beside,
  name: string,
  allowance: Allowance,
): Promise<ModelSpec> {
  const files = [...new Set(Object.values(map).flat())].map((file) => {
    if (typeof file === "string" && /^[\w.-]+$/.test(file)) return file;
    throw new FormatError(`${name}, weight_map`, "names of files beside it", show(file));
  });
  if (!sibling) throw new FormatError(name, `${files.join(", ")} beside it`, "bytes alone");
  const [{ openHdf5 }, { newTree, readTree, treeStore }] = await Promise.all([
    import("./hdf5"),
    import("./keras_tree"),
  ]);
  const tree = newTree();
  for (const file of files) await readTree(await openHdf5(await sibling(file), file, allowance), tree);
  const common = { kerasVersion: null, dialect: 3, architecture: null } as const;
  return { format: "weights", name, ...common, weights: treeStore(tree, name), ignored: [...tree.ignored] };
}
