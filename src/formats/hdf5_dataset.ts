/** One HDF5 dataset → float32: contiguous bytes directly, chunks (with gzip, shuffle, checksum) through jsfive. */
import type { Dataset } from "jsfive";
import { FormatError, UnsupportedError } from "../errors";
import type { WeightTensor } from "../spec";
import { decodeArray, elementCount, widthOf } from "./dtypes";
import type { Hdf5File } from "./hdf5";
import { guarded } from "./hdf5_guard";
import { unpacker } from "./inflate";

const [DATATYPE, LAYOUT] = [0x03, 0x08];
/** The filter's number in HDF5; the checksum filter (Fletcher) adds bytes that it may find packed. */
const [GZIP, CHECKSUM_BYTES] = [1, 4];
/** Chunks stick out of the array, at most by half a chunk an axis where a sane writer chose them. */
const CHUNK_OVERHANG = 16;
/** The chunk, a copy before unpacking, and the nodes of the tree that lead to it. */
const SLICES_PER_CHUNK = 4;

interface NumberType {
  readonly dtype: string;
  readonly littleEndian: boolean;
}

/** @throws {FormatError} @throws {UnsupportedError} @throws {LimitError} as {@link Hdf5Array.read} says. */
export async function readDataset(file: Hdf5File, dataset: Dataset, where: string): Promise<WeightTensor> {
  const view = new DataView(file.bytes);
  const header = (type: number, what: string): number => {
    const message = dataset._dataobjects.find_msg_type(type)[0];
    if (!message) throw new FormatError(where, what, "none");
    return message.get("offset_to_message");
  };
  const { shape, type, layout } = guarded(where, () => ({
    shape: dataset.shape,
    type: numberType(view, header(DATATYPE, "a type of number"), where),
    layout: storage(view, header(LAYOUT, "a place of its data"), where),
  }));
  if (layout === "chunked") return readChunks(file, dataset, shape, type, where);
  const { bytes } = layout;
  const at = bytes === 0 ? 0 : layout.at; // nothing is stored at the address of all ones
  if (at + bytes > view.byteLength) {
    throw new FormatError(where, `${bytes} bytes at ${at}, within the file`, `a file of ${view.byteLength}`);
  }
  return decodeArray({ bytes: new Uint8Array(file.bytes, at, bytes), shape, ...type }, where, file.allowance);
}

/** The datatype message: class and version, three bytes of flags, size, then what the class needs. */
function numberType(view: DataView, at: number, where: string): NumberType {
  const [kind, flags, size] = [view.getUint8(at) & 15, view.getUint8(at + 1), view.getUint32(at + 4, true)];
  const littleEndian = (flags & 1) === 0;
  if (kind === 0 && [1, 2, 4, 8].includes(size)) {
    return { dtype: `${flags & 8 ? "int" : "uint"}${8 * size}`, littleEndian };
  }
  // bfloat16 has 8 bits of exponent; h5py writes it as two opaque bytes.
  if (kind === 1 && size === 2 && view.getUint8(at + 13) === 8) return { dtype: "bfloat16", littleEndian };
  if (kind === 1 && [2, 4, 8].includes(size)) return { dtype: `float${8 * size}`, littleEndian };
  if (kind === 5 && size === 2) return { dtype: "bfloat16", littleEndian: true };
  if (kind === 8) return numberType(view, at + 8, where); // an enumeration: h5py's booleans
  throw new UnsupportedError(where, "an array of numbers", `HDF5 type class ${kind} of ${size} bytes`);
}

/** The layout message: where contiguous (or compact) data lie. */
function storage(view: DataView, at: number, where: string): "chunked" | { at: number; bytes: number } {
  const version = view.getUint8(at);
  if (version !== 3 && version !== 4) throw new UnsupportedError(where, "a layout of version 3 or 4", String(version));
  const kind = view.getUint8(at + 1);
  if (kind === 0) return { at: at + 4, bytes: view.getUint16(at + 2, true) };
  if (kind === 1)
    return { at: Number(view.getBigUint64(at + 2, true)), bytes: Number(view.getBigUint64(at + 10, true)) };
  if (kind === 2 && version === 3) return "chunked";
  throw new UnsupportedError(where, "contiguous or chunked data", `layout ${kind} of version ${version}`);
}

/** @throws {FormatError} when the chunks are larger or more than the array needs, or some are missing. */
async function readChunks(
  file: Hdf5File,
  dataset: Dataset,
  shape: number[],
  { dtype }: NumberType,
  where: string,
): Promise<WeightTensor> {
  const [count, width] = [elementCount(shape, where), widthOf(dtype, where)];
  const { chunk, filters } = guarded(where, () => ({
    chunk: dataset._dataobjects.chunks ?? [],
    filters: dataset._dataobjects.filter_pipeline ?? [],
  }));
  const chunkBytes = elementCount(chunk, where) * width;
  const chunks = shape.reduce((product, size, axis) => product * Math.ceil(size / (chunk[axis] ?? 0)), 1);
  if (chunk.length !== shape.length || !(chunks * chunkBytes <= CHUNK_OVERHANG * count * width)) {
    throw new FormatError(where, `chunks that cover [${shape.join(", ")}]`, `[${chunk.join(", ")}]`);
  }
  file.allowance.spendWeight(where);
  file.allowance.spendBytes(where, count * 12); // jsfive's plain numbers, then float32
  if (filters.some((filter) => filter.get("filter_id") === GZIP)) {
    const unpack = await unpacker("zlib");
    file.jsfive.Filters.set(GZIP, (packed) => {
      return unpack(new Uint8Array(packed), chunkBytes + CHECKSUM_BYTES, where).slice().buffer;
    });
  }
  const values = guarded(where, () => file.bytes.within(SLICES_PER_CHUNK * (chunks + 16), () => dataset.value));
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (typeof values[i] !== "number") throw new FormatError(where, `${count} numbers in its chunks`, `none at ${i}`);
    data[i] = values[i] as number;
  }
  return { shape, dtype, data };
}
