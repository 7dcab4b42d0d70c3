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
/** Runs before the first trial of the way alone. */
const START = 32;
/**
 * Runs between two trials, after a change and at most. A core that was taken may soon be free again; what alone takes
 * changes little, and is tried at once when the way together becomes slower than that.
 */
const GAPS = { alone: { first: 128, longest: 512 }, together: { first: 16, longest: 128 } };
/** Runs of a trial. The first does not count: caches are cold. Of the others the one in the middle counts. */
const TRIAL = 4;
/** Runs without help that say nothing about a way: helpers wake up. More than these say that no core is free. */
const WAITS = 32;

export class Choice {
  private isTogether = true;
  private average = Number.POSITIVE_INFINITY;
  /** The average of the other way when it was last in use or tried. */
  private other = Number.POSITIVE_INFINITY;
  private gap = GAPS.alone.first;
  /** Runs until the next trial begins; below 0 in one. */
  private left = START;
  private tried: number[] = [];
  private waits = 0;

  /**
   * Runs it one way or the other.
   * @param together Tells whether anybody helped: runs without help say nothing about this way.
   * @param now Tells milliseconds.
   * @returns whether it was the way together.
   */
  run(alone: () => void, together: () => boolean, now: () => number): boolean {
    const isTrial = --this.left < 0;
    const isTogether = this.isTogether !== isTrial;
    const start = now();
    if (!isTogether) alone();
    else if (together()) this.waits = 0;
    else if (++this.waits <= WAITS || isTrial) {
      if (isTrial) this.noHelp();
      return true;
    }
    const ms = Math.min(now() - start, MOST * this.average);
    if (isTrial) this.noteTrial(ms);
    else this.note(ms);
    return isTogether;
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
    if (this.left < -1) this.tried.push(ms);
    if (this.left <= -TRIAL) this.end(median(this.tried));
  }

  /** A trial is over: the other way takes so long. */
  private end(ms: number): void {
    const isBetter = ms < this.average;
    this.other = isBetter ? this.average : ms;
    if (isBetter) {
      this.average = ms;
      this.isTogether = !this.isTogether;
    }
    const { first, longest } = this.isTogether ? GAPS.alone : GAPS.together;
    this.gap = isBetter ? first : Math.min(2 * this.gap, longest);
    this.left = this.gap;
    this.tried = [];
    this.waits = 0;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
