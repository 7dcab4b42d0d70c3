/** Bars of work that takes longer than a second. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Progress, withBar } from "../../src/cli/progress";

describe("a bar", () => {
  let shown = "";
  const { isTTY, write } = process.stderr;

  beforeEach(() => {
    shown = "";
    vi.useFakeTimers();
    process.stderr.isTTY = true;
    process.stderr.write = (text: string | Uint8Array) => {
      shown += text;
      return true;
    };
  });
  afterEach(() => {
    vi.useRealTimers();
    process.stderr.isTTY = isTTY;
    process.stderr.write = write;
  });

  /** Tells where it is every second. */
  const steps = (places: readonly number[]) => async (tell: Progress) => {
    for (const place of places) {
      tell(place, 100);
      vi.advanceTimersByTime(1000);
    }
  };

  it("tells rate and time left, and goes at the end", async () => {
    await withBar("predicting", "samples", steps([10, 30, 50, 100]));
    expect(shown).toContain("50 % | 50 samples | 25/s | 3s left");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tells count and rate alone where nobody knows the total", async () => {
    await withBar("predicting", "samples", async (tell) => {
      for (const count of [10, 30, 50]) {
        tell(0, null, count);
        vi.advanceTimersByTime(1000);
      }
    });
    expect(shown).toContain("predicting | 50 samples | 25/s");
    expect(shown).not.toMatch(/%|left|Infinity/);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes when the work fails or stops before the end, and holds no process", async () => {
    const failing = withBar("predicting", "samples", async (tell) => {
      await steps([10, 20, 30])(tell);
      throw new Error("a bad sample");
    });
    await expect(failing).rejects.toThrow("a bad sample");
    expect(shown).toContain("30 % | 30 samples");
    expect(vi.getTimerCount()).toBe(0);
    await withBar("predicting", "samples", steps([10, 20, 30]));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves cursor and line wrapping alone, which nobody would restore after a signal", async () => {
    await withBar("predicting", "samples", steps([10, 20, 30, 100]));
    expect(shown).toContain("30 %");
    expect(shown).not.toMatch(/\[\?(25|7)l/);
  });

  it("is not there within a second, nor where stderr is no terminal", async () => {
    await withBar("predicting", "samples", steps([10]));
    process.stderr.isTTY = false;
    await withBar("predicting", "samples", steps([10, 30, 50, 100]));
    expect(shown).toBe("");
  });
});
