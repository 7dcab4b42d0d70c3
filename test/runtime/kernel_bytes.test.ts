/** The kernels that the JavaScript carries as text. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toPrintable } from "../../scripts/printable.mjs";
import { TEAM } from "../../src/wasm/binary_team";
import { BUILD_NAMES } from "../../src/wasm/builds";
import { kernelBytes } from "../../src/wasm/kernel_bytes";
import { kernelBytes as inNode, joinsVectors } from "../../src/wasm/kernel_bytes_node";
import { fromPrintable } from "../../src/wasm/printable";

const compiled = (name: string) => new Uint8Array(readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url)));

describe("bytes as text", () => {
  it("come back, each of them and none", () => {
    const all = Uint8Array.from({ length: 512 }, (_, k) => (k < 256 ? k : 511 - k));
    expect(fromPrintable(toPrintable(all))).toEqual(all);
    expect(fromPrintable("")).toEqual(new Uint8Array(0));
  });

  it("need no escape in any quotes", () => {
    const text = toPrintable(Uint8Array.from({ length: 256 }, (_, k) => k));
    expect(text).toMatch(/^[ !#-[\]-~]+$/);
  });

  it.each(BUILD_NAMES)("are those of the %s build", (build) => {
    expect(kernelBytes(build)).toEqual(compiled(build));
    expect(new Uint8Array(inNode(build))).toEqual(compiled(build));
  });

  it("tell what the wide build needs, and nobody asked for it", () => {
    expect(() => kernelBytes("wide")).toThrow("configure.build: expected Node 24 or later for wide, got another");
    expect(joinsVectors()).toBe(false);
  });

  it("are those of the kernels for threads", () => {
    expect(fromPrintable(TEAM)).toEqual(compiled("team"));
  });
});
