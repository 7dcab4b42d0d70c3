import { describe, expect, it } from "vitest";
import { tensorFromNpy, tensorToNpy } from "../src/npy";
import { tensor } from "../src/tensor";

/** A file as NumPy writes it. */
function npy(descr: string, fortran: boolean, shape: string, data: ArrayBufferView): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }\n`;
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

describe("NumPy files", () => {
  it.each([
    ["<f4", Float32Array.of(1.5, -2, 3, 4, 5, 6), "float32"],
    ["<f8", Float64Array.of(1.5, -2, 3, 4, 5, 6), "float32"],
    ["<i4", Int32Array.of(1, -2, 3, 4, 5, 6), "int32"],
    ["<i8", BigInt64Array.of(1n, -2n, 3n, 4n, 5n, 6n), "int32"],
    ["|u1", Uint8Array.of(1, 2, 3, 4, 5, 6), "int32"],
    ["|b1", Uint8Array.of(1, 0, 1, 1, 0, 1), "bool"],
  ] as const)("are read in both orders: %s", (descr, data, dtype) => {
    const c = tensorFromNpy(npy(descr, false, "(2, 3)", data));
    expect([c.shape, c.dtype, [...c.data]]).toEqual([[2, 3], dtype, Array.from(data as ArrayLike<number>, Number)]);
    const f = tensorFromNpy(npy(descr, true, "(3, 2)", data));
    const values = Array.from(data as ArrayLike<number>, Number);
    expect([...f.data]).toEqual([0, 3, 1, 4, 2, 5].map((k) => values[k]));
  });

  it.each([
    tensor([
      [1.5, 2],
      [3, Number.NaN],
    ]),
    tensor([1, 2, 3], [3], "int32"),
    tensor([true, false]),
    tensor(7),
  ])("come back as they were written: %s", (t) => {
    const bytes = tensorToNpy(t);
    expect((bytes.length - t.data.byteLength) % 64).toBe(0);
    expect(tensorFromNpy(bytes)).toEqual(t);
  });

  it.each([
    ["<i4", Int32Array.of(2 ** 24 + 1, -(2 ** 31), 2 ** 31 - 1, 0)],
    ["<i8", BigInt64Array.of(16_777_217n, -2_147_483_648n, 2_147_483_647n, 0n)],
    ["<u4", Uint32Array.of(16_777_217, 33_554_433, 2_147_483_647, 0)],
  ] as const)("keep every whole number of 32 bits: %s", (descr, data) => {
    const values = Array.from(data as ArrayLike<number | bigint>, Number);
    expect([...tensorFromNpy(npy(descr, false, "(4,)", data)).data]).toEqual(values);
    const [a, b, c, d] = values;
    expect([...tensorFromNpy(npy(descr, true, "(2, 2)", data)).data]).toEqual([a, c, b, d]);
  });

  it("are refused when a whole number takes more than 32 bits", () => {
    const large = npy("<i8", false, "(2,)", BigInt64Array.of(1n, 2n ** 31n));
    expect(() => tensorFromNpy(large, "x.npy")).toThrow(
      "x.npy: expected whole numbers that fit in 32 bits, got 2147483648 of type int64",
    );
    expect(() => tensorFromNpy(npy("<u8", false, "(1,)", BigUint64Array.of(2n ** 63n)))).toThrow("fit in 32 bits");
  });

  it("are refused when they are none, cut, or full of objects", () => {
    expect(() => tensorFromNpy(new Uint8Array(80), "x.npy")).toThrow("x.npy: expected a NumPy array");
    expect(() => tensorFromNpy(npy("<f4", false, "(2, 3)", new Float32Array(5)), "x.npy")).toThrow("x.npy");
    expect(() => tensorFromNpy(npy("|O", false, "(1,)", new Uint8Array(8)), "x.npy")).toThrow("a pickle");
  });
});
