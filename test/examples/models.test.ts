import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/tensor";
import { page, type Shown } from "./page";

describe("text_models", async () => {
  interface TextModels {
    lstm: Shown;
    stacked: Shown;
    mask: boolean[][];
    classes: number[];
    last: number[];
    all: number[];
  }
  const { exports } = await page<TextModels>("text_models");

  it("counts 164,106 and 361,866 parameters", () => {
    expect(exports.lstm.layers.map((layer) => layer.countParams())).toEqual([64_000, 98_816, 1290]);
    expect(exports.lstm.countParams()).toBe(164_106);
    expect(exports.stacked.layers.map((layer) => layer.countParams())).toEqual([64_000, 247_296, 49_280, 1290]);
    expect(exports.stacked.countParams()).toBe(361_866);
  });

  it("masks the padding", () => {
    expect(exports.mask.map((row) => row.filter(Boolean).length)).toEqual([3, 5, 6]);
    expect(exports.classes).toEqual([3, 32]);
  });

  it("gives (64, 128) and (64, 100, 128) for (64, 100, 64)", () => {
    expect([exports.last, exports.all]).toEqual([
      [64, 128],
      [64, 100, 128],
    ]);
  });
});

describe("encoder_decoder", async () => {
  const { exports } = await page<{ m: Shown } & Record<"inOrder" | "byName" | "otherSource", Tensor>>(
    "encoder_decoder",
  );

  it("counts 258,698 parameters", () => expect(exports.m.countParams()).toBe(258_698));

  it("takes inputs in order or by name, and decodes what was encoded", () => {
    expect(exports.inOrder.shape).toEqual([1, 10]);
    expect(exports.byName).toEqual(exports.inOrder);
    expect(exports.otherSource).not.toEqual(exports.inOrder);
  });
});

describe("bidirectional", async () => {
  const { exports } = await page<{ m: Shown; scores: Tensor; shapes: [string, number[][]][]; different: number[] }>(
    "bidirectional",
  );

  it("counts 80,266 parameters", () => {
    expect(exports.m.layers.map((layer) => layer.countParams())).toEqual([38_400, 41_216, 650]);
    expect(exports.m.countParams()).toBe(80_266);
    expect(exports.scores.shape).toEqual([2, 10]);
  });

  it("merges in every mode", () => {
    const shapes = Object.fromEntries(exports.shapes);
    expect(shapes).toEqual({
      concat: [[2, 8]],
      sum: [[2, 4]],
      mul: [[2, 4]],
      ave: [[2, 4]],
      null: [
        [2, 4],
        [2, 4],
      ],
    });
    expect(exports.different).toEqual([2, 5, 7]);
  });
});
