import { describe, expect, it } from "vitest";
import { bytesOf, random, readSpec, text } from "./support";

const float32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const file = (header: object | string, data: Uint8Array) => {
  const json = text(typeof header === "string" ? header : JSON.stringify(header));
  return bytesOf([json.length, 8], json, data);
};
const entry = (dtype: string, shape: unknown, ...data_offsets: number[]) => ({ dtype, shape, data_offsets });
const read = (bytes: Uint8Array) => readSpec(bytes, { name: "m.safetensors" });

describe("a safetensors file", () => {
  it("gives its arrays by name, in the order of its header, with its texts", async () => {
    const header = {
      __metadata__: { format: "pt", n: 3 },
      b: entry("BF16", [2], 8, 12),
      a: entry("F32", [1, 2], 0, 8),
      empty: entry("F64", [0, 4], 12, 12),
      i: entry("I64", [], 12, 20),
    };
    const data = bytesOf(float32(1, -2), [0x3f80, 2], [0xc020, 2], [5, 8]);
    const { weights, ...rest } = await read(file(header, data));
    expect(rest).toMatchObject({ format: "safetensors", architecture: null, metadata: { format: "pt" } });
    expect(weights.kind === "names" && [...weights.weights].map(([name, w]) => [name, w.shape, [...w.data]])).toEqual([
      ["b", [2], [1, -2.5]],
      ["a", [1, 2], [1, -2]],
      ["empty", [0, 4], []],
      ["i", [], [5]],
    ]);
  });

  const pair = float32(1, 2);
  it.each([
    [
      "arrays over one another",
      file({ a: entry("F32", [2], 0, 8), b: entry("F32", [1], 4, 8) }, pair),
      "m.safetensors, b: expected data from 8, within 8 bytes, got 4 to 8",
    ],
    ["a gap", file({ a: entry("F32", [1], 4, 8) }, pair), "m.safetensors, a: expected data from 0"],
    [
      "bytes that belong to nothing",
      file({ a: entry("F32", [1], 0, 4) }, pair),
      "m.safetensors: expected 4 bytes of data, got 8",
    ],
    [
      "arrays outside",
      file({ a: entry("F32", [3], 0, 12) }, pair),
      "m.safetensors, a: expected data from 0, within 8 bytes, got 0 to 12",
    ],
    [
      "a length that lies",
      file({ a: entry("F32", [3], 0, 8) }, pair),
      "m.safetensors, a: expected 12 bytes for float32 [3], got 8",
    ],
    [
      "places that are none",
      file({ a: { dtype: "F32", shape: [2], data_offsets: [0, "8"] } }, pair),
      "two places in the data",
    ],
    ["an unknown type", file({ a: entry("F8_E4M3", [8], 0, 8) }, pair), "m.safetensors, a: expected one of F64, F32"],
    ["a shape that is none", file({ a: entry("F32", "2", 0, 8) }, pair), "m.safetensors, a: expected dtype and shape"],
    ["an entry that is none", file({ a: 3 }, pair), "m.safetensors, a: expected an object, got 3"],
    ["a header that is none", file('{"a"', pair), "m.safetensors, header: expected JSON"],
  ])("is refused for %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
  });

  it("with damage is a typed error or goes unseen", async () => {
    const whole = file({ a: entry("F32", [2, 3], 0, 24), b: entry("F16", [2], 24, 28) }, new Uint8Array(28));
    const next = random(3);
    for (let round = 0; round < 500; round++) {
      const bytes = round % 4 === 0 ? whole.slice(0, next(whole.length)) : whole.slice();
      for (let flips = 1 + next(4); flips > 0 && bytes.length > 0; flips--) bytes[next(bytes.length)]! ^= 1 << next(8);
      await read(bytes).catch((e: unknown) => expect(e).toMatchObject({ brand: "recurra.error" }));
    }
  });
});
