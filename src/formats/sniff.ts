/** What a file is, told by its first bytes; its name counts for nothing. */
import { FormatError, UnsupportedError } from "../errors";

export type Container = "zip" | "hdf5" | "json" | "safetensors" | "onnx";

/** Formats that people hand over by mistake: how they begin (where), what they are, and what to do about it. */
const OTHERS: readonly [at: number, start: string, got: string, wanted: string][] = [
  [0, "\x80\x02", "a pickle, which could run code", "weights as safetensors"],
  [0, "\x80\x04", "a pickle, which could run code", "weights as safetensors"],
  [0, "\x1f\x8b", "a gzip file", "the file unpacked"],
  [4, "TFL3", "a TensorFlow Lite model", "the Keras model that it was made from"],
  [0, "PK\x05\x06", "an empty zip archive", "a model"],
];

/**
 * @throws {FormatError} for an empty file, a Git LFS pointer, a web page, and bytes of no known format.
 * @throws {UnsupportedError} for model formats that are known and not read.
 */
export function sniff(bytes: Uint8Array, where: string): Container {
  if (bytes.length === 0) throw new FormatError(where, "a model file", "an empty file");
  const head = String.fromCharCode(...bytes.subarray(0, 512));
  if (head.startsWith("PK\x03\x04")) return "zip";
  if (head.startsWith("\x89HDF\r\n\x1a\n")) return "hdf5";
  if (head.startsWith("version https://git-lfs")) {
    throw new FormatError(where, "a model file", "a Git LFS pointer; fetch the file itself with `git lfs pull`");
  }
  for (const [at, start, got, wanted] of OTHERS) {
    if (head.startsWith(start, at)) throw new UnsupportedError(where, wanted, got);
  }
  // Before JSON: the length of a header may have the code of a brace or of a space.
  if (head.charAt(8) === "{" && headerFits(bytes)) return "safetensors";
  const text = head.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (text.startsWith("{")) return "json";
  if (/^<(!doctype|!--|html|\?xml|head|body)/i.test(text)) {
    throw new FormatError(where, "a model file", "a web page; the address may be wrong");
  }
  if (looksLikeOnnx(bytes)) return "onnx";
  const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new FormatError(where, "a .keras, HDF5, TF.js, safetensors or ONNX file", `bytes that begin ${start}`);
}

/** safetensors begins with the length of its JSON header, eight bytes. */
function headerFits(bytes: Uint8Array): boolean {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length <= BigInt(bytes.length - 8);
}

/** ONNX is a message without a signature: first the small version of its format (field 1) or its producer (field 2). */
function looksLikeOnnx(bytes: Uint8Array): boolean {
  const [tag, value, letter] = [bytes[0], bytes[1] ?? 0, bytes[2] ?? 0];
  return (tag === 0x08 && value > 0 && value < 0x20) || (tag === 0x12 && letter >= 0x20 && letter < 0x7f);
}
