/** NumPy's `.npy`: a header in Python's notation, then the numbers. */
import { FormatError, UnsupportedError } from "../errors";
import type { OnnxTensor, WeightTensor } from "../spec";
import { decodeArray, decodeExact, elementCount, type StoredArray } from "./dtypes";
import type { Allowance } from "./limits";

const KINDS: Readonly<Record<string, string>> = { f: "float", i: "int", u: "uint" };

/** What the header says. */
export interface NpyLayout {
  /** Where the numbers begin, in bytes. */
  readonly start: number;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly littleEndian: boolean;
  /** Column-major. */
  readonly isFortran: boolean;
}

/**
 * Reads one array as float32, C or Fortran order, either endianness.
 *
 * @throws {FormatError} when the header is no NumPy header or the bytes do not fit it.
 * @throws {UnsupportedError} for arrays of objects, which are pickles, and other types that are no numbers.
 */
export function readNpy(bytes: Uint8Array, where: string, allowance: Allowance): WeightTensor {
  const { stored, isFortran } = split(bytes, where);
  const array = decodeArray(stored, where, allowance);
  return isFortran
    ? { ...array, data: toRowMajor(array.data, array.shape, new Float32Array(array.data.length)) }
    : array;
}

/** The same with doubles for whole numbers and booleans. */
export function readNpyExact(bytes: Uint8Array, where: string, allowance: Allowance): OnnxTensor {
  const { stored, isFortran } = split(bytes, where);
  if (stored.dtype.includes("float")) return readNpy(bytes, where, allowance);
  const array = decodeExact(stored, where, allowance);
  return isFortran
    ? { ...array, data: toRowMajor(array.data, array.shape, new Float64Array(array.data.length)) }
    : array;
}

function split(bytes: Uint8Array, where: string): { stored: StoredArray; isFortran: boolean } {
  const { start, shape, dtype, littleEndian, isFortran } = npyLayout(bytes, where);
  return { stored: { bytes: bytes.subarray(start), dtype, shape, littleEndian }, isFortran };
}

/**
 * Reads the header alone.
 *
 * @param bytes At least the header.
 * @throws {FormatError} @throws {UnsupportedError} as {@link readNpy}.
 */
export function npyLayout(bytes: Uint8Array, where: string): NpyLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 12 && view.getUint32(0) === 0x934e554d && view.getUint16(4) === 0x5059;
  if (!magic) throw new FormatError(where, "a NumPy array", "other bytes");
  const start = view.getUint8(6) === 1 ? 10 : 12;
  const length = start === 10 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw new FormatError(where, `a header of ${length} bytes`, "a shorter file");
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (fortran === undefined || dims === undefined) {
    throw new FormatError(where, "a NumPy header", JSON.stringify(header.slice(0, 60)));
  }
  const type = numberType(descr ?? "a structure", where);
  const shape = dims
    .split(",")
    .map((d) => d.trim())
    .filter((d) => d !== "")
    .map(Number);
  elementCount(shape, where);
  return { start: start + length, shape, ...type, isFortran: fortran === "True" };
}

function numberType(descr: string, where: string): { dtype: string; littleEndian: boolean } {
  if (descr.includes("O")) throw new UnsupportedError(where, "plain numbers", "a pickle, which could run code");
  const [, order, kind, width] = /^([<>|=])([fiub])([1248])$/.exec(descr) ?? [];
  if (kind === undefined) throw new UnsupportedError(where, "an array of numbers", `NumPy type ${descr.slice(0, 20)}`);
  const dtype = kind === "b" ? "bool" : `${KINDS[kind]}${8 * Number(width)}`;
  return { dtype, littleEndian: order !== ">" };
}

/** Column-major to row-major: walks the result in order, stepping through the source. */
function toRowMajor<T extends Float32Array | Float64Array>(
  source: ArrayLike<number>,
  shape: readonly number[],
  out: T,
): T {
  const index = shape.map(() => 0);
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  for (let i = 0, from = 0; i < out.length; i++) {
    out[i] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
