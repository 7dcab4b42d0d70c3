/** The compiled kernels, which the JavaScript carries as text. In Node kernel_bytes_node.ts takes the place of this. */

import { RuntimeError } from "../errors";
import { PIECES } from "./binary";
import { BUILD_NAMES, type BuildName } from "./builds";
import { fromPrintable } from "./printable";

/** The WebAssembly module of a build. @throws {RuntimeError} for the wide one. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  if (build === "wide") throw new RuntimeError("configure.build", "Node 24 or later for wide", "another platform");
  const k = BUILD_NAMES.indexOf(build);
  return fromPrintable(PIECES.map((piece) => piece[k]).join(""));
}

/** True where the engine was told to join vectors. */
export const joinsVectors = (): boolean => false;
