/** The compiled kernels, which the JavaScript carries deflated in base64. */

import { inflateSync } from "fflate";
import { fromBase64 } from "./base64";
import { PACKED, SIZES } from "./binary";

/** `baseline`: simd128, multiply and add, the same bits on every engine. `relaxed`: fused multiply-add. */
export type BuildName = keyof typeof SIZES;

/** The names of the builds, in the order in which they are packed. */
export const BUILD_NAMES = Object.keys(SIZES) as BuildName[];

/** The WebAssembly module of a build: its first half stands among the first halves, its second among the second. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  const all = unpacked();
  const bytes = new Uint8Array(SIZES[build]);
  let from = 0;
  for (const half of [0, 1]) {
    for (const name of BUILD_NAMES) {
      const middle = SIZES[name] >> 1;
      const size = half === 0 ? middle : SIZES[name] - middle;
      if (name === build) bytes.set(all.subarray(from, from + size), half === 0 ? 0 : middle);
      from += size;
    }
  }
  return bytes;
}

/** Node's own zlib is quicker than JavaScript that nothing has compiled yet; pages and worklets have no other. */
function unpacked(): Uint8Array {
  const node = (globalThis as { process?: Partial<NodeJS.Process> }).process;
  const zlib = node?.getBuiltinModule?.("node:zlib");
  const packed = fromBase64(PACKED);
  return zlib ? new Uint8Array(zlib.inflateRawSync(packed)) : inflateSync(packed);
}
