/** Damaged files of every format; `npm run fuzz` tries many more of the same kinds. */
import { describe, expect, it } from "vitest";
import { RecurraError } from "../../src/errors";
import { FORMATS } from "./fuzz/formats";
import { OUTCOMES, trial } from "./fuzz/trial";

const FILES = 2000;
const MOST_MS = 5000; // two cores shared with other tests; a sound file takes some milliseconds
const MINUTES = 60_000;

describe(`${FILES} damaged files give a typed error in time, or a sound model`, () => {
  it.each(Object.keys(FORMATS))(
    "%s",
    async (format) => {
      // The first ones load the readers and layers, which is not what is timed.
      for (let seed = -20; seed < 0; seed++) await trial(format, seed);
      const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]));
      for (let seed = 0; seed < FILES; seed++) {
        const start = performance.now();
        const outcome = await trial(format, seed).catch((cause) => {
          throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.stack : cause}`, { cause });
        });
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        expect(performance.now() - start, `milliseconds of seed ${seed}`).toBeLessThan(MOST_MS);
      }
      expect(outcomes.refused).toBeGreaterThan(0);
    },
    3 * MINUTES,
  );

  it("an error that is none of ours is a finding", async () => {
    await expect(trial("none", 0)).rejects.not.toSatisfy(RecurraError.is);
  });
});
