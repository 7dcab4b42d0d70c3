/** HDF5 files made to keep a reader busy: structures that jsfive follows without an end of its own. */
import { describe, expect, it } from "vitest";
import { bytesOf, file, readSpec, text } from "./support";

const good = file("files/keras_2_1.h5");
const indexOf = (bytes: Uint8Array, wanted: Uint8Array, from = 0): number => {
  for (let at = from; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  throw new Error("not in the file");
};
const put = (bytes: Uint8Array, at: number, ...parts: Parameters<typeof bytesOf>) => bytes.set(bytesOf(...parts), at);

/** A tree of names, `levels` deep, every node of which has `fan` times the same child. */
function sharedNodes(levels: number, fan: number): Uint8Array {
  const bytes = [good];
  let [end, child] = [good.length, 0];
  for (let level = 0; level <= levels; level++) {
    const entries = Array.from({ length: fan }, () => bytesOf([0, 8], [child, 8]));
    bytes.push(bytesOf(text("TREE"), [0, 1], [level, 1], [fan, 2], [0, 16], ...entries, [0, 8]));
    child = end;
    end += bytes.at(-1)!.length;
  }
  const whole = bytesOf(...bytes);
  const pointer = bytesOf([indexOf(good, text("TREE")), 8]);
  for (let at = 0; at < good.length - 8; at++) {
    if (pointer.every((byte, i) => whole[at + i] === byte)) put(whole, at, [child, 8]);
  }
  return whole;
}

describe("a file made to keep its reader busy", () => {
  it("with a tree that branches to the same children again and again", async () => {
    await expect(readSpec(sharedNodes(30, 8))).rejects.toThrow("expected structures in proportion to the file");
    await expect(readSpec(sharedNodes(30, 8))).rejects.toMatchObject({ code: "limit" });
  }, 10_000);

  it("with an attribute of four thousand million texts without length", async () => {
    const bytes = good.slice();
    const name = indexOf(bytes, text("layer_names"));
    const type = indexOf(bytes, bytesOf([0x13, 1]), name);
    put(bytes, type + 4, [0, 4]);
    put(bytes, indexOf(bytes, bytesOf([3, 8]), type), [2 ** 32 - 1, 8]);
    await expect(readSpec(bytes)).rejects.toMatchObject({ code: "limit" });
  }, 10_000);

  it("with an array that is larger than the file, or lies outside of it", async () => {
    const bytes = good.slice();
    const from = indexOf(bytes, text("gru_1/kernel:0"));
    const layout = indexOf(bytes, bytesOf([3, 1], [1, 1]), from); // version 3, contiguous
    const space = indexOf(bytes, bytesOf([2, 8], [9, 8])); // [2, 9], the shape of the kernel
    put(bytes, space, [2 ** 31, 8]);
    await expect(readSpec(bytes)).rejects.toMatchObject({ code: "format" });
    const outside = good.slice();
    put(outside, layout + 2, [2 ** 40, 8]);
    await expect(readSpec(outside)).rejects.toMatchObject({ code: "format" });
  });
});
