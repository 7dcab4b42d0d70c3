import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, recurra, root } from "./support";

/** What examples/digits/train.py printed when it wrote the files. */
const WRITTEN_BY_KERAS = {
  "digits_lstm.keras": "059c0e3805be65afe1d8a1ea5a57de616eb792c861d6dfccc1ccee5de73a59f7",
  "held_out.json": "ea146711d13643e92142cc0cb369284aafc3969b719bc8b7ab31682436fa9875",
  "keras_outputs.json": "a2d6d01081a440a08e04019baf2a4a353dff1fee08001b3d897b1bf53d61a72b",
};
const KERAS = 1e-5; // probabilities; float32 on both sides, sums in another order

beforeAll(ensureBuilt, 300_000);

describe("recurra demo", () => {
  it.each(Object.entries(WRITTEN_BY_KERAS))("ships %s as the training script wrote it", (name, hash) => {
    const bytes = readFileSync(join(root, "examples/digits", name));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(hash);
  });

  it("reads the held-out digits as well as Keras does, with Keras' numbers", () => {
    const { status, stdout } = recurra("demo", "--json");
    expect(status).toBe(0);
    const told = JSON.parse(stdout);
    const keras = JSON.parse(readFileSync(join(root, "examples/digits/keras_outputs.json"), "utf8"));
    expect(told).toMatchObject({ images: 360, accuracy: keras.accuracy });
    expect(told.difference).toBeLessThan(KERAS);
    expect(told.difference).toBeGreaterThan(0); // two ways to the same numbers
  });

  it("draws digits with a caption each, the summary, and what it measured", () => {
    const { stdout } = recurra("demo", "--digits", "3");
    expect(stdout).toContain("reader (LSTM)                (None, 48)                10944");
    expect(stdout.match(/\d \(\d+\.\d %\)/g)).toHaveLength(3);
    expect(stdout).toMatch(/357 of 360 held-out images right: 99\.2 %/);
    expect(stdout).toMatch(/time an image: [\d.]+ µs alone/);
    expect(recurra("demo", "--digits", "-1").status).toBe(2);
  });
});
