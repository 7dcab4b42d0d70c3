import { expect, test } from "vitest";
import { compare } from "../../scripts/compare_bench.mjs";

const row = (name: string, median: number, spread: number) => ({ name, median, spread });
const suite = (commit: string, rows: object[], engine = "Node 24") => ({
  "layers, relaxed": { commit, engine, cpu: "a processor", rows },
});

function told(old: object, now: object) {
  const lines: string[] = [];
  const slower = compare(old, now, (line: string) => lines.push(line));
  return { slower, text: lines.join("\n") };
}

test("medians are told as ratios, and what is beyond both spreads is called slower or faster", () => {
  const before = suite("old", [row("L1", 1, 0.1), row("L32", 1, 0.1), row("G1", 2, 0)]);
  const { slower, text } = told(before, suite("new", [row("L1", 1.2, 0.1), row("L32", 1.09, 0.1), row("G1", 1, 0)]));
  expect(slower).toBe(true);
  expect(text).toMatch(/L1 +1\.200 ± 0\.100 slower/);
  expect(text).toMatch(/L32 +1\.090 ± 0\.100 *$/m);
  expect(text).toMatch(/G1 +0\.500 ± 0\.000 faster/);
});

test("figures of another engine are no regression", () => {
  const before = suite("old", [row("L1", 1, 0)], "Node 20");
  const { slower, text } = told(before, suite("new", [row("L1", 2, 0)]));
  expect(slower).toBe(false);
  expect(text).toContain("no verdict");
});

test("what the old file does not have is said", () => {
  expect(told({}, suite("new", [row("L1", 2, 0)]))).toEqual({
    slower: false,
    text: "layers, relaxed: not in the old file",
  });
});
