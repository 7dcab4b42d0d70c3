/** How long answers took, of the latest ones. */

/** Times in milliseconds; 0 before the first. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** How many are remembered. */
const KEPT = 4096;

export class Latencies {
  private readonly times = new Float64Array(KEPT);
  private count = 0;

  add(milliseconds: number): void {
    this.times[this.count % KEPT] = milliseconds;
    this.count++;
  }

  /** Each the smallest time that so many per cent of the remembered answers did not exceed. */
  summary(): Latency {
    const sorted = this.times.slice(0, Math.min(this.count, KEPT)).sort();
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
