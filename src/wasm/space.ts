/**
 * One memory for several threads: where its words for all of them are.
 *
 *   heapBase  ▸ first free byte ▸ a slot for each worker ▸ blocks of memory
 */

/** Words of a slot, the same numbers as in assembly/kernels/slot.ts, which says what they are; `blocks` and `awake`. */
export const SLOT = {
  state: 0,
  bell: 1,
  mail: 2,
  room: 3,
  roomBytes: 4,
  wantedBytes: 5,
  leader: 6,
  /** The last of the blocks that the worker has taken from the common memory. */
  blocks: 7,
  /** Microseconds that the worker should look for work before it sleeps. */
  awake: 8,
  go: 16,
  lead: 32,
  arrived: 48,
} as const;

/** What the word `state` says. */
export const STATE = { away: 0, idle: 1, hired: 2, asleep: 3 } as const;

/** In the words `lead` and `arrived`: the helper is not waited for any more. */
export const GONE = -1;

const SLOT_BYTES = 256;
/** What the modules declare. */
const PAGES = { initial: 16, maximum: 32768 };

/** A memory and who is who in it; it can be sent to workers. */
export interface Space {
  readonly memory: WebAssembly.Memory;
  /** Workers that have a slot. */
  readonly workers: number;
  /** Which of them this thread is; the thread that made the pool has the number `workers`. */
  readonly own: number;
}

/** A new memory, from the thread that makes the workers. */
export function newSpace(workers: number): Space {
  return { memory: new WebAssembly.Memory({ ...PAGES, shared: true }), workers, own: workers };
}

/** Where the words of a space are, as indices of 4-byte words. */
export class Places {
  private readonly base: number;

  constructor(
    heapBase: number,
    readonly space: Space,
  ) {
    this.base = Math.ceil(heapBase / 64) * 64;
  }

  /** The word with the address of the first byte that nobody has taken. */
  get top(): number {
    return this.base >> 2;
  }

  /** The first word of a worker's slot. The thread that made the pool has one too, of which only `blocks` is used. */
  slot(worker: number): number {
    return (this.base + 64 + SLOT_BYTES * worker) >> 2;
  }

  /** The first byte after the slots. */
  get end(): number {
    return this.base + 64 + SLOT_BYTES * (this.space.workers + 1);
  }
}
