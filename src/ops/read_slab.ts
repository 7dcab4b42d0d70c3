/** Slabs out of WebAssembly memory. */

import { Tensor, type TensorData } from "../tensor";
import type { Engine } from "../wasm/engine";
import type { Slab } from "./slab";

/** A slab's contents as a tensor of the caller's own, in the array `to` if there is one. */
export function readSlab(engine: Engine, slab: Slab, to?: TensorData): Tensor {
  const at = slab.ptr >> 2;
  const { f32, i32 } = engine.arena;
  if (to) {
    to.set(slab.within(slab.dtype === "int32" ? i32 : f32));
    return new Tensor(slab.shape, slab.dtype, to);
  }
  if (slab.dtype === "int32") return new Tensor(slab.shape, "int32", i32.slice(at, at + slab.size));
  const values = f32.slice(at, at + slab.size);
  return new Tensor(slab.shape, slab.dtype, slab.dtype === "bool" ? Uint8Array.from(values) : values);
}

/** The same as a view where the elements are as they are in a tensor: good until anything else is run. */
export function lendSlab(engine: Engine, slab: Slab): Tensor {
  if (slab.dtype === "bool") return readSlab(engine, slab);
  const { f32, i32 } = engine.arena;
  return new Tensor(slab.shape, slab.dtype, slab.within(slab.dtype === "int32" ? i32 : f32));
}
