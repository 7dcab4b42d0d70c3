import { deflateSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../src/formats/crc32";
import { Allowance } from "../../src/formats/limits";
import { openZip } from "../../src/formats/zip";
import { bytesOf, type Member, text, zip } from "./support";

const data = text("hello ".repeat(50));
const open = (bytes: Uint8Array, limits = {}) => openZip(bytes, "a.zip", new Allowance(limits));
const read = (members: Member[], limits = {}) => open(zip(members), limits).read("a");

describe("openZip", () => {
  it("knows the check value of CRC-32", () => {
    expect(crc32(text("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });

  it("reads stored and deflated members, with a comment, out of a larger buffer", async () => {
    const packed = deflateSync(data);
    const members = [
      { name: "a", data },
      { name: "dir/", data: text("") },
    ];
    members.push({ name: "dir/b", data: packed, method: 8, size: data.length, crc: crc32(data) } as Member);
    const bytes = zip(members, { comment: "made for a test" });
    const archive = open(bytesOf([1, 3], bytes).subarray(3));
    expect(archive.names).toEqual(["a", "dir/b"]);
    expect(await archive.read("a")).toEqual(data);
    expect(await archive.read("dir/b")).toEqual(data);
    expect(await archive.read("c")).toBeUndefined();
    const other = open(zipSync({ a: data, b: [data, { level: 0 }] }));
    expect([await other.read("a"), await other.read("b")]).toEqual([data, data]);
  });

  it("reads zip64 lengths", async () => {
    const plain = zip([{ name: "a", data }]);
    const at = 30 + 1 + data.length; // where the directory begins
    const entry = plain.subarray(at, at + 47).slice();
    new Uint8Array(entry.buffer).set([255, 255, 255, 255, 255, 255, 255, 255], 20);
    entry[30] = 20; // an extra field of 4 + 16 bytes: unpacked and packed length
    const extra = bytesOf([1, 2], [16, 2], [data.length, 8], [data.length, 8]);
    const directory = bytesOf(entry, extra);
    const end64 = bytesOf(
      [0x06064b50, 4],
      [44, 8],
      [45, 2],
      [45, 2],
      [0, 8],
      [1, 8],
      [1, 8],
      [directory.length, 8],
      [at, 8],
    );
    const locator = bytesOf([0x07064b50, 4], [0, 4], [at + directory.length, 8], [1, 4]);
    const end = bytesOf([0x06054b50, 4], [0, 4], [0xffff, 2], [0xffff, 2], [0xffffffff, 4], [0xffffffff, 4], [0, 2]);
    const archive = open(bytesOf(plain.subarray(0, at), directory, end64, locator, end));
    expect(await archive.read("a")).toEqual(data);
  });

  it.each([
    ["a wrong checksum", { crc: 1 }, "a.zip, a: expected CRC-32 1, got"],
    ["a stored member with two lengths", { size: 299 }, "expected 300 packed and 299 unpacked bytes"],
    ["a member that ends outside", { packed: 4000, size: 4000 }, "expected 4000 packed and 4000 unpacked bytes"],
    ["a member that begins outside", { header: 9999 }, "a.zip, a: expected a member at its place in the archive"],
    ["encryption", { flags: 1 }, "a.zip, a: expected a member without encryption, got an encrypted one"],
    ["another method", { method: 14 }, "a.zip, a: expected a stored or deflated member, got compression method 14"],
    [
      "deflate data that are none",
      { method: 8, data: text("\xff\xff\xff"), size: 9 },
      "a.zip, a: expected deflate data",
    ],
  ])("refuses %s", async (_, lie, message) => {
    await expect(async () => read([{ name: "a", data, ...lie }])).rejects.toThrow(message);
  });

  it.each(["/etc/a", "..", "x/../../a", "..\\a", "C:\\a", "a\0b", ""])("refuses the name %j", (name) => {
    expect(() => open(zip([{ name, data }]))).toThrow("a.zip: expected member names inside the archive");
  });

  it("refuses two members of one name, and members that share bytes", () => {
    expect(() =>
      open(
        zip([
          { name: "a", data },
          { name: "a", data },
        ]),
      ),
    ).toThrow("expected one member of this name, got two");
    const members = [
      { name: "a", data },
      { name: "b", data, header: 0 },
    ];
    expect(() => open(zip(members))).toThrow(/members that do not overlap/);
  });

  it.each([
    [
      "cut short",
      zip([{ name: "a", data }]).subarray(0, -30),
      "a.zip: expected the end record of a zip archive, got none",
    ],
    ["with too many entries", zip([{ name: "a", data }], { count: 9 }), "expected a zip directory inside the file"],
    ["with no entries where some are said", zip([{ name: "a", data }], { at: 5 }), "1 entries in the zip directory"],
    [
      "with a directory elsewhere",
      zip([{ name: "a", data }], { at: 99999 }),
      "expected a zip directory inside the file",
    ],
    ["of two bytes", text("PK"), "the end record of a zip archive"],
  ])("refuses an archive %s", (_, bytes, message) => {
    expect(() => open(bytes)).toThrow(message);
  });
});

describe("a bomb", () => {
  const zeros = deflateSync(new Uint8Array(50_000_000));
  const bomb = (size: number) => [{ name: "a", data: zeros, method: 8, size, crc: 0 }];

  it("that declares its size meets the limit before it is unpacked", async () => {
    const act = read(bomb(50_000_000), { bytes: 1_000_000 });
    await expect(act).rejects.toThrow("a.zip, a: expected at most 1000000 unpacked bytes, got 50000000");
    await expect(act).rejects.toMatchObject({ code: "limit" });
  });

  it("that declares a small size is stopped there", async () => {
    await expect(read(bomb(10))).rejects.toThrow("a.zip, a: expected at most 10 bytes unpacked, as declared, got more");
  });

  it("that declares more than it holds is refused", async () => {
    await expect(read(bomb(60_000_000))).rejects.toThrow("expected 60000000 bytes unpacked, as declared, got 50000000");
  });
});
