/** Lines that are compressed, and lines of standard input. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../support";
import { ensureBuilt, fed, fixture, folder, measured, recurra, root } from "./support";

const files = folder();
const lstm = fixture("sequential_lstm"); // [null, null, 4] -> [null, 2]
beforeAll(ensureBuilt, 300_000);
afterAll(() => rmSync(files, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(files, name);
  writeFileSync(path, content);
  return path;
}

const next = random(1);
const samples = Array.from({ length: 300 }, () => Array.from({ length: 4 }, () => +next().toFixed(3)));
const lines = samples.map((sample) => `${JSON.stringify([sample])}\n`);
const jsonl = lines.join("");
const predicted = (input: string, ...more: string[]) => recurra("predict", lstm, "--input", input, ...more);

describe("recurra predict, compressed lines", () => {
  it("reads .jsonl.gz and .csv.gz as what they were, also of several parts", () => {
    const wanted = predicted(write("x.jsonl", jsonl));
    expect([wanted.status, JSON.parse(wanted.stdout)]).toEqual([0, expect.objectContaining({ length: 300 })]);
    const parts = [lines.slice(0, 7), lines.slice(7)].map((part) => gzipSync(part.join("")));
    expect(predicted(write("x.jsonl.gz", gzipSync(jsonl)))).toEqual(wanted);
    expect(predicted(write("parts.jsonl.GZ", Buffer.concat(parts)))).toEqual(wanted);
    const csv = `a,b,c,d\n${samples.map((sample) => sample.join(",")).join("\n")}\n`;
    expect(predicted(write("x.csv.gz", gzipSync(csv)))).toEqual(wanted);
  });

  it("goes on where it stopped", () => {
    const whole = join(files, "whole.npy");
    const output = join(files, "parts.npy");
    expect(predicted(write("x.jsonl", jsonl), "--output", whole).status).toBe(0);
    const broken = lines.map((line, k) => (k === 250 ? "[[\n" : line)).join("");
    const stopped = predicted(write("b.jsonl.gz", gzipSync(broken)), "--output", output, "--batch-size", "50");
    expect([stopped.status, stopped.stderr]).toEqual([1, expect.stringContaining("b.jsonl.gz, line 251: expected")]);
    expect(predicted(write("b.jsonl.gz", gzipSync(jsonl)), "--output", output, "--resume").status).toBe(0);
    expect(readFileSync(output).equals(readFileSync(whole))).toBe(true);
  });

  it("holds no more of a file than it needs", () => {
    const padded = `${lines[0]?.trimEnd()}${" ".repeat(4096)}\n`;
    const input = write("padded.jsonl.gz", gzipSync(padded.repeat(40_000))); // 160 MB of less than 1
    const output = join(files, "padded.jsonl");
    const ran = measured(["--max-old-space-size=48"], "predict", lstm, "--input", input, "--output", output);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(ran.megabytes).toBeLessThan(300);
    expect(readFileSync(output, "utf8").trimEnd().split("\n")).toHaveLength(40_000);
  }, 120_000);

  it.each([
    ["what is none", () => Buffer.from(jsonl), "incorrect header check"],
    ["what was cut off", () => gzipSync(jsonl).subarray(0, -20), "unexpected end of file"],
    ["nothing", () => Buffer.alloc(0), "unexpected end of file"],
  ])("refuses %s", (_, bytes, got) => {
    const { status, stdout, stderr } = predicted(write("odd.jsonl.gz", bytes()), "--json", "--batch-size", "1");
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({
      code: "format",
      message: expect.stringContaining("odd.jsonl.gz: expected text that"),
    });
    expect([status, error.message]).toEqual([1, expect.stringContaining(`got ${got}`)]);
    expect(stdout).not.toContain("]]");
  });

  it.each(["x.npy.gz", "x.json.gz", "x.gz"])("refuses %s by its name", (name) => {
    const { status, stderr } = predicted(name);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("expected a .npy, .json, .jsonl, .csv, .jsonl.gz or"),
    ]);
  });
});

describe("recurra predict, standard input", () => {
  const stdin = ["predict", lstm, "--input", "-"];

  it("reads lines of JSON from it", () => {
    expect(fed(jsonl, ...stdin)).toEqual(predicted(write("x.jsonl", jsonl)));
    const [output, wanted] = [join(files, "fed.npy"), join(files, "wanted.npy")];
    predicted(write("x.jsonl", jsonl), "--output", wanted);
    expect(fed(jsonl, ...stdin, "--output", output).status).toBe(0);
    expect(readFileSync(output).equals(readFileSync(wanted))).toBe(true);
    expect(fed("", ...stdin)).toEqual({ status: 0, stdout: "[]\n", stderr: "" });
  });

  it("is one of several inputs, once", () => {
    const model = fixture("functional_two_in_two_out");
    const { status, stderr } = fed("", "predict", model, "--input", "-", "-");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("--input: expected standard input once, got 2 times"),
    ]);
  });

  it("cannot be gone on with: it leaves no checkpoint, and begins anew", () => {
    const output = join(files, "anew.jsonl");
    const broken = fed(`${jsonl}[[\n`, ...stdin, "--output", output, "--batch-size", "50");
    expect([broken.status, broken.stderr]).toEqual([1, expect.stringContaining("standard input, line 301: expected")]);
    expect(existsSync(`${output}.part.json`)).toBe(false);
    const resumed = fed(jsonl, ...stdin, "--output", output, "--resume");
    expect([resumed.status, resumed.stderr]).toEqual([
      1,
      expect.stringContaining("--resume: expected files, which can be read again, got standard input"),
    ]);
    expect(fed(jsonl, ...stdin, "--output", output).status).toBe(0);
    expect(readFileSync(output, "utf8").trimEnd().split("\n")).toHaveLength(300);
  });

  it("is not waited for when something else is wrong", async () => {
    const output = join(files, "nowhere/y.npy");
    for (const first of ["", "[[\n"]) {
      const args = first === "" ? [...stdin, "--output", output] : [...stdin, "--batch-size", "1"];
      const child = spawn("node", [join(root, "dist/cli.js"), ...args], { stdio: ["pipe", "ignore", "ignore"] });
      child.stdin?.on("error", () => {});
      child.stdin?.write(first + jsonl); // and is left open
      expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(1);
    }
  });
});
