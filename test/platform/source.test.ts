import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import * as browser from "../../src/platform/browser";
import * as node from "../../src/platform/node";

const bytes = Uint8Array.of(1, 2, 3, 4, 5);
const folder = mkdtempSync(join(tmpdir(), "source-"));
const path = join(folder, "model.keras");
writeFileSync(path, bytes);
writeFileSync(join(folder, "shard.bin"), bytes.subarray(3));
afterAll(() => rmSync(folder, { recursive: true }));

/** An answer in two pieces, to whatever address. */
function server(status = 200, headers: Record<string, string> = { "content-length": "5" }) {
  const asked: string[] = [];
  const answer = async (url: URL | RequestInfo) => {
    asked.push(String(url));
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 2));
        controller.enqueue(bytes.subarray(2));
        controller.close();
      },
    });
    return new Response(body, { status, statusText: status === 404 ? "Not Found" : "", headers });
  };
  return { asked, fetch: answer as typeof fetch };
}

describe.each([
  ["Node", node],
  ["a page", browser],
])("a source in %s", (_, { openSource }) => {
  it("may be bytes in any wrapping", async () => {
    const outer = Uint8Array.of(0, ...bytes).buffer;
    const shared = new Uint8Array(new SharedArrayBuffer(5));
    shared.set(bytes);
    for (const source of [bytes, new Uint8Array(outer, 1), bytes.buffer, new Blob([bytes]), shared, shared.buffer]) {
      const opened = await openSource(source as Uint8Array);
      expect(opened).toMatchObject({ name: "model", bytes });
      await expect(opened.sibling("a")).rejects.toThrow("model: expected a beside it, got bytes alone");
    }
    expect((await openSource(new File([bytes], "m.keras"))).name).toBe("m.keras");
  });

  it.each([3, null, {}, undefined])("is not %s", async (source) => {
    await expect(openSource(source as never)).rejects.toThrow("source: expected a path, a URL, a Blob or bytes, got");
    await expect(openSource(source as never)).rejects.toMatchObject({ code: "argument" });
  });

  it("may be an address, with others beside it", async () => {
    const { asked, fetch } = server();
    const onProgress = vi.fn();
    const opened = await openSource("https://example.org/a/model.json", { fetch, onProgress });
    expect([...opened.bytes]).toEqual([...bytes]);
    expect(onProgress.mock.calls).toEqual([
      [2, 5],
      [5, 5],
    ]);
    const besides = vi.fn();
    await opened.sibling("shard.bin", besides);
    expect(besides).toHaveBeenLastCalledWith(5, 5);
    expect(onProgress).toHaveBeenCalledTimes(2);
    expect(asked).toEqual(["https://example.org/a/model.json", "https://example.org/a/shard.bin"]);
    expect([...(await openSource("data:;base64,AQI=")).bytes]).toEqual([1, 2]);
  });

  it("does not know the total of a compressed answer", async () => {
    const onProgress = vi.fn();
    const { fetch } = server(200, { "content-length": "3", "content-encoding": "gzip" });
    await openSource(new URL("https://example.org/a"), { fetch, onProgress });
    expect(onProgress).toHaveBeenLastCalledWith(5, null);
  });

  it("fails with the reason", async () => {
    const missing = openSource("https://example.org/a", server(404));
    await expect(missing).rejects.toThrow(
      "https://example.org/a: expected an answer with status 200, got 404 Not Found",
    );
    await expect(missing).rejects.toMatchObject({ code: "network" });
    const offline = () => Promise.reject(new TypeError("fetch failed"));
    const act = openSource("https://example.org/a", { fetch: offline });
    await expect(act).rejects.toThrow("https://example.org/a: expected a download, got fetch failed");
    await expect(openSource("http://")).rejects.toThrow('source: expected an address, got "http://"');
  });

  it("keeps to a size, told or not", async () => {
    const { fetch } = server();
    const limited = (options: object) => openSource("https://example.org/a", { maxBytes: 4, ...options });
    await expect(limited({ fetch })).rejects.toThrow("https://example.org/a: expected at most 4 bytes, got 5");
    await expect(limited(server(200, {}))).rejects.toMatchObject({ code: "limit" });
    await expect(openSource(new Blob([bytes]), { maxBytes: 4 })).rejects.toMatchObject({ code: "limit" });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = () => controller.abort(reason);
    const options = { signal: controller.signal, onProgress, ...server() };
    await expect(openSource("https://example.org/a", options)).rejects.toBe(reason);
    await expect(openSource(bytes, options)).rejects.toBe(reason);
  });
});

describe("a path in Node", () => {
  it("is read with progress, with others beside it", async () => {
    const onProgress = vi.fn();
    const opened = await node.openSource(path, { onProgress });
    expect(opened).toMatchObject({ name: path, bytes });
    expect(onProgress.mock.calls).toEqual([[5, 5]]);
    expect([...(await opened.sibling("shard.bin"))]).toEqual([4, 5]);
    expect((await node.openSource(pathToFileURL(path))).bytes).toEqual(bytes);
    expect((await node.openSource(pathToFileURL(path).href)).bytes).toEqual(bytes);
  });

  it("fails with the reason", async () => {
    await expect(node.openSource("none.keras")).rejects.toThrow("none.keras: expected a file, got none there");
    await expect(node.openSource("none.keras")).rejects.toMatchObject({ code: "io" });
    await expect(node.openSource(folder)).rejects.toThrow(`${folder}: expected a file, got a folder`);
    await expect(node.openSource(path, { maxBytes: 2 })).rejects.toMatchObject({ code: "limit" });
    const signal = AbortSignal.abort("enough");
    await expect(node.openSource(path, { signal })).rejects.toBe("enough");
  });
});

it("a string in a page is relative to it", async () => {
  vi.stubGlobal("document", { baseURI: "https://example.org/app/" });
  const { asked, fetch } = server();
  await browser.openSource("models/a.keras", { fetch });
  vi.unstubAllGlobals();
  expect(asked).toEqual(["https://example.org/app/models/a.keras"]);
  await expect(browser.openSource("models/a.keras", { fetch })).rejects.toThrow("source: expected an address");
});
