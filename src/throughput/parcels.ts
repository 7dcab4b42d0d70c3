/** Inputs on their way to workers. */

import { rowsOf } from "../models/batches";
import type { Tensor, TensorData } from "../tensor";
import type { Arena, Block } from "../wasm/arena";
import type { PlainTensor } from "./messages";
import { shared } from "./sharing";

/** Copies of some samples, nobody's but a worker's until they are freed. */
export interface Parcel {
  readonly tensors: readonly PlainTensor[];
  free(): void;
}

/** Bytes that they take at most in the memory of the kernels, which never shrinks; others get memory of their own. */
const MOST = 1 << 26;

export class Parcels {
  private bytes = 0;

  /** @param arena In the memory that all workers share, if they do: there it is not fetched anew for every call. */
  constructor(private readonly arena: Arena | undefined) {}

  /** Copies the samples `from` to `to`. @throws {MemoryLimitError} when there is no memory for all; none is kept. */
  pack(inputs: readonly Tensor[], from: number, to: number): Parcel {
    const pieces = inputs.map((t) => rowsOf(t, from, to));
    const blocks: Block[] = [];
    const copy = (data: TensorData) => {
      const block = this.block(data.byteLength);
      if (!block) return shared(data);
      blocks.push(block);
      return copied(data, (this.arena as Arena).f32.buffer, block.ptr);
    };
    const free = () => {
      for (const block of blocks.splice(0)) this.giveBack(block);
    };
    try {
      return { tensors: pieces.map(({ shape, dtype, data }) => ({ shape, dtype, data: copy(data) })), free };
    } catch (e) {
      free();
      throw e;
    }
  }

  private block(bytes: number): Block | undefined {
    if (!this.arena || this.bytes + bytes > MOST) return undefined;
    const block = this.arena.reserve(bytes);
    this.bytes += block.bytes;
    return block;
  }

  private giveBack(block: Block): void {
    this.bytes -= block.bytes;
    block.free();
  }
}

function copied<T extends TensorData>(data: T, buffer: ArrayBufferLike, at: number): T {
  const Class = data.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => T;
  const copy = new Class(buffer, at, data.length);
  copy.set(data);
  return copy;
}
