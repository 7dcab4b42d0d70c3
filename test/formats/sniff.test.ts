import { describe, expect, it } from "vitest";
import { readModel } from "../../src/formats";
import { sniff } from "../../src/formats/sniff";
import { bytesOf, file, text } from "./support";

const kind = (bytes: Uint8Array) => sniff(bytes, "m.keras");

describe("sniff", () => {
  it("tells formats by their bytes", () => {
    expect(kind(file("../fixtures/models/sequential_lstm.keras"))).toBe("zip");
    expect(kind(file("files/keras_2_1.h5"))).toBe("hdf5");
    expect(kind(text('\n  {"format": "layers-model"}'))).toBe("json");
    expect(kind(bytesOf([0xbfbbef, 3], text("{}")))).toBe("json");
    expect(kind(bytesOf([2, 8], text("{}")))).toBe("safetensors");
    expect(kind(bytesOf([0x7b, 8], text("{".padEnd(0x7b))))).toBe("safetensors"); // a length that looks like a brace
    expect(kind(bytesOf([8, 1], [8, 1], [0x12, 1], [7, 1], text("pytorch")))).toBe("onnx");
    expect(kind(file("files/graph.onnx"))).toBe("onnx");
  });

  const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 134\n";
  it.each([
    ["nothing", "", "format", "m.keras: expected a model file, got an empty file"],
    ["a Git LFS pointer", lfs, "format", "m.keras: expected a model file, got a Git LFS pointer"],
    ["a web page", "<!DOCTYPE html><html></html>", "format", "m.keras: expected a model file, got a web page"],
    ["another web page", "\n <html>404</html>", "format", "got a web page; the address may be wrong"],
    ["a pickle", "\x80\x04\x95", "unsupported", "got a pickle, which could run code"],
    ["a gzip file", "\x1f\x8b\x08", "unsupported", "m.keras: expected the file unpacked, got a gzip file"],
    ["a TensorFlow Lite model", "\x1c\0\0\0TFL3", "unsupported", "got a TensorFlow Lite model"],
    ["an empty archive", "PK\x05\x06", "unsupported", "m.keras: expected a model, got an empty zip archive"],
    ["other bytes", "MZ\x90\0", "format", "got bytes that begin 4d 5a 90 00"],
  ])("refuses %s", async (_, start, code, message) => {
    const bytes = Uint8Array.from(start, (c) => c.charCodeAt(0));
    await expect(readModel(bytes, { name: "m.keras" })).rejects.toThrow(message);
    await expect(readModel(bytes, { name: "m.keras" })).rejects.toMatchObject({ code });
  });
});
