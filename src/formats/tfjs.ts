/** TF.js layers models: `model.json` with a topology, and weights in shards that are cut from one stretch a group. */
import { dialectOf } from "../config/dialect";
import { FormatError, show, UnsupportedError } from "../errors";
import type { Json, JsonObject, ModelSpec, WeightTensor } from "../spec";
import { decodeArray, elementCount, widthOf } from "./dtypes";
import { isObject } from "./json";
import type { Allowance } from "./limits";
import { checkedPath } from "./paths";

/** The bytes of a group: its shards by path, or the next of all groups' bytes, where these are given in one piece. */
export type ReadGroup = (paths: readonly string[], size: number) => Promise<Uint8Array>;

/**
 * Reads a layers model; without `readGroup` its topology alone.
 *
 * @throws {FormatError} when topology, manifest and shards do not fit together.
 * @throws {UnsupportedError} for graph models, and for weights that are no numbers. @throws {LimitError}
 */
export async function readTfjs(
  model: JsonObject,
  readGroup: ReadGroup | undefined,
  name: string,
  allowance: Allowance,
): Promise<ModelSpec> {
  const { modelTopology: topology, format } = model;
  if (format === "graph-model" || (isObject(topology) && Array.isArray(topology.node))) {
    throw new UnsupportedError(name, "a TF.js layers model", "a TF.js graph model; convert the Keras model itself");
  }
  if (!isObject(topology)) throw new FormatError(`${name}, modelTopology`, "an object", show(topology));
  const architecture = topology.model_config ?? topology;
  if (!isObject(architecture) || typeof architecture.class_name !== "string") {
    throw new FormatError(`${name}, modelTopology`, "a Keras model", show(architecture));
  }
  const kerasVersion = versionOf(topology, model);
  const hasWeights = readGroup && model.weightsManifest !== undefined;
  const weights = hasWeights ? await readWeights(model.weightsManifest, readGroup, name, allowance) : null;
  return {
    format: "tfjs",
    name,
    kerasVersion,
    dialect: dialectOf(kerasVersion, name, 2),
    architecture,
    weights: weights ? { kind: "names", weights } : { kind: "none" },
    ignored: ["trainingConfig", "userDefinedMetadata"].filter((key) => model[key] !== undefined),
  };
}

function versionOf(topology: JsonObject, { generatedBy }: JsonObject): string | null {
  if (typeof topology.keras_version === "string") return topology.keras_version;
  return typeof generatedBy === "string" ? (/keras v([\d.]+)/.exec(generatedBy)?.[1] ?? null) : null;
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  /** As stored. */
  readonly dtype: string;
  readonly whole: boolean;
  readonly bytes: number;
  readonly quantization: JsonObject | null;
}

async function readWeights(manifest: Json | undefined, readGroup: ReadGroup, name: string, allowance: Allowance) {
  const where = `${name}, weightsManifest`;
  if (!Array.isArray(manifest)) throw new FormatError(where, "a list", show(manifest));
  const weights = new Map<string, WeightTensor>();
  for (const [i, group] of manifest.entries()) {
    const { paths, weights: list } = isObject(group) ? group : {};
    if (!Array.isArray(paths) || !Array.isArray(list)) {
      throw new FormatError(`${where}[${i}]`, "lists of paths and weights", show(group));
    }
    const entries = list.map((entry, j) => readEntry(entry, `${where}[${i}].weights[${j}]`));
    const size = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const bytes = await readGroup(
      paths.map((path) => checkedPath(path, `${where}[${i}].paths`)),
      size,
    );
    if (bytes.length !== size)
      throw new FormatError(`${name}, ${paths.join(" + ")}`, `${size} bytes`, String(bytes.length));
    let at = 0;
    for (const entry of entries) {
      if (weights.has(entry.name)) throw new FormatError(`${name}, ${entry.name}`, "one weight of this name", "two");
      weights.set(entry.name, decode(entry, bytes.subarray(at, at + entry.bytes), `${name}, ${entry.name}`, allowance));
      at += entry.bytes;
    }
  }
  return weights;
}

function readEntry(entry: Json, where: string): Entry {
  const { name, shape, dtype, quantization = null } = isObject(entry) ? entry : {};
  if (typeof name !== "string" || !Array.isArray(shape) || typeof dtype !== "string") {
    throw new FormatError(where, "name, shape and dtype", show(entry));
  }
  if (dtype === "string" || dtype === "complex64") throw new UnsupportedError(`${where}, ${name}`, "numbers", dtype);
  if (quantization !== null && !isObject(quantization))
    throw new FormatError(where, "a quantization", show(quantization));
  const stored = String(quantization?.dtype ?? dtype);
  const count = elementCount(shape, where);
  const bytes = count * widthOf(stored, where);
  return { name, shape: shape as number[], dtype: stored, whole: dtype === "int32", bytes, quantization };
}

/** value = stored · scale + min; whole numbers stay whole. float16 has neither. */
function decode({ dtype, shape, whole, quantization }: Entry, bytes: Uint8Array, where: string, allowance: Allowance) {
  const stored = decodeArray({ bytes, dtype, shape }, where, allowance);
  if (quantization === null || dtype === "float16") return stored;
  const { scale, min } = quantization;
  if (typeof scale !== "number" || typeof min !== "number") {
    throw new FormatError(`${where}, quantization`, "scale and min", show(scale));
  }
  const restore = (value: number) => value * scale + min;
  return { ...stored, data: stored.data.map(whole ? (value) => Math.round(restore(value)) : restore) };
}
