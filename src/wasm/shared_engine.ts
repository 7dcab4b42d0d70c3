/** Engines of several threads in one memory; they come with pools alone. */

import type { Kernels, TeamKernels } from "./abi";
import { TEAM } from "./binary_team";
import type { BuildName } from "./builds";
import { chosen, compiled, Engine, type EngineOptions, instantiated } from "./engine";
import { kernelBytes } from "./kernel_bytes";
import { fromPrintable } from "./printable";
import { SharedArena } from "./shared_arena";
import { withSharedMemory } from "./shared_module";
import { Places, type Space } from "./space";
import { Team } from "./team";

/** The kernels for one memory of several threads, compiled; they can be sent to workers. */
export interface SharedModules {
  /** Those that run in one thread. */
  readonly alone: WebAssembly.Module;
  /** Those of teams. */
  readonly team: WebAssembly.Module;
}

export class SharedEngine extends Engine {
  constructor(
    override readonly kernels: Kernels & TeamKernels,
    build: BuildName,
    tableBytes: number,
    readonly places: Places,
    readonly modules: SharedModules,
  ) {
    const arena = new SharedArena(places.space.memory, kernels.heapBase.value, places);
    super(kernels, arena, build, tableBytes, new Team(kernels, arena, places));
  }
}

/**
 * An engine for this thread.
 * @param modules What another thread has compiled. Default: this one compiles.
 * @throws {RuntimeError} where threads cannot share a memory.
 */
export function engineIn(space: Space, options: EngineOptions, modules?: SharedModules): SharedEngine {
  const { build, tableBytes } = chosen(options);
  const { memory } = space;
  const own = modules ?? sharedModules(build);
  const alone = instantiated(own.alone, { env: { memory } });
  const team = instantiated(own.team, { env: { memory }, kernels: alone as WebAssembly.ModuleImports });
  const kernels = { ...alone, ...team } as unknown as Kernels & TeamKernels;
  return new SharedEngine(kernels, build, tableBytes, new Places(kernels.heapBase.value, space), own);
}

function sharedModules(build: BuildName): SharedModules {
  return { alone: compiled(withSharedMemory(kernelBytes(build))), team: compiled(fromPrintable(TEAM)) };
}
