/** The program that measures the roofline, compiled; from the root of the repository. */

import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import type { BuildName } from "../src/wasm/engine";
import { type Exports, MEMORY, type Roofline, rooflineOf } from "./roofline";

/** Compiles the measuring program for a build. */
export async function compileRoofline(build: BuildName): Promise<Uint8Array<ArrayBuffer>> {
  const files = [build === "wide" ? "wide_roofline" : "roofline", "reading"];
  const source = files.map((name) => readFileSync(`bench/assembly/${name}.ts`, "utf8")).join("\n");
  const { binary, error, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    enable: build === "baseline" ? ["simd"] : ["simd", "relaxed-simd"],
    initialMemory: MEMORY >> 16,
  } as never);
  if (error || !binary) throw new Error(`roofline: ${error?.message}\n${stderr}`);
  return binary as Uint8Array<ArrayBuffer>;
}

/** Compiles the measuring program for a build, and what it measures. */
export async function roofline(build: BuildName): Promise<Roofline> {
  const module = new WebAssembly.Module(await compileRoofline(build));
  return rooflineOf(new WebAssembly.Instance(module, {}).exports as unknown as Exports);
}
