/** Which kernels run, and how to choose. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ArgumentError, NetworkError } from "../../src/errors";
import { configure, layers, runtime, sequential } from "../../src/index";
import { BUILDS, randomTensor } from "../support";

const baseline = readFileSync(new URL("../../build/baseline.wasm", import.meta.url));

afterEach(() => {
  vi.unstubAllGlobals();
  configure({});
});

describe("runtime", () => {
  it("tells what runs", () => {
    configure({ build: "baseline" });
    expect(runtime()).toMatchObject({ build: "baseline", threads: 1 });
    const { memory, used } = runtime();
    expect(used).toBeLessThanOrEqual(memory);
    configure({ build: "relaxed" });
    expect(runtime().build).toBe("relaxed");
  });

  it("prefers the relaxed build exactly where it fuses", () => {
    configure({});
    const { build, fusedMultiplyAdd } = runtime();
    expect(build).toBe(fusedMultiplyAdd ? "relaxed" : "baseline");
  });
});

describe("configure", () => {
  it("never takes one build for the other", async () => {
    vi.resetModules(); // a copy of the library that has compiled nothing yet
    vi.doMock("../../src/wasm/kernel_bytes", async (original) => {
      const real = await original<typeof import("../../src/wasm/kernel_bytes")>();
      return { ...real, kernelBytes: () => real.kernelBytes("relaxed") };
    });
    const mixedUp = await import("../../src/index");
    mixedUp.configure({ build: "baseline" });
    const run = () => mixedUp.layers.dense({ units: 1 }).apply([[1]]);
    expect(run).toThrow("recurra: expected the baseline build, got the relaxed one");
    vi.doUnmock("../../src/wasm/kernel_bytes");
  });

  it("lets models and layers go on with the same weights", () => {
    configure({ build: "baseline" });
    const m = sequential({ layers: [layers.lstm({ units: 9, inputShape: [null, 3] })] });
    const x = randomTensor([2, 5, 3], 1);
    const before = m.predict(x);
    configure({ build: "relaxed" });
    const relaxed = m.predict(x);
    relaxed.data.forEach((value, k) => {
      expect(value).toBeCloseTo(before.data[k]!, 6);
    });
    configure({ build: "baseline" });
    expect(m.predict(x)).toEqual(before);
  });

  it("takes kernels as bytes, as a module and from an address", async () => {
    configure({ build: "baseline" });
    const dense = layers.dense({ units: 3 });
    const wanted = dense.apply([[1, 2, 3]]);
    configure({ wasm: baseline });
    expect(runtime().build).toBe("custom");
    expect(dense.apply([[1, 2, 3]])).toEqual(wanted);
    configure({ wasm: new WebAssembly.Module(baseline) });
    expect(dense.apply([[1, 2, 3]])).toEqual(wanted);
    vi.stubGlobal("fetch", async (url: string) => {
      expect(url).toBe("https://example.org/baseline.wasm");
      return new Response(baseline);
    });
    configure({ build: "relaxed" });
    await configure({ wasm: "https://example.org/baseline.wasm" });
    expect(runtime().build).toBe("custom");
    await configure({ wasm: new URL("https://example.org/baseline.wasm") });
    expect(dense.apply([[1, 2, 3]])).toEqual(wanted);
  });

  it("refuses other builds, other modules and addresses without one, and runs on", async () => {
    configure({ build: "baseline" });
    expect(() => configure({ build: "fast" as never })).toThrow(ArgumentError);
    const misspelt = { tablebytes: 0 } as object;
    expect(() => configure(misspelt)).toThrow(
      "configure: expected options among build, wasm, tableBytes, got tablebytes",
    );
    expect(() => configure({ wasm: new Uint8Array([1, 2, 3]) })).toThrow("configure.wasm: expected the bytes");
    for (const none of [null, 7, {}, [1, 2]] as never[]) {
      expect(() => configure({ wasm: none })).toThrow("configure.wasm: expected the bytes");
    }
    const empty = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    expect(() => configure({ wasm: empty })).toThrow(
      'configure.wasm: expected a module of recurra/wasm/, got one without "memory"',
    );
    vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
    await expect(configure({ wasm: "https://example.org/none.wasm" })).rejects.toThrow(NetworkError);
    vi.stubGlobal("fetch", async () => new Response("<html>"));
    await expect(configure({ wasm: "https://example.org/none.wasm" })).rejects.toThrow(ArgumentError);
    expect(runtime().build).toBe("baseline");
  });
});

it("the tests run on both builds", () => {
  expect(BUILDS).toEqual(["baseline", "relaxed"]);
});
