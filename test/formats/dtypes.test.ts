import { describe, expect, it } from "vitest";
import { bfloatToNumber, decodeArray, elementCount, halfToNumber, widthOf } from "../../src/formats/dtypes";
import { Allowance } from "../../src/formats/limits";

describe("half precision", () => {
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e01, Number.NaN],
  ])("%i is %d", (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });

  it("of Google's kind is half of a float32", () => {
    expect([0x3f80, 0xc020, 0x7f80].map(bfloatToNumber)).toEqual([1, -2.5, Number.POSITIVE_INFINITY]);
    expect(bfloatToNumber(0x7fc0)).toBeNaN();
  });
});

describe("decodeArray", () => {
  const decode = (bytes: Uint8Array, dtype: string, shape: number[]) =>
    decodeArray({ bytes, dtype, shape }, "w", new Allowance());

  it("copies, so that the file may be dropped", () => {
    const bytes = new Uint8Array(Float32Array.of(1, 2).buffer);
    const { data } = decode(bytes, "float32", [2]);
    bytes.fill(0);
    expect([...data]).toEqual([1, 2]);
  });

  it("reads at any offset", () => {
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(Float64Array.of(-0.5).buffer), 1);
    expect(decode(bytes.subarray(1), "float64", [])).toEqual({
      shape: [],
      dtype: "float64",
      data: Float32Array.of(-0.5),
    });
  });

  it("refuses what does not fit", () => {
    expect(() => decode(new Uint8Array(7), "float32", [2])).toThrow("w: expected 8 bytes for float32 [2], got 7");
    expect(() => widthOf("complex64", "w")).toThrow(/w: expected one of the types float64, .*, got complex64/);
    expect(() => widthOf("toString", "w")).toThrow("got toString");
    for (const shape of [[-1], [1.5], ["2"], [Number.NaN]]) {
      expect(() => elementCount(shape, "w")).toThrow("w: expected a shape of non-negative whole numbers");
    }
    expect(() => elementCount([2 ** 40, 2 ** 40], "w")).toThrow("w: expected a shape that fits in memory");
    expect(elementCount([2 ** 40, 0], "w")).toBe(0);
  });
});
