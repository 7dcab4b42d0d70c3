/** The kernels without the engine around them: one instance of a binary of build/, its memory and its guards. */

import { readFileSync } from "node:fs";
import { random } from "../support"; // which lets Node 20 compile the relaxed build

export const BUILDS = ["debug", "baseline", "relaxed", "wide"] as const;
/** The builds, and what the baseline one is in JavaScriptCore: it multiplies six rows at a time. */
export const TILINGS = [...BUILDS, "six rows"] as const;

const GUARD = 0x7fa5a5a5; // a NaN that no arithmetic makes
const GUARDS = 8; // two vectors

const compiled = new Map<string, WebAssembly.Module>();

function compile(build: string): WebAssembly.Module {
  const known = compiled.get(build);
  if (known) return known;
  const module = new WebAssembly.Module(readFileSync(new URL(`../../build/${build}.wasm`, import.meta.url)));
  compiled.set(build, module);
  return module;
}

/**
 * Blocks are 64-byte aligned, of exactly the size asked for, and stand between guards: `call` fails when a kernel
 * writes outside of every block.
 */
export class KernelModule {
  private readonly kernels: Record<string, unknown>;
  private readonly buffer: ArrayBuffer;
  private readonly guards: number[] = [];
  private end: number;

  constructor(build: (typeof TILINGS)[number], pages = 64) {
    const abort = (_message: number, _file: number, line: number) => {
      throw new Error(`assertion in line ${line}`);
    };
    const file = build === "six rows" ? "baseline" : build;
    const { exports } = new WebAssembly.Instance(compile(file), { env: { abort } });
    if (build === "six rows") (exports.largestTile as WebAssembly.Global).value = 6;
    const memory = exports.memory as WebAssembly.Memory;
    memory.grow(pages);
    this.kernels = exports;
    this.buffer = memory.buffer;
    this.end = (exports.heapBase as WebAssembly.Global).value;
  }

  /** Calls a kernel with exactly the arguments that it takes. */
  call(name: string, ...args: number[]): number {
    const kernel = this.kernels[name];
    if (typeof kernel !== "function") throw new Error(`${name}: not exported`);
    if (kernel.length !== args.length) throw new Error(`${name}: takes ${kernel.length} arguments, got ${args.length}`);
    const result = kernel(...args);
    const words = new Int32Array(this.buffer);
    const broken = this.guards.find((at) => words[at] !== GUARD);
    if (broken !== undefined) throw new Error(`${name}: wrote outside its operands, at ${4 * broken}`);
    return result;
  }

  /** A block of undefined contents. */
  block(count: number): number {
    const start = Math.ceil((this.end + 4 * GUARDS) / 64) * 64;
    this.guard(this.end, start);
    this.end = start + 4 * count;
    this.guard(this.end, this.end + 4 * GUARDS);
    return start;
  }

  private guard(from: number, to: number): void {
    const words = new Int32Array(this.buffer);
    for (let at = Math.ceil(from / 4); at < to / 4; at++) {
      words[at] = GUARD;
      this.guards.push(at);
    }
  }

  /** A block that holds these floats. */
  floats(values: ArrayLike<number>): number {
    const ptr = this.block(values.length);
    new Float32Array(this.buffer).set(values, ptr / 4);
    return ptr;
  }

  /** A block that holds these integers, for ids and descriptors. */
  ints(values: ArrayLike<number>): number {
    const ptr = this.block(values.length);
    new Int32Array(this.buffer).set(values, ptr / 4);
    return ptr;
  }

  readFloats(ptr: number, count: number): Float32Array {
    return new Float32Array(this.buffer).slice(ptr / 4, ptr / 4 + count);
  }

  readInts(ptr: number, count: number): Int32Array {
    return new Int32Array(this.buffer).slice(ptr / 4, ptr / 4 + count);
  }
}

/** Seeded floats in [-scale, scale). */
export function numbers(count: number, seed: number, scale = 1): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: count }, () => scale * next());
}

/** What `expectClose` compares: numbers without a shape of their own. */
export function flat(data: ArrayLike<number>): { shape: number[]; data: ArrayLike<number> } {
  return { shape: [data.length], data };
}
