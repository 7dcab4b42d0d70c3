/** Sound of any rate → sound of 16 kHz, block by block: a windowed sinc, cut off a little below 8 kHz. */

const TAPS = 48;
const PHASES = 64;

export class Resampler {
  private readonly table: Float32Array;
  private readonly past = new Float32Array(TAPS);
  private readonly step: number;
  /** Where the next sample lies, in samples of the input; at most one behind the newest. */
  private position = 0;

  /** @param from Samples a second of what comes in. */
  constructor(from: number, to: number) {
    this.step = from / to;
    const cutoff = 0.45 * Math.min(1, to / from);
    this.table = Float32Array.from({ length: (PHASES + 1) * TAPS }, (_, k) => {
      const distance = (k % TAPS) - TAPS / 2 + 1 - Math.floor(k / TAPS) / PHASES;
      const angle = 2 * Math.PI * cutoff * distance;
      const sinc = distance === 0 ? 1 : Math.sin(angle) / angle;
      const window = 0.5 + 0.5 * Math.cos((2 * Math.PI * distance) / TAPS);
      return Math.abs(distance) > TAPS / 2 ? 0 : 2 * cutoff * sinc * window;
    });
  }

  /** Calls `give` with each sample that has become known. */
  push(block: Float32Array, give: (sample: number) => void): void {
    const { past, table, step } = this;
    for (const sample of block) {
      past.copyWithin(0, 1);
      past[TAPS - 1] = sample;
      while (this.position < 1) {
        const row = Math.round(this.position * PHASES) * TAPS;
        let sum = 0;
        for (let k = 0; k < TAPS; k++) sum += (past[k] as number) * (table[row + k] as number);
        give(sum);
        this.position += step;
      }
      this.position -= 1;
    }
  }
}
