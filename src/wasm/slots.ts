/** The slots of the workers as the thread that made them sees them. */

import type { Arena } from "./arena";
import { GONE, type Places, SLOT, STATE } from "./space";

export class Slots {
  constructor(
    private readonly arena: Arena,
    private readonly places: Places,
  ) {}

  /** Tells a worker that a message is on its way, before it is sent. */
  mail(worker: number): void {
    const { i32 } = this.arena;
    const at = this.places.slot(worker);
    Atomics.add(i32, at + SLOT.mail, 1);
    Atomics.add(i32, at + SLOT.bell, 1);
    Atomics.notify(i32, at + SLOT.bell);
  }

  /** A worker has died: those that it had hired are free, and its slot is ready for another. */
  clear(worker: number): void {
    const { i32 } = this.arena;
    for (let other = 0; other < this.places.space.workers; other++) {
      const at = this.places.slot(other);
      const isHired = Atomics.load(i32, at + SLOT.state) === STATE.hired;
      if (isHired && i32[at + SLOT.leader] === worker) Atomics.store(i32, at + SLOT.lead, GONE);
    }
    const at = this.places.slot(worker);
    Atomics.store(i32, at + SLOT.state, STATE.away);
    for (const word of [SLOT.mail, SLOT.room, SLOT.roomBytes, SLOT.wantedBytes]) Atomics.store(i32, at + word, 0);
  }
}
