/** The roofline of this engine and processor, measured beside everything else. */

import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import type { BuildName } from "../src/wasm/engine";
import type { Contestant } from "./rounds";

/** What can be measured of the machine, as contestants of their own. */
export interface Roofline {
  /** Multiply-adds in registers. */
  readonly arithmetic: Contestant & { readonly flops: number };
  /** Reading `bytes` that were read before. */
  reading(bytes: number): Contestant & { readonly bytes: number };
}

interface Exports {
  memory: WebAssembly.Memory;
  arithmetic(rounds: number, x: number, y: number): number;
  read(from: number, bytes: number): number;
}

const ROUNDS = 50_000;
const MEMORY = 64 << 20;

/** Compiles the measuring program for a build. */
export async function roofline(build: BuildName): Promise<Roofline> {
  const source = readFileSync("bench/assembly/roofline.ts", "utf8");
  const { binary, error, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    enable: build === "relaxed" ? ["simd", "relaxed-simd"] : ["simd"],
    initialMemory: MEMORY >> 16,
  } as never);
  if (error || !binary) throw new Error(`roofline: ${error?.message}\n${stderr}`);
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
  const kernels = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  return {
    arithmetic: {
      name: "roofline",
      flops: ROUNDS * 12 * 4 * 2,
      run: () => void kernels.arithmetic(ROUNDS, 1.0001, 0.5),
    },
    reading(bytes) {
      const size = Math.min(bytes & ~127, MEMORY >> 1);
      return { name: `reading ${size} bytes`, bytes: size, run: () => void kernels.read(1024, size) };
    },
  };
}
