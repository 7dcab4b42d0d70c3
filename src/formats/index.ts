/** Bytes → plain data, whatever Keras, TF.js or a neighbour wrote. The readers are loaded when they are needed. */
import { FormatError, RecurraError } from "../errors";
import type { ModelSpec, OnnxSpec } from "../spec";
import { parseJson } from "./json";
import type { Beside } from "./json_model";
import { Allowance, type Limits } from "./limits";
import { sniff } from "./sniff";

export type { Limits } from "./limits";

/** A topology (JSON as text, bytes or parsed) and its weights: one file, TF.js shards in order, or shards by name. */
export interface ModelParts {
  readonly topology: Uint8Array | string | object;
  readonly weights?: Uint8Array | readonly Uint8Array[] | Readonly<Record<string, Uint8Array>>;
}

export interface ReadOptions {
  /** How the file is called in messages; default `model`. */
  readonly name?: string;
  readonly limits?: Partial<Limits>;
  /** Reads a file beside this one, for formats that come in several. */
  readonly sibling?: (path: string) => Promise<Uint8Array>;
}

/**
 * Reads a model file. The format is told by the bytes, never by the name.
 *
 * @throws {FormatError} when the bytes are damaged or no model.
 * @throws {UnsupportedError} when they are a kind of model that is not read.
 * @throws {LimitError} when it would cost more than `limits` allow.
 */
export async function readModel(
  source: Uint8Array | ModelParts,
  options: ReadOptions = {},
): Promise<ModelSpec | OnnxSpec> {
  const { name = "model", sibling } = options;
  const allowance = new Allowance(options.limits);
  const readWeights = (bytes: Uint8Array) => readBytes(bytes, {}, `${name}, weights`, allowance);
  const beside = { readWeights, ...(sibling && { sibling }) };
  return typed<ModelSpec | OnnxSpec>(name, async () => {
    if (source instanceof Uint8Array) return readBytes(source, beside, name, allowance);
    const { topology, weights } = source;
    const isText = typeof topology === "string" || topology instanceof Uint8Array;
    const json = isText ? parseJson(topology, `${name}, topology`, allowance) : topology;
    const { readJsonModel } = await import("./json_model");
    return readJsonModel(json, weights === undefined ? beside : { ...beside, weights }, name, allowance);
  });
}

async function readBytes(
  bytes: Uint8Array,
  beside: Beside,
  name: string,
  allowance: Allowance,
): Promise<ModelSpec | OnnxSpec> {
  switch (sniff(bytes, name)) {
    case "zip":
      return (await import("./keras_zip")).readKerasZip(bytes, name, allowance);
    case "hdf5":
      return (await import("./legacy_hdf5")).readHdf5(bytes, name, allowance);
    case "safetensors":
      return (await import("./safetensors")).readSafetensors(bytes, name, allowance);
    case "json":
      return (await import("./json_model")).readJsonModel(parseJson(bytes, name, allowance), beside, name, allowance);
    case "onnx":
      return (await import("./onnx")).readOnnx(bytes, beside.sibling, name, allowance);
  }
}

/** Whatever a reader did not foresee is a damaged file, not a bare error. */
async function typed<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (RecurraError.is(cause)) throw cause;
    throw new FormatError(name, "a sound model file", cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}
