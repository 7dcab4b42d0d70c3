import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, fixture, recurra, root } from "./support";

beforeAll(ensureBuilt, 300_000);

describe("recurra bench", () => {
  it("tells the time of a call at each batch size, and of a step where the model can step", () => {
    const words = fixture("functional_encoder_decoder_words"); // ids of two languages, lengths left open
    const { status, stdout } = recurra("bench", words, "--batch", "1,3", "--timesteps", "7", "--json");
    expect(status).toBe(0);
    const { rows, ...told } = JSON.parse(stdout);
    expect(told).toEqual({
      model: "functional",
      build: expect.stringMatching(/^(baseline|relaxed)$/),
      node: process.version,
    });
    const microseconds = expect.any(Number);
    expect(rows).toEqual([
      { call: "predict", batch: 1, timesteps: 7, microseconds },
      { call: "predict", batch: 3, timesteps: 7, microseconds },
    ]);
    for (const row of rows) expect(row.microseconds).toBeGreaterThan(0);
  });

  it("prints a table", () => {
    const { stdout } = recurra("bench", join(root, "examples/digits/digits_lstm.keras"), "--batch", "2");
    const [title, head, predict, step] = stdout.split("\n");
    expect(title).toMatch(/^digits_lstm: (baseline|relaxed) build, Node v\d/);
    expect(head).toMatch(/^call +batch +timesteps +time +a second$/);
    expect(predict).toMatch(/^predict +2 +- +[\d.]+ µs +[\d.]+ [kM] samples$/);
    expect(step).toMatch(/^stream\.step +1 +1 +[\d.]+ µs +[\d.]+ [kM] timesteps$/);
  });

  it("runs on the kernels that are asked for", () => {
    const model = join(root, "examples/digits/digits_lstm.keras");
    expect(recurra("bench", model, "--batch", "1", "--build", "baseline").stdout).toMatch(
      /^digits_lstm: baseline build/,
    );
    expect(recurra("bench", model, "--build", "fast").status).toBe(2);
    const { status, stdout, stderr } = recurra("bench", model, "--batch", "1", "--build", "wide");
    if (status === 0) expect(stdout).toMatch(/^digits_lstm: wide build, Node v\d/);
    else expect(stderr).toMatch(/^recurra: configure.build: expected Node 24 or later on x64 for wide, got Node 2\d/);
  });

  it("refuses sizes that are none", () => {
    expect(recurra("bench", "model.keras", "--batch", "1,0").status).toBe(2);
    expect(recurra("bench", "model.keras", "--timesteps", "1.5").stderr).toContain(
      "Expected a whole number, 1 or more.",
    );
  });
});
