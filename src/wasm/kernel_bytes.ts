/** The compiled kernels, which the JavaScript carries deflated in base64. */

import { inflateSync } from "fflate";
import { fromBase64 } from "./base64";
import { PACKED, SIZES } from "./binary";

/** `baseline`: simd128, multiply and add, the same bits on every engine. `relaxed`: fused multiply-add. */
export type BuildName = keyof typeof SIZES;

/** The names of the builds, in the order in which they are packed. */
export const BUILD_NAMES = Object.keys(SIZES) as BuildName[];

/** The WebAssembly module of a build. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  let from = 0;
  for (const name of BUILD_NAMES) {
    if (name === build) break;
    from += SIZES[name];
  }
  return unpacked().slice(from, from + SIZES[build]) as Uint8Array<ArrayBuffer>;
}

/** Node's own zlib is quicker than JavaScript that nothing has compiled yet; pages and worklets have no other. */
function unpacked(): Uint8Array {
  const node = (globalThis as { process?: Partial<NodeJS.Process> }).process;
  const zlib = node?.getBuiltinModule?.("node:zlib");
  return zlib ? new Uint8Array(zlib.inflateRawSync(Buffer.from(PACKED, "base64"))) : inflateSync(fromBase64(PACKED));
}
