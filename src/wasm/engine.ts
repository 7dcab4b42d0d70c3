/** One instance of the kernels with its memory. Models and eager layers of a thread share one. */

import { instantiateSync } from "@assemblyscript/loader";
import { ArgumentError, RuntimeError, show } from "../errors";
import type { Kernels } from "./abi";
import { Arena, type Block } from "./arena";
import { BUILD_NAMES, type BuildName } from "./builds";
import { joinsVectors, kernelBytes } from "./kernel_bytes";
import { Scratch } from "./scratch";
import type { Team } from "./team";

export type { BuildName } from "./builds";

/**
 * A module whose `f(a, b, c)` is one relaxed_madd. Engines exist that accept relaxed SIMD and compile it to a
 * multiplication and an addition, which is slower than the baseline build; asking for the rounding tells.
 */
const FUSED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 125, 125, 125, 1, 125, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 22, 1, 20,
  0, 32, 0, 253, 19, 32, 1, 253, 19, 32, 2, 253, 19, 253, 133, 2, 253, 31, 0, 11,
]);

/** True where relaxed_madd rounds once. */
export function fusesMultiplyAdd(): boolean {
  if (!WebAssembly.validate(FUSED_PROBE)) return false;
  const { exports } = allowed(() => new WebAssembly.Instance(new WebAssembly.Module(FUSED_PROBE)));
  const a = 1 + 2 ** -12;
  return (exports.f as (a: number, b: number, c: number) => number)(a, a, -(1 + 2 ** -11)) === 2 ** -24;
}

/** A block of weights as kernels want them, and the version of the weights it was made of. */
export interface Packed {
  ptr: number;
  version: number;
  readonly bytes: number;
  block: Block | undefined;
}

/** The version of what another thread has packed: it is that of the weights which it first meets. */
export const GIVEN = -2;

/** Whoever has weights: `version` counts their changes. */
export interface Versioned {
  readonly version: number;
}

export class Engine {
  readonly scratch: Scratch;
  private readonly packed = new WeakMap<object, Map<string, Packed>>();

  constructor(
    readonly kernels: Kernels,
    readonly arena: Arena,
    readonly build: BuildName | "custom",
    /** The largest table of an embedding's products, see {@link EngineOptions}. */
    readonly tableBytes: number,
    /** Other threads, where it shares a memory with them. */
    readonly team?: Team,
  ) {
    this.scratch = new Scratch(arena);
    // of JavaScriptCore (WebKit, Bun) alone errors have this: its compiler has the registers that six rows take
    if ("sourceURL" in new Error()) kernels.largestTile.value = 6;
  }

  /**
   * The packed copy of some weights of `owner`, one for each key; it is freed with its owner.
   * It has no memory yet: whoever finds its version different from the owner's calls `ensure` and fills it.
   */
  packedFor(owner: object, key: string, bytes: number): Packed {
    const all = this.packed.get(owner) ?? new Map<string, Packed>();
    this.packed.set(owner, all);
    let packed = all.get(key);
    if (!packed) {
      packed = { ptr: 0, version: -1, bytes, block: undefined };
      all.set(key, packed);
      this.arena.freeWith(owner, freeing(packed));
    }
    return packed;
  }

  /** What is packed for an owner, by its keys. */
  packedOf(owner: object): ReadonlyMap<string, Packed> {
    return this.packed.get(owner) ?? new Map();
  }

  /** Uses what another thread has packed in the memory that both share. */
  usePacked(owner: object, key: string, ptr: number, bytes: number): void {
    const all = this.packed.get(owner) ?? new Map<string, Packed>();
    this.packed.set(owner, all);
    all.set(key, { ptr, bytes, version: GIVEN, block: undefined });
  }

  /** Gives a packed copy its memory, unless it has it. */
  ensure(packed: Packed): void {
    packed.block ??= this.arena.reserve(packed.bytes);
    packed.ptr = packed.block.ptr;
  }

  /** Frees what is packed for `owner` now; it is packed again should it be run again. */
  release(owner: object): void {
    for (const packed of this.packed.get(owner)?.values() ?? []) {
      freeing(packed).free();
      packed.version = -1;
    }
  }
}

function freeing(packed: Packed): { free(): void } {
  return {
    free() {
      packed.block?.free();
      packed.block = undefined;
    },
  };
}

/** What `configure` can say. */
export interface EngineOptions {
  /** Which build to run; by default the relaxed one where it really fuses, the wide one where vectors are joined. */
  build?: BuildName;
  /** A compiled module to use instead of the bytes in this file. */
  module?: WebAssembly.Module;
  /** Bytes that the table of an embedding's products with a recurrent layer's kernel may have. */
  tableBytes?: number;
}

/** 2048 ids for an LSTM of 128 units: stays in the last cache, and is made in the time that as many timesteps take. */
const TABLE_BYTES = 1 << 22;

const modules = new Map<BuildName, WebAssembly.Module>();
let options: EngineOptions = {};
let shared: Engine | undefined;

/**
 * Makes an engine with a memory of its own.
 * @throws {RuntimeError} where WebAssembly or its SIMD instructions are missing or forbidden.
 */
export function newEngine(wanted: EngineOptions = options): Engine {
  const { build, tableBytes } = chosen(wanted);
  const exports = instantiated(wanted.module ?? moduleOf(build));
  const kernels = exports as unknown as Kernels;
  const found = kernels.fused.value ? "relaxed" : "baseline";
  if (!wanted.module && (found === "baseline") !== (build === "baseline")) {
    throw new RuntimeError("recurra", `the ${build} build`, `the ${found} one`);
  }
  const arena = new Arena(exports.memory as WebAssembly.Memory, kernels.heapBase.value);
  return new Engine(kernels, arena, wanted.module ? "custom" : build, tableBytes);
}

/** The build and what else it takes, by default what suits this platform. */
export function chosen({ build, tableBytes }: EngineOptions): { build: BuildName; tableBytes: number } {
  const fastest = () => (!fusedHere() ? "baseline" : joinsVectors() ? "wide" : "relaxed");
  return { build: build ?? fastest(), tableBytes: tableBytes ?? TABLE_BYTES };
}

/** A module of these bytes. @throws {RuntimeError} where the engine has not the instructions, or it is forbidden. */
export function compiled(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  return allowed(() => new WebAssembly.Module(bytes), bytes);
}

/** What a module exports. @throws {RuntimeError} where WebAssembly is forbidden. */
export function instantiated(module: WebAssembly.Module, imports: WebAssembly.Imports = {}): WebAssembly.Exports {
  return allowed(() => instantiateSync(module, imports).instance).exports;
}

/** The engine that everything in this thread shares unless it was given its own. */
export function sharedEngine(): Engine {
  shared ??= newEngine();
  return shared;
}

/** Has everything in this thread use an engine. */
export function useEngine(engine: Engine): void {
  shared = engine;
}

/** Chooses the build or the module for engines made from now on; the next use of the shared one makes it anew. */
export function setEngineOptions(wanted: EngineOptions): void {
  const names: readonly BuildName[] = [...BUILD_NAMES, "wide"];
  if (wanted.build !== undefined && !names.includes(wanted.build)) {
    throw new ArgumentError("configure.build", `one of ${names.join(", ")}`, show(wanted.build));
  }
  const { tableBytes } = wanted;
  if (tableBytes !== undefined && !(Number.isSafeInteger(tableBytes) && tableBytes >= 0)) {
    throw new ArgumentError("configure.tableBytes", "a whole number of bytes, 0 for no tables", show(tableBytes));
  }
  options = { ...wanted };
  shared = undefined;
}

/** What makes the same kernels in another thread. */
export function engineOptions(): EngineOptions {
  const { build, tableBytes } = sharedEngine();
  return options.module ? { module: options.module, tableBytes } : { build: build as BuildName, tableBytes };
}

/** The kernels of this thread, compiled: threads that get them by a message have its optimised code too. */
export function kernelModule(): WebAssembly.Module {
  return options.module ?? moduleOf(sharedEngine().build as BuildName);
}

let fused: boolean | undefined;
function fusedHere(): boolean {
  fused ??= typeof WebAssembly === "object" && fusesMultiplyAdd();
  return fused;
}

/** The kernels of a build, compiled once. @throws {RuntimeError} where it cannot run. */
export function moduleOf(build: BuildName): WebAssembly.Module {
  const known = modules.get(build);
  if (known) return known;
  requireWebAssembly();
  const module = compiled(kernelBytes(build));
  modules.set(build, module);
  return module;
}

/** @throws {RuntimeError} */
export function requireWebAssembly(): void {
  if (typeof WebAssembly !== "object") throw new RuntimeError("recurra", "a platform with WebAssembly", "none");
}

/** Browsers refuse what the page's policy forbids when it is compiled, or only when it is instantiated. */
function allowed<T>(make: () => T, bytes?: Uint8Array<ArrayBuffer>): T {
  try {
    return make();
  } catch (cause) {
    if (bytes === undefined || WebAssembly.validate(bytes)) throw forbidden(cause);
    throw new RuntimeError("recurra", "an engine with the SIMD instructions of this build", String(cause), { cause });
  }
}

/** What the engine could run it does not. */
export function forbidden(cause: unknown): RuntimeError {
  const hint = "a page with a Content-Security-Policy needs 'wasm-unsafe-eval'";
  return new RuntimeError("recurra", `WebAssembly with SIMD (${hint})`, String(cause), { cause });
}
