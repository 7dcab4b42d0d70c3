/** Timing and checking of one contestant, the same in Node and in a page. */

/** A clock in a page steps by 5 µs at best: what is timed at once takes at least so many seconds. */
const SAMPLE = 2e-3;

export class Timed {
  constructor(workload, { run, reset, expected }) {
    this.run = run;
    this.reset = reset ?? (() => {});
    this.expected = expected ?? workload.expected;
    this.steps = workload.stream ? workload.streamSteps : 1;
  }

  /** Largest difference from float64 (infinite for NaN), and the seconds of the last call. */
  async check() {
    this.reset();
    let y;
    let start;
    for (let step = 0; step < this.steps; step++) {
      start = performance.now();
      y = await this.run();
    }
    const seconds = (performance.now() - start) / 1e3;
    let difference = y.length === this.expected.length ? 0 : Infinity;
    for (let k = 0; k < this.expected.length; k++) {
      const one = Math.abs(y[k] - this.expected[k]);
      if (!(one <= difference)) difference = Number.isNaN(one) ? Infinity : one;
    }
    return { difference, seconds };
  }

  /** Seconds of `count` calls; those that answer with a promise are waited for, the others are not. */
  async calls(count) {
    const { run } = this;
    const start = performance.now();
    for (let k = 0; k < count; k++) {
      const y = run();
      if (y instanceof Promise) await y;
    }
    return (performance.now() - start) / 1e3;
  }

  /** Median seconds of a call over about `seconds`, at least three samples. */
  async time(seconds) {
    let count = 1;
    let taken = await this.calls(count);
    while (taken < SAMPLE) {
      count = Math.max(2 * count, Math.ceil((count * SAMPLE) / Math.max(taken, 1e-6)));
      taken = await this.calls(count);
    }
    const samples = [];
    const end = performance.now() + seconds * 1e3;
    while (samples.length < 3 || performance.now() < end) samples.push((await this.calls(count)) / count);
    return median(samples);
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
