/** A tensor's place in WebAssembly memory while a plan runs. */

import { type DType, sizeOf } from "../tensor";

/** An address that is known once a plan is bound. */
export interface Home {
  ptr: number;
}

/** Rows of a table by number. */
export interface Lookup {
  readonly ids: Slab;
  /** Whose table it is; `key` tells it from all others. */
  readonly owner: { readonly version: number };
  readonly key: string;
  /** [inputDim][outputDim] */
  readonly table: () => Float32Array;
  readonly inputDim: number;
  readonly outputDim: number;
}

type Words = Float32Array | Int32Array;

/**
 * Elements of 4 bytes in C order, without padding: float32, int32, or bool as float32 0 and 1.
 * A mask rides on the slab it belongs to: bool [batch][timesteps].
 */
export class Slab {
  readonly size: number;
  /** The product of all axes but the last. */
  readonly rows: number;
  mask: Slab | undefined;
  /** In the plan of a stream: axis 1 is the timestep that has just come. */
  timed = false;
  /** Where it came from when its rows are those of a table, so that whoever multiplies it can multiply the table. */
  lookup: Lookup | undefined;
  private window: { readonly memory: Words; readonly ptr: number; readonly view: Words } | undefined;

  constructor(
    readonly shape: readonly number[],
    readonly dtype: DType,
    readonly home: Home,
    private readonly offset = 0,
  ) {
    this.size = sizeOf(shape);
    this.rows = sizeOf(shape.slice(0, -1));
  }

  /** The address in bytes; read it when a step runs or a descriptor is filled, not before. */
  get ptr(): number {
    return this.home.ptr + 4 * this.offset;
  }

  /** Its elements in `memory`, the whole of it: the same view until either moves, since a new one would be garbage. */
  within(memory: Words): Words {
    const { window, ptr } = this;
    if (window && window.memory === memory && window.ptr === ptr) return window.view;
    const view = memory.subarray(ptr >> 2, (ptr >> 2) + this.size);
    this.window = { memory, ptr, view };
    return view;
  }

  /** The same memory under another shape, starting `offset` elements further on. */
  view(shape: readonly number[], offset = 0): Slab {
    return new Slab(shape, this.dtype, this.home, this.offset + offset);
  }

  /** The same memory, its elements taken for another type of the same bits: float32 and bool. */
  as(dtype: DType): Slab {
    return new Slab(this.shape, dtype, this.home, this.offset);
  }

  /** The same slab with another mask, or with none. */
  withMask(mask: Slab | undefined): Slab {
    const masked = this.view(this.shape);
    masked.mask = mask;
    masked.timed = this.timed;
    masked.lookup = this.lookup;
    return masked;
  }

  /** The length of axis `k`; negative axes count from the end. */
  dim(k: number): number {
    return this.shape[k < 0 ? this.shape.length + k : k] as number;
  }
}
