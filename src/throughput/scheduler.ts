/** Who is run when: calls wait until a batch is full or the oldest has waited long enough. */

import { soon } from "#platform";
import { BusyError, StateError } from "../errors";
import { Bucket, type Kind } from "./bucket";
import { Latencies, type Latency } from "./latency";
import type { CallOptions, Ticket } from "./ticket";

/** When batches run. */
export interface Limits {
  readonly maxBatch: number;
  readonly maxDelayMs: number;
  readonly maxQueue: number;
}

/** What has happened so far. */
export interface BatcherStats {
  /** Calls accepted and not answered. */
  readonly queued: number;
  /** Runs so far. */
  readonly batches: number;
  /** Calls a run: the mean, and the most. */
  readonly batchSize: { readonly mean: number; readonly max: number };
  /** From acceptance to result, of the latest 4,096 results. */
  readonly latencyMs: Latency;
}

/** Timers are not finer. */
const TICK_MS = 0.5;

/**
 * One batch a turn of the event loop, so that other work gets its turns too. Of the buckets that are due, the one whose
 * oldest call is the oldest comes first.
 */
export class Scheduler {
  private readonly buckets = new Map<unknown, Bucket<unknown, unknown>>();
  /** The one that was entered last: most calls are alike. */
  private recent: Bucket<unknown, unknown> | undefined;
  private readonly latencies = new Latencies();
  private queued = 0;
  private batches = 0;
  private calls = 0;
  private largest = 0;
  private isClosed = false;
  private isAwake = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wakesAt = 0;
  private onDrained: (() => void)[] = [];

  constructor(
    private readonly where: string,
    private readonly limits: Limits,
  ) {}

  /**
   * Lets calls in, all or none, which count from now on; a `ticket` for each is to follow.
   *
   * @returns when that was.
   * @throws {StateError} after `close`. @throws {BusyError} when the queue is full. @throws the reason of a signal
   *   that has been aborted.
   */
  admit(count: number, { signal }: CallOptions): number {
    if (this.isClosed) throw new StateError(this.where, "a batcher in use", "one that was closed");
    signal?.throwIfAborted();
    const { maxQueue } = this.limits;
    if (this.queued + count > maxQueue) {
      const details = { queued: this.queued };
      const more = count === 1 ? "one more" : `${count} more than ${this.queued}`;
      throw new BusyError(this.where, `at most ${maxQueue} calls that wait`, more, { details });
    }
    this.queued += count;
    return performance.now();
  }

  /** Follows the signal of a ticket that was let in. */
  follow<W, T>(ticket: Ticket<W, T>, { signal }: CallOptions): void {
    if (signal) ticket.follow(signal, () => this.leave(ticket));
  }

  /** Lets a ticket wait for its turn. */
  enter<W, T>(key: unknown, kind: Kind<W, T>, ticket: Ticket<W, T>): void {
    const known = this.recent?.key === key ? this.recent : this.buckets.get(key);
    const bucket = (known as Bucket<W, T> | undefined) ?? new Bucket(key, kind);
    if (bucket.waiting === 0) {
      bucket.left = 0;
      this.buckets.set(key, bucket);
    }
    this.recent = bucket;
    bucket.push(ticket);
    if (this.isAwake) return;
    if (this.isFull(bucket)) this.wake();
    else if (bucket.waiting === 1) this.sleep(this.dueIn(bucket, performance.now()));
  }

  /** To be called when a ticket has been answered that waited. */
  leave<W, T>({ bucket, work }: Ticket<W, T>): void {
    if (bucket) {
      bucket.waiting--;
      bucket.kind.after?.(work);
      this.tidy(bucket);
    }
    this.count();
  }

  stats(): BatcherStats {
    return {
      queued: this.queued,
      batches: this.batches,
      batchSize: { mean: this.batches === 0 ? 0 : this.calls / this.batches, max: this.largest },
      latencyMs: this.latencies.summary(),
    };
  }

  /** Accepts nothing more; resolves when all that was accepted has been answered. */
  close(): Promise<void> {
    this.isClosed = true;
    if (this.queued === 0) return Promise.resolve();
    this.wake();
    return new Promise((resolve) => this.onDrained.push(resolve));
  }

  /** Milliseconds until a bucket is to be run; 0 when it is due. */
  private dueIn(bucket: Bucket<unknown, unknown>, now: number): number {
    const head = bucket.head();
    if (!head) return Number.POSITIVE_INFINITY;
    if (this.isClosed || bucket.left > 0 || this.isFull(bucket)) return 0;
    const left = head.arrived + this.limits.maxDelayMs - now;
    return left < TICK_MS ? 0 : left;
  }

  private isFull({ waiting, kind }: Bucket<unknown, unknown>): boolean {
    return waiting >= this.limits.maxBatch || kind.complete?.(waiting) === true;
  }

  private wake(): void {
    if (this.isAwake) return;
    this.isAwake = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    soon(() => this.turn());
  }

  /** Wakes up after so long at the latest. */
  private sleep(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (milliseconds <= 0) this.wake();
    if (milliseconds <= 0 || at === Number.POSITIVE_INFINITY || (this.timer !== undefined && this.wakesAt <= at))
      return;
    clearTimeout(this.timer);
    this.wakesAt = at;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.isAwake = true;
      this.turn();
    }, milliseconds);
  }

  /** Runs one batch, if one is due. */
  private turn(): void {
    const bucket = this.oldestDue(performance.now());
    if (bucket) {
      const due = Math.min(bucket.waiting, this.limits.maxBatch);
      const size = batchSize(due);
      bucket.left = due - size;
      this.run(bucket.kind, bucket.take(size));
      this.tidy(bucket);
    }
    this.isAwake = false;
    const now = performance.now();
    let left = Number.POSITIVE_INFINITY;
    for (const other of this.buckets.values()) left = Math.min(left, this.dueIn(other, now));
    this.sleep(left);
  }

  private oldestDue(now: number): Bucket<unknown, unknown> | undefined {
    let oldest: Bucket<unknown, unknown> | undefined;
    let since = Number.POSITIVE_INFINITY;
    for (const bucket of this.buckets.values()) {
      const arrived = bucket.head()?.arrived ?? Number.POSITIVE_INFINITY;
      if (arrived >= since || this.dueIn(bucket, now) > 0) continue;
      oldest = bucket;
      since = arrived;
    }
    return oldest;
  }

  /** Where a batch fails, each of its calls is run alone, so that only those fail that have to. */
  private run<W, T>(kind: Kind<W, T>, tickets: readonly Ticket<W, T>[]): void {
    let results: readonly T[];
    try {
      results = kind.run(tickets.map(({ work }) => work));
    } catch (e) {
      if (tickets.length > 1) for (const ticket of tickets) this.run(kind, [ticket]);
      else this.answered(kind, tickets, (ticket) => ticket.reject(e));
      return;
    }
    const now = performance.now();
    this.answered(kind, tickets, (ticket, k) => {
      this.latencies.add(now - ticket.arrived);
      return ticket.resolve(results[k] as T);
    });
  }

  private answered<W, T>(
    kind: Kind<W, T>,
    tickets: readonly Ticket<W, T>[],
    answer: (ticket: Ticket<W, T>, k: number) => boolean,
  ): void {
    this.batches++;
    this.calls += tickets.length;
    this.largest = Math.max(this.largest, tickets.length);
    for (let k = 0; k < tickets.length; k++) {
      const ticket = tickets[k] as Ticket<W, T>;
      if (!answer(ticket, k)) continue;
      kind.after?.(ticket.work);
      this.count();
    }
  }

  /** One call less. */
  private count(): void {
    this.queued--;
    if (this.queued === 0) for (const resolve of this.onDrained.splice(0)) resolve();
  }

  private tidy(bucket: Bucket<unknown, unknown>): void {
    if (bucket.waiting === 0 && this.buckets.get(bucket.key) === bucket) this.buckets.delete(bucket.key);
  }
}

/**
 * How many of so many calls run at once: all up to 8, then four sizes to the octave. Plans are kept by their batch
 * size, and so they stay few; the other calls run in the next turn.
 */
function batchSize(waiting: number): number {
  if (waiting <= 8) return waiting;
  const step = 2 ** (Math.floor(Math.log2(waiting)) - 2);
  return waiting - (waiting % step);
}
