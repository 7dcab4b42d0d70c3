/** A worker while it has nothing to do: it helps other threads with their sequences. */

import { now } from "./clock";
import type { SharedEngine } from "./shared_engine";
import { GONE, SLOT, STATE } from "./space";

/** Milliseconds that it looks for more work before it sleeps, unless leaders take longer from run to run. */
const AWAKE = 0.2;
/** Looks between two at the clock. */
const LOOKS = 64;
/** Milliseconds of a nap between two pieces of one leader's work. */
const NAP = 0.1;

export class Helper {
  private readonly at: number;
  private received = 0;
  private busyAt = 0;
  private room: { free(): void } | undefined;

  constructor(private readonly engine: SharedEngine) {
    const { places } = engine;
    this.at = places.slot(places.space.own);
  }

  /** Counts a message: it helps while there are no others. */
  heard(): void {
    this.received++;
  }

  /** Helps until a message waits. */
  help(): void {
    const { at } = this;
    const { kernels, arena } = this.engine;
    const { i32 } = arena;
    let done = Atomics.load(i32, at + SLOT.go);
    Atomics.store(i32, at + SLOT.lead, 0);
    Atomics.store(i32, at + SLOT.state, STATE.idle);
    for (let look = 1; ; look++) {
      const go = Atomics.load(i32, at + SLOT.go);
      if (go !== done) {
        done = go;
        try {
          kernels.assist(4 * at);
        } catch {
          // Its leader has gone on and used the memory that was read for something else.
        }
        this.busyAt = now();
      } else if (Atomics.load(i32, at + SLOT.state) === STATE.hired) {
        if (Atomics.load(i32, at + SLOT.lead) === GONE) {
          done = Atomics.load(i32, at + SLOT.go); // an order that came late must not be taken for the next leader's
          Atomics.store(i32, at + SLOT.lead, 0);
          Atomics.store(i32, at + SLOT.state, STATE.idle);
        } else if (look % LOOKS === 0 && this.isTired) {
          Atomics.wait(i32, at + SLOT.go, done, NAP);
        }
      } else if (this.isWanted) {
        if (Atomics.compareExchange(i32, at + SLOT.state, STATE.idle, STATE.away) !== STATE.idle) continue;
        if (Atomics.load(i32, at + SLOT.mail) !== this.received) return;
        this.makeRoom();
        Atomics.store(i32, at + SLOT.state, STATE.idle);
      } else if (look % LOOKS === 0 && this.isTired) this.sleep();
    }
  }

  /** A message waits, or a leader wants more room. */
  private get isWanted(): boolean {
    const { i32 } = this.engine.arena;
    const { at } = this;
    if (Atomics.load(i32, at + SLOT.mail) !== this.received) return true;
    return Atomics.load(i32, at + SLOT.wantedBytes) > (i32[at + SLOT.roomBytes] as number);
  }

  private sleep(): void {
    const { i32 } = this.engine.arena;
    const { at } = this;
    const bell = Atomics.load(i32, at + SLOT.bell);
    if (this.isWanted) return;
    if (Atomics.compareExchange(i32, at + SLOT.state, STATE.idle, STATE.asleep) !== STATE.idle) return;
    Atomics.wait(i32, at + SLOT.bell, bell);
    Atomics.store(i32, at + SLOT.state, STATE.idle);
    this.busyAt = now();
  }

  /** It has looked for work longer than leaders want, who may change their mind at any time. */
  private get isTired(): boolean {
    const wanted = this.engine.arena.i32[this.at + SLOT.awake] as number;
    return now() - this.busyAt > Math.max(AWAKE, wanted / 1e3);
  }

  private makeRoom(): void {
    const { arena } = this.engine;
    const { at } = this;
    const bytes = Atomics.load(arena.i32, at + SLOT.wantedBytes);
    this.room?.free();
    const room = arena.reserve(bytes);
    this.room = room;
    arena.i32[at + SLOT.room] = room.ptr;
    Atomics.store(arena.i32, at + SLOT.roomBytes, room.bytes);
  }
}
