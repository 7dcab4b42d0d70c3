/** An arena in memory that several threads share: each takes pieces of its own, and gives them back to itself. */

import { MemoryLimitError } from "../errors";
import { Arena } from "./arena";
import { type Places, SLOT } from "./space";

/** Before each piece: its size, and the piece taken before it. */
const HEAD = 64;

export class SharedArena extends Arena {
  private readonly last: number;

  constructor(
    memory: WebAssembly.Memory,
    heapBase: number,
    private readonly places: Places,
  ) {
    super(memory, heapBase);
    this.last = places.slot(places.space.own) + SLOT.blocks;
    Atomics.compareExchange(this.i32, places.top, 0, places.end);
    this.inherit();
  }

  /** What a worker that died had taken belongs to the one in its place. */
  private inherit(): void {
    this.growTo(Atomics.load(this.i32, this.places.top));
    const { i32 } = this;
    for (let at = i32[this.last] as number; at !== 0; at = i32[(at >> 2) + 1] as number) {
      this.putBack(at + HEAD, i32[at >> 2] as number);
    }
  }

  protected override extend(bytes: number): number {
    const at = this.claim(HEAD + bytes);
    const { i32 } = this;
    i32[at >> 2] = bytes;
    i32[(at >> 2) + 1] = i32[this.last] as number;
    Atomics.store(i32, this.last, at);
    return at + HEAD;
  }

  /** Moves the common top. */
  private claim(bytes: number): number {
    for (;;) {
      const top = Atomics.load(this.i32, this.places.top);
      this.growTo(top + bytes);
      if (Atomics.compareExchange(this.i32, this.places.top, top, top + bytes) === top) return top;
    }
  }

  protected override growTo(end: number): void {
    if (end <= this.f32.byteLength) return;
    try {
      this.memory.grow(0); // shows what other threads have added
    } catch (cause) {
      throw new MemoryLimitError("shared memory", `${end} bytes`, String(cause), { cause });
    }
    this.refresh();
    super.growTo(end);
  }
}
