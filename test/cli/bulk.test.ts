/** Inputs larger than memory, interrupted runs, and samples that cannot be scored. */
import { spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dense } from "../../src/layers/dense";
import { input as symbolic } from "../../src/layers/input_layer";
import { gru } from "../../src/layers/recurrent/gru";
import { model as functional } from "../../src/models/functional";
import { sequential } from "../../src/models/sequential";
import { tensorFromNpy, tensorToNpy } from "../../src/npy";
import { saveModel } from "../../src/save";
import { Tensor } from "../../src/tensor";
import { random, randomTensor } from "../support";
import { ensureBuilt, fixture, folder, measured, recurra, root } from "./support";

const files = folder();
const inFolder = (name: string) => join(files, name);
const lstm = fixture("sequential_lstm"); // [null, null, 4] -> [null, 2]
beforeAll(ensureBuilt, 300_000);
afterAll(() => rmSync(files, { recursive: true, force: true }));

/** Sequences of 1 to 6 timesteps, one a line. */
function raggedLines(count: number, seed: number): string[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, k) => {
    const steps = Array.from({ length: 1 + ((k * 7) % 6) }, () => Array.from({ length: 4 }, () => +next().toFixed(3)));
    return JSON.stringify(steps);
  });
}

function write(name: string, lines: readonly string[]): string {
  writeFileSync(inFolder(name), `${lines.join("\n")}\n`);
  return inFolder(name);
}

/** Starts `recurra predict` and sends a signal when it has left a checkpoint. */
async function interrupted(signal: NodeJS.Signals, output: string, ...args: string[]): Promise<number | null> {
  const child = spawn("node", [join(root, "dist/cli.js"), "predict", ...args, "--output", output], { stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const seen = existsSync(`${output}.part.json`) ? readFileSync(`${output}.part.json`, "utf8") : "";
  const isNew = () => existsSync(`${output}.part.json`) && readFileSync(`${output}.part.json`, "utf8") !== seen;
  while (child.exitCode === null && !isNew()) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill(signal);
  return ended;
}

describe("recurra predict in bounded memory", () => {
  const WIDTH = 2048;

  it("reads arrays that are several times as large as what it may take", async () => {
    const model = sequential({ layers: [dense({ units: 2, inputShape: [WIDTH] })] });
    writeFileSync(inFolder("wide.keras"), await saveModel(model));
    const samples = 80_000;
    const head = tensorToNpy(new Tensor([0, WIDTH], "float32", new Float32Array(0)));
    const text = Buffer.from(head).toString("latin1").replace("(0, 2048), }      ", `(${samples}, 2048), } `);
    const file = openSync(inFolder("wide.npy"), "w"); // mostly a hole
    writeSync(file, Buffer.from(text, "latin1"));
    ftruncateSync(file, head.length + 4 * WIDTH * samples);
    const x = randomTensor([3, WIDTH], 1, 1);
    const places = [0, 54_321, samples - 1];
    for (const [k, place] of places.entries()) {
      const row = new Uint8Array(x.data.buffer, 4 * WIDTH * k, 4 * WIDTH);
      writeSync(file, row, 0, row.length, head.length + 4 * WIDTH * place);
    }
    closeSync(file);
    const output = inFolder("wide_y.npy");
    const ran = measured(
      ["--max-old-space-size=64"],
      "predict",
      inFolder("wide.keras"),
      "--input",
      inFolder("wide.npy"),
      "--output",
      output,
    );
    expect(ran.stderr).toBe("");
    expect(ran.status).toBe(0);
    expect(ran.megabytes).toBeLessThan(400); // of 655 that the file has; two idle workers are 100 of them
    const y = tensorFromNpy(readFileSync(output));
    expect(y.shape).toEqual([samples, 2]);
    const wanted = model.predict(x) as Tensor;
    for (const [k, place] of places.entries())
      for (const unit of [0, 1]) expect(y.data[2 * place + unit]).toBeCloseTo(wanted.data[2 * k + unit] as number, 4);
    expect(y.data.filter((value) => value !== 0)).toHaveLength(6);
    rmSync(inFolder("wide.npy"));
  }, 120_000);

  it("reads lines that are several times as large as the heap", () => {
    const [line] = raggedLines(1, 2);
    const padded = `${line}${" ".repeat(4096)}`;
    const input = write(
      "padded.jsonl",
      Array.from({ length: 20_000 }, () => padded),
    );
    const output = inFolder("padded_y.jsonl");
    const ran = measured(["--max-old-space-size=48"], "predict", lstm, "--input", input, "--output", output);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(ran.megabytes).toBeLessThan(300);
    const results = readFileSync(output, "utf8").trimEnd().split("\n");
    expect(results).toHaveLength(20_000);
    expect(new Set(results).size).toBe(1);
    rmSync(input);
  }, 120_000);
});

describe("recurra predict, interrupted", () => {
  it("goes on after kill -9 and after a signal, and the files are those of one run", async () => {
    const input = write("many.jsonl", raggedLines(100_000, 3));
    const [whole, output] = [inFolder("whole.jsonl"), inFolder("parts.jsonl")];
    expect(recurra("predict", lstm, "--input", input, "--output", whole).status).toBe(0);
    const args = [lstm, "--input", input, "--threads", "2"];
    expect(await interrupted("SIGKILL", output, ...args)).toBe(null);
    expect([existsSync(output), existsSync(`${output}.part`)]).toEqual([false, true]);
    const again = recurra("predict", ...args, "--output", output);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining("expected --resume to go on")]);
    expect(await interrupted("SIGINT", output, ...args, "--resume")).toBe(130);
    const other = recurra("predict", fixture("sequential_gru"), "--input", input, "--output", output, "--resume");
    const refused = "expected the model, and the rounding of the build, of the interrupted run";
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining(refused)]);
    if (!process.version.startsWith("v20.")) {
      const rounded = recurra("predict", ...args, "--output", output, "--resume", "--build", "baseline");
      expect([rounded.status, rounded.stderr]).toEqual([1, expect.stringContaining(refused)]);
    }
    const ended = recurra("predict", ...args, "--output", output, "--resume", "--json");
    expect(JSON.parse(ended.stdout)).toEqual({ samples: 100_000, rejected: 0 });
    expect(readFileSync(output).equals(readFileSync(whole))).toBe(true);
    expect([`${output}.part`, `${output}.part.json`].map((file) => existsSync(file))).toEqual([false, false]);
  }, 220_000);

  it("stops at a line that is none, naming it, and goes on when it was mended", () => {
    const lines = raggedLines(3000, 4);
    const [whole, output] = [inFolder("mended_whole.npy"), inFolder("mended.npy")];
    recurra("predict", lstm, "--input", write("mended.jsonl", lines), "--output", whole);
    const broken = write(
      "broken.jsonl",
      lines.map((line, k) => (k === 2500 ? "[[1, 2, 3" : line)),
    );
    const args = ["--output", output, "--resume", "--batch-size", "100"];
    const stopped = recurra("predict", lstm, "--input", broken, ...args);
    expect([stopped.status, stopped.stdout]).toEqual([1, ""]);
    expect(stopped.stderr).toContain("broken.jsonl, line 2501: expected JSON, got");
    expect(JSON.parse(readFileSync(`${output}.part.json`, "utf8"))).toMatchObject({ samples: 2500 });
    const changed = write(
      "changed.jsonl",
      lines.map((line, k) => (k === 7 ? "[[1, 2, 3, 4]]" : line)),
    );
    const refused = recurra("predict", lstm, "--input", changed, ...args);
    expect(refused.stderr).toContain(
      `expected the first 2500 samples in ${changed} of the interrupted run, got another`,
    );
    copyFileSync(inFolder("mended.jsonl"), broken);
    const written = readFileSync(`${output}.part`);
    writeFileSync(`${output}.part`, written.subarray(0, 200));
    const cut = recurra("predict", lstm, "--input", broken, ...args);
    expect([cut.status, cut.stderr]).toEqual([1, expect.stringMatching(/the \d+ bytes .+ run wrote, got 200/)]);
    writeFileSync(`${output}.part`, written);
    const checkpoint = readFileSync(`${output}.part.json`, "utf8");
    writeFileSync(`${output}.part.json`, checkpoint.replace('"rejected":0', '"rejected":1'));
    expect(recurra("predict", lstm, "--input", broken, ...args).stderr).toContain(
      "--rejected as in the interrupted run",
    );
    writeFileSync(`${output}.part.json`, checkpoint);
    expect(recurra("predict", lstm, "--input", broken, ...args).status).toBe(0);
    expect(readFileSync(output).equals(readFileSync(whole))).toBe(true);
  }, 120_000);
});

describe("recurra predict, after a failure to write", () => {
  it("counts nothing twice of samples whose neighbour did not fit into the array", async () => {
    const model = sequential({ layers: [gru({ units: 2, returnSequences: true, inputShape: [null, 4] })] });
    writeFileSync(inFolder("steps.keras"), await saveModel(model));
    const lines = Array.from({ length: 200 }, (_, k) => JSON.stringify([[k, 1, 2, 3]]));
    const input = write(
      "long_step.jsonl",
      lines.map((line, k) => (k === 150 ? "[[1, 2, 3, 4], [1, 2, 3, 4]]" : line)),
    );
    const args = [inFolder("steps.keras"), "--input", input, "--output"];
    const stopped = recurra("predict", ...args, inFolder("fitted.npy"));
    expect([stopped.status, stopped.stderr]).toEqual([1, expect.stringContaining("sample 151: expected a result of")]);
    write("long_step.jsonl", lines);
    expect(recurra("predict", ...args, inFolder("fitted.npy"), "--resume").status).toBe(0);
    expect(recurra("predict", ...args, inFolder("fitted_whole.npy")).status).toBe(0);
    expect(readFileSync(inFolder("fitted.npy")).equals(readFileSync(inFolder("fitted_whole.npy")))).toBe(true);
  });

  it("begins anew when it ended between the names of two files", async () => {
    const input = write("named.jsonl", raggedLines(200, 6));
    const x = symbolic({ shape: [null, 4] });
    const states = gru({ units: 2 }).apply(x);
    const model = functional({ inputs: x, outputs: [states, dense({ units: 3 }).apply(states)] });
    writeFileSync(inFolder("pair.keras"), await saveModel(model));
    const scored = (name: string, ...more: string[]) =>
      recurra("predict", inFolder("pair.keras"), "--input", input, "--output", inFolder(`${name}.npy`), ...more);
    expect(scored("names_whole").status).toBe(0);
    mkdirSync(inFolder("names.1.npy/taken"), { recursive: true });
    expect(scored("names").stderr).toContain("names.1.npy: expected a file that can be written");
    rmSync(inFolder("names.1.npy"), { recursive: true });
    const again = scored("names", "--resume");
    expect([again.status, again.stderr]).toEqual([0, ""]);
    for (const k of [0, 1]) {
      const [got, wanted] = ["names", "names_whole"].map((name) => readFileSync(inFolder(`${name}.${k}.npy`)));
      expect(got?.equals(wanted as Buffer)).toBe(true);
    }
  });
});

describe("recurra predict, with samples that cannot be scored", () => {
  it("lists them, leaves their places, and tells by the exit code", () => {
    const lines = raggedLines(1000, 5);
    const good = recurra(
      "predict",
      lstm,
      "--input",
      write("good.jsonl", lines),
      "--output",
      inFolder("good.jsonl.jsonl"),
    );
    expect(good.status).toBe(0);
    const odd = { 3: "{", 64: "[[1, 2, 3]]", 700: "[[1, 2, 3, 4], [1, 2, 3]]", 999: '["a"]' };
    const bad = write(
      "bad.jsonl",
      lines.map((line, k) => odd[k as 3] ?? line),
    );
    const rejected = inFolder("rejected.jsonl");
    const ran = recurra("predict", lstm, "--input", bad, "--output", inFolder("y.jsonl"), "--rejected", rejected);
    expect([ran.status, ran.stdout]).toEqual([3, ""]);
    expect(ran.stderr).toContain("4 of 1000 samples rejected");
    const told = readFileSync(rejected, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(told.map(({ sample }) => sample)).toEqual([3, 64, 700, 999]);
    for (const { sample, error } of told) expect(error.message).toContain(`bad.jsonl, line ${sample + 1}`);
    expect(told[1].error).toMatchObject({ code: "shape", message: expect.stringContaining("got [1, 1, 3]") });
    const wanted = readFileSync(inFolder("good.jsonl.jsonl"), "utf8").split("\n");
    expect(readFileSync(inFolder("y.jsonl"), "utf8").split("\n")).toEqual(
      wanted.map((y, k) => (k in odd ? "null" : y)),
    );

    recurra("predict", lstm, "--input", bad, "--output", inFolder("y.npy"), "--rejected", rejected);
    const y = tensorFromNpy(readFileSync(inFolder("y.npy")));
    expect(y.shape).toEqual([1000, 2]);
    const empty = [...y.data.keys()].filter((k) => Number.isNaN(y.data[k])).map((k) => k >> 1);
    expect([...new Set(empty)]).toEqual([3, 64, 700, 999]);
  });

  it("names a row of an array, and refuses results of several lengths in one array", async () => {
    const ids = new Int32Array(500).map((_, k) => k % 3);
    ids[7 * 5 + 2] = 1000;
    const model = fixture("sequential_embedding_lstm");
    writeFileSync(inFolder("ids.npy"), tensorToNpy(new Tensor([100, 5], "int32", ids)));
    const ran = recurra("predict", model, "--input", inFolder("ids.npy"), "--output", inFolder("ids_y.npy"));
    expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining(`${inFolder("ids.npy")}[7], embedding`)]);
    expect(existsSync(inFolder("ids_y.npy.part"))).toBe(false);

    const steps = write("steps.jsonl", ["[[1, 2, 3, 4]]", "[[1, 2, 3, 4], [1, 2, 3, 4]]"]);
    const sequences = sequential({ layers: [gru({ units: 2, returnSequences: true, inputShape: [null, 4] })] });
    writeFileSync(inFolder("sequences.keras"), await saveModel(sequences));
    const told = recurra("predict", inFolder("sequences.keras"), "--input", steps, "--output", inFolder("steps.npy"));
    expect([told.status, told.stderr]).toEqual([1, expect.stringContaining("(.jsonl takes any)")]);
  });
});
