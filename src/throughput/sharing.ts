/** What a pool's threads have in common, where the platform allows. */

import { sharesMemory } from "#platform";
import type { TensorData } from "../tensor";
import { engineOptions } from "../wasm/engine";
import { engineIn, type SharedEngine } from "../wasm/shared_engine";
import { newSpace } from "../wasm/space";

/** An engine in memory that so many workers share with this thread, where that can be had. */
export function sharedEngine(threads: number): SharedEngine | undefined {
  const options = engineOptions();
  if (!sharesMemory() || options.module) return undefined;
  try {
    return engineIn(newSpace(threads), options);
  } catch {
    return undefined; // a platform without so much address space, or without atomics: every thread has a memory
  }
}

/** A copy, in memory that all threads see where that is allowed. */
export function shared<T extends TensorData>(data: T): T {
  if (!sharesMemory()) return data.slice() as T;
  const Class = data.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Class(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}
