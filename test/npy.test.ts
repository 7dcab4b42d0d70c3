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

  it("are refused when they are none, cut, or full of objects", () => {
    expect(() => tensorFromNpy(new Uint8Array(80), "x.npy")).toThrow("x.npy: expected a NumPy array");
    expect(() => tensorFromNpy(npy("<f4", false, "(2, 3)", new Float32Array(5)), "x.npy")).toThrow("x.npy");
    expect(() => tensorFromNpy(npy("|O", false, "(1,)", new Uint8Array(8)), "x.npy")).toThrow("a pickle");
  });
});
