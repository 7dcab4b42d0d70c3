/** The roofline of this engine and processor, measured beside everything else. */

import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import type { BuildName } from "../src/wasm/engine";

/** What can be measured of the machine. */
export interface Roofline {
  /** Multiply-adds in registers: GFLOP/s, two a multiply-add. One burst of a few milliseconds. */
  gflops(): number;
  /** Reading `bytes` that were read before: GB/s. */
  bandwidth(bytes: number): number;
}

interface Exports {
  memory: WebAssembly.Memory;
  arithmetic(rounds: number, x: number, y: number): number;
  read(from: number, bytes: number): number;
}

const ROUNDS = 200_000;
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
  const time = (work: () => void) => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  };
  return {
    gflops: () => (ROUNDS * 16 * 4 * 2) / time(() => kernels.arithmetic(ROUNDS, 1.0001, 0.5)) / 1e9,
    bandwidth(bytes) {
      const size = Math.min(bytes & ~127, MEMORY >> 1);
      const repeats = Math.max(1, Math.round((16 << 20) / size));
      const seconds = time(() => {
        for (let k = 0; k < repeats; k++) kernels.read(1024, size);
      });
      return (size * repeats) / seconds / 1e9;
    },
  };
}
