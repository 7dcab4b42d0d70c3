/** Stored numbers → float32: every float width and integer that model files hold. */
import { FormatError, UnsupportedError } from "../errors";
import type { OnnxTensor, WeightTensor } from "../spec";
import type { Allowance } from "./limits";

type Read = (view: DataView, at: number, little: boolean) => number;

/** Bytes an element takes and how one is read. */
const DTYPES: Readonly<Record<string, readonly [width: number, read: Read]>> = {
  float64: [8, (v, at, little) => v.getFloat64(at, little)],
  float32: [4, (v, at, little) => v.getFloat32(at, little)],
  float16: [2, (v, at, little) => halfToNumber(v.getUint16(at, little))],
  bfloat16: [2, (v, at, little) => bfloatToNumber(v.getUint16(at, little))],
  int64: [8, (v, at, little) => Number(v.getBigInt64(at, little))],
  uint64: [8, (v, at, little) => Number(v.getBigUint64(at, little))],
  int32: [4, (v, at, little) => v.getInt32(at, little)],
  uint32: [4, (v, at, little) => v.getUint32(at, little)],
  int16: [2, (v, at, little) => v.getInt16(at, little)],
  uint16: [2, (v, at, little) => v.getUint16(at, little)],
  int8: [1, (v, at) => v.getInt8(at)],
  uint8: [1, (v, at) => v.getUint8(at)],
  bool: [1, (v, at) => (v.getUint8(at) === 0 ? 0 : 1)],
};

/** IEEE 754 binary16 → number, subnormals, infinities and NaN included. */
export function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** bfloat16 is the upper half of a float32. */
export function bfloatToNumber(bits: number): number {
  word[0] = bits << 16;
  return float[0]!;
}

/** Bytes per element. @throws {UnsupportedError} for a type of number not read here. */
export function widthOf(dtype: string, where: string): number {
  const entry = Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;
  if (!entry) throw new UnsupportedError(where, `one of the types ${Object.keys(DTYPES).join(", ")}`, dtype);
  return entry[0];
}

/** Elements of a shape. @throws {FormatError} when a dimension is no count or the product is beyond any memory. */
export function elementCount(shape: readonly unknown[], where: string): number {
  let count = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || (dimension as number) < 0) {
      throw new FormatError(where, "a shape of non-negative whole numbers", `[${shape.slice(0, 8).join(", ")}]`);
    }
    count *= dimension as number;
  }
  if (count > Number.MAX_SAFE_INTEGER)
    throw new FormatError(where, "a shape that fits in memory", `[${shape.join(", ")}]`);
  return count;
}

export interface StoredArray {
  readonly bytes: Uint8Array;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Default true. */
  readonly littleEndian?: boolean;
}

/**
 * Stored bytes → a float32 weight of its own, C order.
 *
 * @throws {FormatError} when the bytes are not exactly shape × width. @throws {LimitError}
 */
export function decodeArray(stored: StoredArray, where: string, allowance: Allowance): WeightTensor {
  const { bytes, dtype, shape, littleEndian = true } = stored;
  const data = new Float32Array(checkedCount(stored, where, allowance, 4));
  if (dtype === "float32" && littleEndian) new Uint8Array(data.buffer).set(bytes);
  else decodeInto(data, stored);
  return { shape: [...shape], dtype, data };
}

/** The same with doubles for whole numbers, which may be sizes and indices. */
export function decodeExact(stored: StoredArray, where: string, allowance: Allowance): OnnxTensor {
  if (stored.dtype.includes("float")) return decodeArray(stored, where, allowance);
  const data = new Float64Array(checkedCount(stored, where, allowance, 8));
  decodeInto(data, stored);
  return { shape: [...stored.shape], dtype: stored.dtype, data };
}

function checkedCount(stored: StoredArray, where: string, allowance: Allowance, bytesEach: number): number {
  const { bytes, dtype, shape } = stored;
  const [width, count] = [widthOf(dtype, where), elementCount(shape, where)];
  if (count * width !== bytes.length) {
    const expected = `${count * width} bytes for ${dtype} [${shape.join(", ")}]`;
    throw new FormatError(where, expected, String(bytes.length), { details: { shape, dtype, bytes: bytes.length } });
  }
  allowance.spendWeight(where);
  allowance.spendBytes(where, count * bytesEach);
  return count;
}

function decodeInto(out: Float32Array | Float64Array, { bytes, dtype, littleEndian = true }: StoredArray): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, read] = DTYPES[dtype]!;
  for (let i = 0; i < out.length; i++) out[i] = read(view, i * width, littleEndian);
}
