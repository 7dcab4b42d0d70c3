/** Accepted work, which is answered exactly once. */

import { onAbort } from "./abort";
import type { Bucket } from "./bucket";

/** How a call may be given up. */
export interface CallOptions {
  /** Aborting rejects with the signal's reason; other calls do not notice. */
  signal?: AbortSignal | undefined;
}

/** Who waits for one answer, or for several in places of their own. */
export interface Waiter<T> {
  resolve(value: T, place: number): void;
  reject(reason: unknown): void;
}

/** One accepted call: what is to be done, and who waits for it. */
export class Ticket<W, T> {
  answered = false;
  /** Where it waits, if it has been entered. */
  bucket: Bucket<W, T> | undefined;
  private unfollow: (() => void) | undefined;

  /**
   * @param arrived When it was accepted, in milliseconds of `performance.now()`.
   * @param waiter Hears once how it ended.
   * @param place Which of the waiter's answers it is.
   */
  constructor(
    readonly work: W,
    readonly arrived: number,
    private readonly waiter: Waiter<T>,
    private readonly place = 0,
  ) {}

  /** Rejects it when the signal says so, until it is held; then calls `then`. */
  follow(signal: AbortSignal, then: () => void): void {
    this.unfollow = onAbort(signal, () => {
      this.reject(signal.reason);
      then();
    });
  }

  /** From now on it is run: too late for a signal. */
  hold(): void {
    this.unfollow?.();
    this.unfollow = undefined;
  }

  /** @returns false when it had its answer already. */
  resolve(value: T): boolean {
    if (!this.close()) return false;
    this.waiter.resolve(value, this.place);
    return true;
  }

  /** @returns false when it had its answer already. */
  reject(reason: unknown): boolean {
    if (!this.close()) return false;
    this.waiter.reject(reason);
    return true;
  }

  private close(): boolean {
    if (this.answered) return false;
    this.answered = true;
    this.hold();
    return true;
  }
}
