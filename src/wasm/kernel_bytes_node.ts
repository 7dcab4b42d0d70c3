/** The compiled kernels where base64 is native and nobody downloads them: the first prediction comes a bit sooner. */

import { RuntimeError } from "../errors";
import { BASE64 } from "./binary_node";
import type { BuildName } from "./builds";

/**
 * Has V8 join two neighbouring vectors of 128 bits to one of 256 where the processor has such, in all of WebAssembly
 * that is compiled after it.
 */
const JOIN = "--experimental-wasm-revectorize";
/** Before Node 24 the flag does nothing. */
const FIRST = 24;

/** The WebAssembly module of a build. The wide one tells V8 to join vectors. @throws {RuntimeError} where it cannot. */
export function kernelBytes(build: BuildName): Uint8Array<ArrayBuffer> {
  if (build === "wide") {
    if (!canJoin()) throw new RuntimeError("configure.build", `Node ${FIRST} or later on x64 for wide`, platform());
    process.getBuiltinModule("node:v8").setFlagsFromString(JOIN);
  }
  return Buffer.from(BASE64[build], "base64");
}

/** True where Node was started with the flag. */
export function joinsVectors(): boolean {
  return process.execArgv.includes(JOIN) && canJoin();
}

function canJoin(): boolean {
  const [name, version, , arch] = platform().split(" ");
  return name === "Node" && Number.parseInt(version as string, 10) >= FIRST && arch === "x64";
}

/** Bun and Deno call themselves Node too. */
function platform(): string {
  const { bun, deno, node } = process.versions;
  const name = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
  return `${name} on ${process.arch}`;
}
