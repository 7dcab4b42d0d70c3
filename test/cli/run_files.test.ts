/** The files of a scoring run: what it reads, writes, and has left behind. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, fixture, folder, recurra } from "./support";

const TEXT = "[[1, 2, 3, 4]]\n[[5, 6, 7, 8]]\n";
const files = folder();
const inFolder = (name: string) => join(files, name);
const lstm = fixture("sequential_lstm"); // [null, null, 4] -> [null, 2]
beforeAll(ensureBuilt, 300_000);
afterAll(() => rmSync(files, { recursive: true, force: true }));

function write(name: string): string {
  writeFileSync(inFolder(name), TEXT);
  return inFolder(name);
}

describe("recurra predict", () => {
  it("writes over nothing that it reads, and nothing twice", () => {
    const input = write("own.jsonl");
    const refused = (...args: string[]) => {
      const { status, stderr } = recurra("predict", lstm, "--input", input, ...args);
      expect([status, stderr]).toEqual([1, expect.stringContaining("a file of its own for each input and output")]);
    };
    refused("--output", join(files, "..", basename(files), "own.jsonl"));
    refused("--output", inFolder("other.jsonl"), "--rejected", inFolder("other.jsonl"));
    refused("--output", inFolder("other.jsonl"), "--rejected", input);
    expect(readFileSync(input, "utf8")).toBe(TEXT);
    expect(existsSync(inFolder("other.jsonl.part"))).toBe(false);
  });

  it("says that what an interrupted run has left is gone, or is none", () => {
    const args = [lstm, "--input", write("left.jsonl"), "--output", inFolder("left_y.jsonl"), "--resume"];
    for (const text of ["{}", "null", "[1]"]) {
      writeFileSync(inFolder("left_y.jsonl.part.json"), text);
      expect(recurra("predict", ...args).stderr).toContain("expected the checkpoint of an interrupted run");
    }
    const written = JSON.stringify({ samples: 1, rejected: 0, inputs: [""], written: [{ bytes: 9, samples: 1 }] });
    writeFileSync(inFolder("left_y.jsonl.part.json"), written);
    expect(recurra("predict", ...args).stderr).toContain(
      "the 9 bytes that the interrupted run wrote, got no such file",
    );
  });
});
