/** The compiled kernels, which the JavaScript carries as text. In Node kernel_bytes_node.ts takes the place of this. */

import { PIECES } from "./binary";
import { BUILD_NAMES, type BuildName } from "./builds";
import { fromPrintable } from "./printable";

/** The WebAssembly module of a build. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  const k = BUILD_NAMES.indexOf(build);
  return fromPrintable(PIECES.map((piece) => piece[k]).join(""));
}
