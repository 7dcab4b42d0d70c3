/** What the kernels run on here, and how to choose. */

import { ArgumentError, NetworkError, type RecurraError, RuntimeError, show } from "./errors";
import { checkOptions } from "./options";
import {
  type BuildName,
  forbidden,
  fusesMultiplyAdd,
  moduleOf,
  requireWebAssembly,
  setEngineOptions,
  sharedEngine,
} from "./wasm/engine";

/** What {@link runtime} tells. */
export interface Runtime {
  /** `baseline` gives the same bits everywhere, `relaxed` and `wide` use fused multiply-add, `custom` was given. */
  readonly build: BuildName | "custom";
  /** Threads that one call uses; a pool has more. */
  readonly threads: 1;
  /** True where relaxed SIMD multiplies and adds with one rounding, which is when `relaxed` is the default. */
  readonly fusedMultiplyAdd: boolean;
  /** Bytes of WebAssembly memory. */
  readonly memory: number;
  /** Bytes of it that are in use. */
  readonly used: number;
}

/**
 * What the kernels run on in this thread.
 *
 * @example
 * runtime().build; // "relaxed" or "baseline"
 */
export function runtime(): Runtime {
  const { build, arena } = sharedEngine();
  return {
    build,
    threads: 1,
    fusedMultiplyAdd: fusesMultiplyAdd(),
    memory: arena.memory.buffer.byteLength,
    used: arena.liveBytes,
  };
}

/** What {@link configure} takes. */
export interface Configuration {
  /**
   * Which build; by default `relaxed` where that really fuses, else `baseline`. `wide` is faster, to the bits of
   * `relaxed`, where V8 makes vectors of 256 bits: in Node 24 and later on x64. It turns on V8's experimental flag
   * `--experimental-wasm-revectorize` for the process; it is the default where Node was started with that flag.
   */
  build?: BuildName;
  /** The kernels from elsewhere: a file of `recurra/wasm/` as an address, as bytes, or compiled. */
  wasm?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module;
  /**
   * Largest table, in bytes, of an embedding's rows times the input kernel of the recurrent layer behind it. Where the
   * table fits, the layer looks its products up instead of computing them, to the same bits. It has `inputDim` rows of
   * as many floats as the kernel has columns, is made at the first call, and takes the place of the packed kernel.
   * Default 4 MiB; 0 for none.
   */
  tableBytes?: number;
}

type Immediate = Configuration & { wasm?: ArrayBuffer | Uint8Array | WebAssembly.Module };

/**
 * Chooses the kernels for all that runs from now on in this thread; models and layers go on working. An address has
 * to be fetched first: wait for the promise then.
 *
 * @throws {ArgumentError} for an unknown option or build, or a module that does not hold these kernels.
 * @throws {NetworkError} when the address gives none. {RuntimeError} where WebAssembly is missing or forbidden, and for
 *   the wide build elsewhere than in Node 24 and later on x64.
 *
 * @example
 * configure({ build: "baseline" });
 * runtime().build; // "baseline"
 */
export function configure(options: Immediate): void;
export function configure(options: Configuration): void | Promise<void>;
export function configure(options: Configuration): void | Promise<void> {
  checkOptions(options, "configure");
  const { build, wasm, tableBytes, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new ArgumentError("configure", "options among build, wasm, tableBytes", unknown);
  const known = { ...(build !== undefined && { build }), ...(tableBytes !== undefined && { tableBytes }) };
  if (build === "wide") moduleOf(build); // refused here, where a platform does not have it
  if (wasm === undefined) return setEngineOptions(known);
  requireWebAssembly();
  if (wasm instanceof WebAssembly.Module) return setEngineOptions({ ...known, module: checked(wasm) });
  const address = typeof wasm === "object" && wasm !== null && "href" in wasm ? wasm.href : wasm;
  if (typeof address === "string") return fetched(address).then((module) => configure({ ...known, wasm: module }));
  return configure({ ...known, wasm: compiled(address as ArrayBuffer | Uint8Array) });
}

function compiled(bytes: ArrayBuffer | Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  } catch (cause) {
    throw notCompiled(bytes, "the bytes of a file of recurra/wasm/", String(cause), cause);
  }
}

/** The page's policy, or an engine without SIMD, refuses good bytes too. */
function notCompiled(bytes: ArrayBuffer | Uint8Array, expected: string, got: string, cause: unknown): RecurraError {
  const isNone = cause instanceof TypeError; // no bytes at all
  if (!isNone && WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)) return forbidden(cause);
  return new ArgumentError("configure.wasm", `${expected}, and an engine with SIMD`, got, { cause });
}

async function fetched(url: string): Promise<WebAssembly.Module> {
  const { fetch } = globalThis as { fetch?: (url: string) => Promise<Response> };
  if (!fetch) throw new RuntimeError("configure.wasm", "a platform with fetch for an address", "none");
  let bytes: ArrayBuffer;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new NetworkError(url, "an answer with status 200", String(response.status));
    bytes = await response.arrayBuffer();
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause;
    throw new NetworkError(url, "a download", String(cause), { cause });
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw notCompiled(bytes, "the address of a file of recurra/wasm/", `${url}: ${cause}`, cause);
  }
}

/** A module of other exports would fail in the middle of a model. */
function checked(module: WebAssembly.Module): WebAssembly.Module {
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  const missing = ["memory", "heapBase", "fused", "largestTile", "affine", "elementwise", "sequence"].find(
    (name) => !names.includes(name),
  );
  if (missing === undefined) return module;
  throw new ArgumentError("configure.wasm", "a module of recurra/wasm/", `one without ${show(missing)}`);
}
