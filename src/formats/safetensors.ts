/** safetensors: the length of a header, the header in JSON, the arrays one after another. */
import { FormatError, show, UnsupportedError } from "../errors";
import type { JsonObject, ModelSpec, WeightTensor } from "../spec";
import { decodeArray, elementCount } from "./dtypes";
import { isObject, parseJson } from "./json";
import type { Allowance } from "./limits";

const DTYPES: Readonly<Record<string, string>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * Reads all arrays by name; there is no architecture in such a file. `metadata` is what `__metadata__` held.
 *
 * @throws {FormatError} when the header lies: arrays outside the data, over one another or with gaps between them.
 * @throws {UnsupportedError} for types of number not read here. @throws {LimitError}
 */
export function readSafetensors(bytes: Uint8Array, name: string, allowance: Allowance): ModelSpec {
  if (bytes.length < 8) throw new FormatError(name, "a safetensors header", `${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) throw new FormatError(name, `a header of ${length} bytes`, "a shorter file");
  const header = parseJson(bytes.subarray(8, 8 + length), `${name}, header`, allowance);
  if (!isObject(header)) throw new FormatError(`${name}, header`, "an object", "other JSON");
  const data = bytes.subarray(8 + length);
  const weights = new Map<string, WeightTensor>();
  const entries = readEntries(header, name);
  checkPlaces(entries, data.length, name);
  for (const { name: key, dtype, shape, start, end } of entries) {
    weights.set(key, decodeArray({ bytes: data.subarray(start, end), dtype, shape }, `${name}, ${key}`, allowance));
  }
  return {
    format: "safetensors",
    name,
    kerasVersion: null,
    dialect: 3,
    architecture: null,
    weights: { kind: "names", weights },
    ignored: [],
    metadata: metadataOf(header),
  };
}

function metadataOf({ __metadata__: metadata }: JsonObject): Readonly<Record<string, string>> {
  const entries = isObject(metadata) ? Object.entries(metadata) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function readEntries(header: JsonObject, name: string): Entry[] {
  return Object.entries(header)
    .filter(([key]) => key !== "__metadata__")
    .map(([key, value]) => {
      const where = `${name}, ${key}`;
      if (!isObject(value)) throw new FormatError(where, "an object", show(value));
      const { dtype, shape, data_offsets: offsets } = value;
      if (typeof dtype !== "string" || !Array.isArray(shape))
        throw new FormatError(where, "dtype and shape", "neither");
      if (!Object.hasOwn(DTYPES, dtype)) {
        throw new UnsupportedError(where, `one of ${Object.keys(DTYPES).join(", ")}`, show(dtype));
      }
      elementCount(shape, where);
      const [start, end] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
      if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || (start as number) < 0) {
        throw new FormatError(`${where}, data_offsets`, "two places in the data", show(offsets));
      }
      return { name: key, dtype: DTYPES[dtype]!, shape: shape as number[], start: start as number, end: end as number };
    });
}

/** Every byte of the data belongs to exactly one array. */
function checkPlaces(entries: readonly Entry[], size: number, name: string): void {
  let done = 0;
  for (const { name: key, start, end } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== done || end < start || end > size) {
      throw new FormatError(`${name}, ${key}`, `data from ${done}, within ${size} bytes`, `${start} to ${end}`);
    }
    done = end;
  }
  if (done !== size) throw new FormatError(name, `${done} bytes of data`, String(size));
}
