/** The roofline of this engine and processor, measured beside everything else; for any engine. */

import type { Contestant } from "./rounds";

/** What can be measured of the machine, as contestants of their own. */
export interface Roofline {
  /** Multiply-adds in registers. */
  readonly arithmetic: Contestant & { readonly flops: number };
  /** Reading `bytes` that were read before. */
  reading(bytes: number): Contestant & { readonly bytes: number };
}

/** The measuring program. */
export interface Exports {
  memory: WebAssembly.Memory;
  arithmetic(rounds: number, x: number, y: number): number;
  read(from: number, bytes: number): number;
}

const ROUNDS = 50_000;
/** Bytes of its memory. */
export const MEMORY = 64 << 20;

/** What the measuring program measures. */
export function rooflineOf(kernels: Exports): Roofline {
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
