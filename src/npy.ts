/** NumPy files in and out of tensors. */

import { FormatError } from "./errors";
import { Allowance } from "./formats/limits";
import { readNpyExact } from "./formats/npy";
import { type DType, Tensor } from "./tensor";

const DESCR: Readonly<Record<DType, string>> = { float32: "<f4", int32: "<i4", bool: "|b1" };

/**
 * A tensor of the bytes of a `.npy` file: f4 f8 i4 i8 u1 b1 and relatives, C and Fortran order.
 * Floats become float32, whole numbers int32, booleans bool.
 *
 * @param name Starts the messages of errors.
 * @throws {FormatError} when the bytes are no NumPy file, or a whole number takes more than 32 bits.
 * @throws {UnsupportedError} for other types than numbers.
 *
 * @example
 * const x = tensorFromNpy(await readFile("x.npy"), "x.npy");
 */
export function tensorFromNpy(bytes: Uint8Array, name = "npy"): Tensor {
  const { shape, dtype, data } = readNpyExact(bytes, name, new Allowance());
  if (dtype === "bool") return new Tensor(shape, "bool", Uint8Array.from(data));
  if (data instanceof Float32Array) return new Tensor(shape, "float32", data);
  const whole = Int32Array.from(data);
  const odd = whole.findIndex((value, k) => value !== data[k]);
  if (odd < 0) return new Tensor(shape, "int32", whole);
  throw new FormatError(name, "whole numbers that fit in 32 bits", `${data[odd]} of type ${dtype}`);
}

/**
 * The bytes of a `.npy` file (version 1.0, C order, little-endian).
 *
 * @example
 * await writeFile("y.npy", tensorToNpy(model.predict(x)));
 */
export function tensorToNpy(tensor: Tensor): Uint8Array {
  const shape = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(", ");
  const text = `{'descr': '${DESCR[tensor.dtype]}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = 10 + text.length + 1;
  const padding = (64 - (header % 64)) % 64; // the data begin on a multiple of 64 bytes
  const { buffer, byteOffset, byteLength } = tensor.data;
  const bytes = new Uint8Array(header + padding + byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, header + padding - 10, true);
  bytes.set(new TextEncoder().encode(`${text}${" ".repeat(padding)}\n`), 10);
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength), header + padding);
  return bytes;
}
