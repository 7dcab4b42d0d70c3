/** The compiled kernels where base64 is native and nobody downloads them: the first prediction comes a bit sooner. */

import { BASE64 } from "./binary_node";
import type { BuildName } from "./builds";

/** The WebAssembly module of a build. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  return Buffer.from(BASE64[build], "base64");
}
