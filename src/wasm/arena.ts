/**
 * The only code that reserves or grows WebAssembly memory.
 *
 * Blocks are 64-byte aligned and zeroed. Sizes are rounded up to classes four to the octave (at most a quarter is
 * wasted) and freed blocks wait in one list a class, so opening and dropping things in any order ends in flat memory.
 */

import { MemoryLimitError } from "../errors";

const PAGE = 65536;
/** Addresses must stay within 31 bits: they cross the boundary as signed integers. */
const LIMIT = 2 ** 31 - PAGE;
const ALIGN = 64;

/** Whatever can be given back; twice is allowed. */
export interface Freeable {
  free(): void;
}

/** A reserved piece of memory. */
export interface Block extends Freeable {
  readonly ptr: number;
  readonly bytes: number;
}

export class Arena {
  private f32View: Float32Array<ArrayBuffer>;
  private i32View: Int32Array<ArrayBuffer>;
  private readonly freeLists = new Map<number, number[]>();
  private top: number;
  private live = 0;
  private readonly registry: FinalizationRegistry<Freeable> | undefined;

  constructor(
    readonly memory: WebAssembly.Memory,
    heapBase: number,
  ) {
    this.top = alignUp(heapBase, ALIGN);
    this.f32View = new Float32Array(memory.buffer as ArrayBuffer);
    this.i32View = new Int32Array(memory.buffer as ArrayBuffer);
    // An AudioWorklet may lack it; there a page ends with its worklet.
    this.registry =
      typeof FinalizationRegistry === "function" ? new FinalizationRegistry((held) => held.free()) : undefined;
  }

  /** The whole memory as floats. Read it at the moment of use: growing detaches older views. */
  get f32(): Float32Array<ArrayBuffer> {
    return this.f32View;
  }

  /** The whole memory as 32-bit words. Read it at the moment of use. */
  get i32(): Int32Array<ArrayBuffer> {
    return this.i32View;
  }

  /** Bytes handed out and not freed. */
  get liveBytes(): number {
    return this.live;
  }

  /**
   * Reserves a zeroed block.
   * @throws {MemoryLimitError} when WebAssembly memory cannot grow that far.
   */
  reserve(bytes: number): Block {
    const size = classSize(bytes);
    const known = this.freeLists.get(size)?.pop();
    const ptr = known ?? this.extend(size);
    // New memory is zero, and the system gives its pages only when somebody writes there.
    if (known !== undefined) this.f32.fill(0, ptr >> 2, (ptr + size) >> 2);
    this.live += size;
    let freed = false;
    const free = () => {
      if (freed) return;
      freed = true;
      this.live -= size;
      this.putBack(ptr, size);
    };
    return { ptr, bytes: size, free };
  }

  /** Has a piece of memory reserved again. */
  protected putBack(ptr: number, size: number): void {
    const list = this.freeLists.get(size);
    if (list) list.push(ptr);
    else this.freeLists.set(size, [ptr]);
  }

  /** Frees `held` when `owner` has been collected. What is held must not refer to the owner. */
  freeWith(owner: object, held: Freeable): void {
    this.registry?.register(owner, held);
  }

  /** A new piece of memory. */
  protected extend(bytes: number): number {
    const ptr = this.top;
    this.growTo(ptr + bytes);
    this.top = ptr + bytes;
    return ptr;
  }

  /** Sees to it that there is memory up to here. */
  protected growTo(end: number): void {
    const have = this.f32.byteLength;
    if (end > have) {
      // Grow by an eighth at least: a view is made anew each time, and pages come cheaper in bulk.
      const wanted = Math.min(Math.max(end, have + (have >> 3)), Math.max(end, LIMIT));
      const refuse = (cause?: unknown) =>
        new MemoryLimitError("WebAssembly memory", `at most ${LIMIT} bytes`, `${end} bytes wanted`, { cause });
      if (end > LIMIT) throw refuse();
      try {
        this.memory.grow(Math.ceil((wanted - have) / PAGE));
      } catch (cause) {
        throw refuse(cause);
      }
      this.refresh();
    }
  }

  /** Makes the views anew. Asking the memory for its buffer at every use would take as long as copying a frame. */
  protected refresh(): void {
    this.f32View = new Float32Array(this.memory.buffer as ArrayBuffer);
    this.i32View = new Int32Array(this.memory.buffer as ArrayBuffer);
  }
}

function alignUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** The smallest class that holds `bytes`: 64·(4…7)·2^k, and multiples of 64 below. */
function classSize(bytes: number): number {
  const least = Math.max(ALIGN, alignUp(bytes, ALIGN));
  let step = ALIGN;
  while (step * 8 <= least) step *= 2;
  return alignUp(least, step);
}
