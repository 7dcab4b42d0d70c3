import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensorFromNpy, tensorToNpy } from "../../src/npy";
import { Tensor } from "../../src/tensor";
import { type GoldenTensor, goldenModel } from "../fixtures/golden";
import { expectClose } from "../support";
import { ensureBuilt, fixture, folder, recurra, root } from "./support";

const KERAS = 1e-5; // float32 on both sides, sums in another order

const files = folder();
beforeAll(ensureBuilt, 300_000);
afterAll(() => rmSync(files, { recursive: true, force: true }));

const asTensor = ({ shape, dtype, data }: GoldenTensor) => new Tensor(shape, dtype, data);
const [lstm] = goldenModel("sequential_lstm").calls;
const x = asTensor(lstm?.inputs[0] as GoldenTensor);
const expected = asTensor(lstm?.expected[0] as GoldenTensor);
const save = (name: string, content: string | Uint8Array) => {
  const path = join(files, name);
  writeFileSync(path, content);
  return path;
};
const samples = (t: Tensor) => t.toArray() as number[][][];

describe("recurra predict", () => {
  const inputs: Record<string, () => string> = {
    ".npy": () => save("x.npy", tensorToNpy(x)),
    ".json": () => save("x.json", JSON.stringify(x.toArray())),
    ".jsonl": () =>
      save(
        "x.jsonl",
        `${samples(x)
          .map((sample) => JSON.stringify(sample))
          .join("\n")}\n`,
      ),
    ".csv": () =>
      save(
        "x.csv",
        `${samples(x)
          .map((sample) => sample.flat().join(","))
          .join("\n")}\n`,
      ),
    ".csv with a header": () => {
      const header = samples(x)[0]
        ?.flat()
        .map((_, k) => `x${k}`);
      return save(
        "h.csv",
        [header, ...samples(x).map((sample) => sample.flat())].map((r) => r?.join(", ")).join("\r\n"),
      );
    },
  };

  it.each(Object.keys(inputs))("takes %s and prints Keras' numbers as JSON", (kind) => {
    const { status, stdout, stderr } = recurra(
      "predict",
      fixture("sequential_lstm"),
      "--input",
      (inputs[kind] as () => string)(),
    );
    expect([status, stderr]).toEqual([0, ""]);
    const got = Float32Array.from((JSON.parse(stdout) as number[][]).flat());
    expectClose(new Tensor(expected.shape, "float32", got), expected, KERAS, KERAS);
  });

  it("takes NaN and infinities in a .csv as Python and R write them, also in its first row", () => {
    const csv = save("special.csv", "nan,NaN,NA,nan\nnan,NaN,nan,nan\ninf,-inf,+Infinity,-1e3\n");
    const model = fixture("sequential_lstm");
    const { status, stderr } = recurra("predict", model, "--input", csv);
    expect([status, stderr]).toEqual([1, expect.stringContaining('line 1, column 3: expected a number, got "NA"')]);
    save("special.csv", "nan,NaN,nan,nan\ninf,-inf,+Infinity,-1e3\n");
    expect(JSON.parse(recurra("predict", model, "--input", csv).stdout)).toHaveLength(2);
  });

  it.each(["y.npy", "y.json"])("writes %s", (name) => {
    const output = join(files, name);
    const ran = recurra(
      "predict",
      fixture("sequential_lstm"),
      "--input",
      save("x.npy", tensorToNpy(x)),
      "--output",
      output,
    );
    expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, "", ""]);
    const got = name.endsWith("npy")
      ? tensorFromNpy(readFileSync(output))
      : new Tensor(expected.shape, "float32", Float32Array.from(JSON.parse(readFileSync(output, "utf8")).flat()));
    expectClose(got, expected, KERAS, KERAS);
  });

  it("names several inputs, and numbers the files of several outputs", () => {
    const [call] = goldenModel("functional_two_in_two_out").calls;
    const given = (call?.inputs ?? []).map((t, k) => save(`in${k}.npy`, tensorToNpy(asTensor(t))));
    const output = join(files, "both.npy");
    const ran = recurra("predict", fixture("functional_two_in_two_out"), "--input", ...given, "--output", output);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    call?.expected.forEach((t, k) => {
      expectClose(tensorFromNpy(readFileSync(join(files, `both.${k}.npy`))), asTensor(t), KERAS, KERAS);
    });
  });

  it.each([
    [
      "a missing file",
      () => ["predict", "nowhere.keras", "--input", "x.npy"],
      1,
      "nowhere.keras: expected a file, got",
    ],
    ["no model", () => ["summary", save("page.keras", "<!DOCTYPE html><html></html>")], 1, "web page"],
    ["an odd input", () => ["predict", fixture("sequential_lstm"), "--input", "x.txt"], 1, "x.txt"],
    [
      "words in numbers",
      () => ["predict", fixture("sequential_lstm"), "--input", save("w.csv", "1,2,3,4\n1,a,3,4\n")],
      1,
      "w.csv, line 2, column 2: expected a number, got",
    ],
    [
      "an odd output",
      () => ["predict", fixture("sequential_lstm"), "--input", "x.npy", "--output", "y.txt"],
      1,
      "--output: expected a .npy",
    ],
    [
      "an object",
      () => ["predict", fixture("sequential_lstm"), "--input", save("o.json", "{}")],
      1,
      "o.json: expected numbers in nested arrays",
    ],
    ["no number of threads", () => ["predict", "m.keras", "--input", "x.npy", "--threads", "0"], 2, "--threads"],
    ["no number of samples", () => ["predict", "m.keras", "--input", "x.npy", "--batch-size", ""], 2, "--batch-size"],
    ["no width", () => ["summary", "m.keras", "--line-length", "wide"], 2, "--line-length"],
    ["no input", () => ["predict", fixture("sequential_lstm")], 2, "--input"],
    ["an unknown command", () => ["train"], 2, "train"],
  ] as const)("tells %s in one line", (_, args, code, text) => {
    const { status, stdout, stderr } = recurra(...args());
    expect(stderr).toContain(text);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect([status, stdout]).toEqual([code, ""]);
  });

  it.runIf(existsSync("/dev/full"))("says that standard output has no room", () => {
    const full = openSync("/dev/full", "w");
    const args = [join(root, "dist/cli.js"), "summary", fixture("sequential_lstm")];
    const { status, stderr } = spawnSync("node", args, { stdio: ["ignore", full, "pipe"], encoding: "utf8" });
    closeSync(full);
    expect([status, stderr]).toEqual([1, "recurra: standard output: expected room for what is written, got ENOSPC\n"]);
  });

  it("tells programs in JSON what was wrong", () => {
    const { status, stderr } = recurra("predict", "nowhere.keras", "--input", "x.npy", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "io", message: expect.stringContaining("nowhere.keras") },
    });
  });
});

describe("recurra summary", () => {
  it("prints the table, the box, or the configuration", () => {
    const table = recurra("summary", fixture("sequential_lstm"));
    expect(table.stdout).toContain("Total params: ");
    expect(recurra("summary", fixture("sequential_lstm"), "--style", "box").stdout).toContain("┏");
    expect(JSON.parse(recurra("summary", fixture("sequential_lstm"), "--json").stdout)).toMatchObject({
      class_name: "Sequential",
    });
  });
});
