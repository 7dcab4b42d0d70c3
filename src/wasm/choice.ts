/**
 * Alone or together: which of two ways to do one thing is faster here and now.
 *
 * Another process may take a core at any time, so both are measured again and again: the way that is in use by every
 * run, the other by trials of a few runs, which become rarer the more often they fail, up to a bound.
 */

/** Share of a run in the average of its way. */
const WEIGHT = 0.25;
/** A run counts for so many times the average at most: one that was held up says nothing about its way. */
const MOST = 2;
/** Runs between two trials of the other way. */
const GAP = 32;
const LONGEST_GAP = 128;
/** Runs of a trial. The first does not count: caches are cold. */
const TRIAL = 5;
/** Runs without help that say nothing about a way: helpers wake up. More than these say that no core is free. */
const WAITS = 32;

export class Choice {
  private isTogether = true;
  private average = Number.POSITIVE_INFINITY;
  /** The average of the other way when it was last in use or tried. */
  private other = Number.POSITIVE_INFINITY;
  private gap = GAP;
  /** Runs until the next trial begins; below 0 in one. */
  private left = GAP;
  private tried = 0;
  private waits = 0;

  /**
   * Runs it one way or the other.
   * @param together Tells whether anybody helped: runs without help say nothing about this way.
   * @param now Tells milliseconds.
   */
  run(alone: () => void, together: () => boolean, now: () => number): void {
    const isTrial = --this.left < 0;
    const start = now();
    if (this.isTogether === isTrial) alone();
    else if (together()) this.waits = 0;
    else if (++this.waits <= WAITS || isTrial) {
      if (isTrial) this.noHelp();
      return;
    }
    const ms = Math.min(now() - start, MOST * this.average);
    if (isTrial) this.noteTrial(ms);
    else this.note(ms);
  }

  private note(ms: number): void {
    this.average = Number.isFinite(this.average) ? this.average + WEIGHT * (ms - this.average) : ms;
    if (this.average > this.other) this.left = 0; // it is time to look whether the other way still is as it was
  }

  /** A run of a trial without help is another one of its kind, until there were too many. */
  private noHelp(): void {
    if (this.waits <= WAITS) this.left++;
    else this.end(Number.POSITIVE_INFINITY);
  }

  private noteTrial(ms: number): void {
    if (this.left < -1) this.tried += ms / (TRIAL - 1);
    if (this.left <= -TRIAL) this.end(this.tried);
  }

  /** A trial is over: the other way takes so long. */
  private end(ms: number): void {
    const isBetter = ms < this.average;
    this.other = isBetter ? this.average : ms;
    if (isBetter) {
      this.average = ms;
      this.isTogether = !this.isTogether;
    }
    this.gap = isBetter ? GAP : Math.min(2 * this.gap, LONGEST_GAP);
    this.left = this.gap;
    this.tried = 0;
    this.waits = 0;
  }
}
