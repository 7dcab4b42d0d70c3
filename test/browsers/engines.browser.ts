/** The packed library in pages of Chromium, Firefox and WebKit. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Packed, packAndInstall, root } from "../package/packed";
import { BROWSERS, type Browser, type Tab } from "./browser";
import { buildPages, POLICIES, type Policy, serve } from "./site";
import type { Counts } from "./suite/vitest";

/** Keras' float32 against ours. */
const KERAS_TOLERANCE = 1e-5;

let packed: Packed;
let out: string;
const servers = new Map<Policy, Awaited<ReturnType<typeof serve>>>();
beforeAll(async () => {
  packed = packAndInstall();
  out = mkdtempSync(join(packed.project, "pages-"));
  await buildPages(packed.project, out);
  for (const policy of Object.keys(POLICIES) as Policy[]) servers.set(policy, await serve(out, policy));
});
afterAll(async () => {
  for (const server of servers.values()) await server.close();
  rmSync(packed.project, { recursive: true, force: true });
});

describe.each(Object.entries(BROWSERS))("%s", (_, start) => {
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    browser = await start();
    tab = await browser.tab();
  });
  afterAll(() => browser?.close());

  const addressOf = (page: string, policy: Policy) => `${servers.get(policy)?.url}${page}.html`;

  /** What the page's program gave; nothing else may have happened. */
  async function open(page: string, policy: Policy): Promise<unknown> {
    const { value, error, problems } = await tab.open(addressOf(page, policy));
    expect(error).toBeUndefined();
    expect(problems).toEqual([]);
    return value;
  }

  it("gives the bits that every engine gives", async () => {
    const golden = JSON.parse(readFileSync(join(root, "test/engines/golden.json"), "utf8"));
    const got = (await open("hashes", "plain")) as Record<string, string>;
    expect({ ...golden, ...got }).toEqual(golden);
    expect(got.baseline).toBe(golden.baseline);
  });

  it("passes the tests and vectors of layers, models and files", async () => {
    const { passed, skipped, failures } = (await open("suite", "plain")) as Counts;
    console.log(`${browser.version}: ${passed} passed, ${skipped} skipped`);
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(1000);
  });

  it.each(["plain", "isolated", "strict"] as const)("shares work among threads, page %s", async (policy) => {
    expect(await open("pool", policy)).toEqual({ threads: 2, different: 0 });
    const isIsolated = await tab.evaluate("globalThis.crossOriginIsolated === true");
    expect(isIsolated).toBe(policy === "isolated");
  });

  it.each(["plain", "strict"] as const)("loads a file by its address and as a File, page %s", async (policy) => {
    const { worst, missing } = (await open("load", policy)) as { worst: Record<string, number>; missing: number };
    for (const difference of Object.values(worst)) expect(difference).toBeLessThan(KERAS_TOLERANCE);
    expect(Object.keys(worst)).toHaveLength(2);
    expect(missing).toBe(0);
  });

  it("steps a stream in a worker, as predict does", async () => {
    expect(await open("worker", "strict")).toMatchObject({ different: 0 });
  });

  it("says what a page lacks that forbids WebAssembly", async () => {
    // The browser may write to the console of what it has forbidden.
    const { value, error } = await tab.open(addressOf("refused", "forbidding"));
    expect(error).toBeUndefined();
    for (const told of value as string[]) expect(told).toMatch(/^runtime: recurra: expected .*'wasm-unsafe-eval'/);
    expect(value).toHaveLength(3);
  });

  it("renders a minute of sound in an AudioWorklet, each sample that of the page", async () => {
    const { seconds, ...rest } = (await open("worklet", "strict")) as { seconds: number };
    console.log(`${browser.version}: 60 s of sound in ${seconds.toFixed(1)} s`);
    expect(rest).toEqual({ blocks: 22_500, gaps: 0, samples: 2_880_000, different: 0 });
    expect(seconds).toBeLessThan(60);
  });
});
