/** Calls that can share one run, in the order of their arrival. */

import type { Ticket } from "./ticket";

/** What a bucket's calls have in common. */
export interface Kind<W, T> {
  /** Does the work of several calls at once, all or nothing: where it throws, none has been done. */
  run(works: readonly W[]): readonly T[];
  /** True when everybody who could come has come, so that waiting longer is of no use. */
  complete?(waiting: number): boolean;
  /** Called when a call has left the bucket: it has a result, failed, or was given up. */
  after?(work: W): void;
}

/** From how many answered tickets at the front these are cut off. */
const SLACK = 1024;

export class Bucket<W, T> {
  /** Tickets that wait for their turn. */
  waiting = 0;
  /** Tickets that waited long enough, but for which the last batch had no place. */
  left = 0;
  private tickets: Ticket<W, T>[] = [];
  private front = 0;

  /** @param key Calls of one key share a bucket. */
  constructor(
    readonly key: unknown,
    readonly kind: Kind<W, T>,
  ) {}

  push(ticket: Ticket<W, T>): void {
    this.tickets.push(ticket);
    this.waiting++;
    ticket.bucket = this;
  }

  /** The oldest that waits. */
  head(): Ticket<W, T> | undefined {
    while (this.front < this.tickets.length && this.tickets[this.front]?.answered) this.front++;
    return this.tickets[this.front];
  }

  /** Takes the oldest out, to be run. */
  take(count: number): Ticket<W, T>[] {
    const taken: Ticket<W, T>[] = [];
    for (let ticket = this.head(); ticket && taken.length < count; ticket = this.head()) {
      ticket.hold();
      ticket.bucket = undefined;
      taken.push(ticket);
      this.front++;
    }
    this.waiting -= taken.length;
    if (this.front === this.tickets.length || this.front > SLACK) {
      this.tickets = this.tickets.slice(this.front);
      this.front = 0;
    }
    return taken;
  }
}
