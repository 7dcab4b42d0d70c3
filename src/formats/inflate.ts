/** The one door to fflate's decompression: unpacked is what was declared, or nothing. */
import { FormatError } from "../errors";

/** Input handed over at a time: deflate expands at most 1032 times, so a bomb is seen after 16 MiB. */
const SLICE = 1 << 14;
const MAX_EXPANSION = 1032;

/** Unpacks to at most `limit` bytes. @throws {FormatError} when the data are damaged or hold more. */
export type Unpack = (packed: Uint8Array, limit: number, where: string) => Uint8Array;

/** Loads fflate at the first call. `deflate` is what zip holds, `zlib` what HDF5 holds. */
export async function unpacker(wrapping: "deflate" | "zlib"): Promise<Unpack> {
  const { Inflate, Unzlib } = await import("./fflate");
  const Stream = wrapping === "deflate" ? Inflate : Unzlib;
  return (packed, limit, where) => {
    const out = new Uint8Array(Math.min(limit, packed.length * MAX_EXPANSION));
    let written = 0;
    const tooMany = new FormatError(where, `at most ${limit} bytes unpacked, as declared`, "more");
    const stream = new Stream((chunk) => {
      if (written + chunk.length > out.length) throw tooMany;
      out.set(chunk, written);
      written += chunk.length;
    });
    try {
      for (let at = 0; at < packed.length; at += SLICE) {
        stream.push(packed.subarray(at, at + SLICE), at + SLICE >= packed.length);
      }
    } catch (cause) {
      if (cause === tooMany) throw tooMany;
      throw new FormatError(where, "deflate data", cause instanceof Error ? cause.message : "other bytes", { cause });
    }
    return out.subarray(0, written);
  };
}
