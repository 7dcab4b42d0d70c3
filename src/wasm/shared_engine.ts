/** Engines of several threads in one memory; they come with pools alone. */

import type { Kernels, TeamKernels } from "./abi";
import { TEAM } from "./binary_team";
import type { BuildName } from "./builds";
import { chosen, Engine, type EngineOptions, instantiated } from "./engine";
import { kernelBytes } from "./kernel_bytes";
import { fromPrintable } from "./printable";
import { SharedArena } from "./shared_arena";
import { withSharedMemory } from "./shared_module";
import { Places, type Space } from "./space";
import { Team } from "./team";

export class SharedEngine extends Engine {
  constructor(
    override readonly kernels: Kernels & TeamKernels,
    build: BuildName,
    tableBytes: number,
    readonly places: Places,
  ) {
    const arena = new SharedArena(places.space.memory, kernels.heapBase.value, places);
    super(kernels, arena, build, tableBytes, new Team(kernels, arena, places));
  }
}

/** An engine for this thread. @throws {RuntimeError} where threads cannot share a memory. */
export function engineIn(space: Space, options: EngineOptions): SharedEngine {
  const { build, tableBytes } = chosen(options);
  const { memory } = space;
  const alone = instantiated(withSharedMemory(kernelBytes(build)), { env: { memory } });
  const team = instantiated(fromPrintable(TEAM), { env: { memory }, kernels: alone as WebAssembly.ModuleImports });
  const kernels = { ...alone, ...team } as unknown as Kernels & TeamKernels;
  return new SharedEngine(kernels, build, tableBytes, new Places(kernels.heapBase.value, space));
}
