/** The packed library in pages of Chromium, Firefox and WebKit. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Packed, packAndInstall, root } from "../package/packed";
import { BROWSERS, type Browser, LACKING, type Tab } from "./browser";
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
  // Comes with the type that servers give to files they do not know.
  copyFileSync(join(packed.installed, "dist/wasm/baseline.wasm"), join(out, "kernels.bin"));
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

  it.each(["plain", "isolated", "strict"] as const)("takes the kernels from a file, page %s", async (policy) => {
    const { type, counts } = (await open("outside", policy)) as { type: string | null; counts: number[] };
    expect(type).not.toBe("application/wasm");
    expect(counts).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("renders a minute of sound in an AudioWorklet, each sample that of the page", async () => {
    const { seconds, ...rest } = (await open("worklet", "strict")) as { seconds: number };
    console.log(`${browser.version}: 60 s of sound in ${seconds.toFixed(1)} s`);
    expect(rest).toEqual({ blocks: 22_500, gaps: 0, samples: 2_880_000, different: 0 });
    expect(seconds).toBeLessThan(60);
  });

  it("says what is wrong with kernels from elsewhere, and runs on with those that it has", async () => {
    // The browser writes to the console of a file that is missing.
    const { value, error } = await tab.open(addressOf("wrong_kernels", "plain"));
    expect(error).toBeUndefined();
    expect(value).toEqual({
      missing: expect.stringMatching(/^network: .*none\.wasm: expected an answer with status 200, got 404/),
      unreachable: expect.stringMatching(/^network: .*baseline\.wasm: expected a download, got /),
      page: expect.stringMatching(/^argument: configure\.wasm: expected the address of a file of recurra.wasm.*html/),
      cut: expect.stringMatching(/^argument: configure\.wasm: expected the address of a file of recurra.wasm/),
      another: expect.stringMatching(/^argument: configure\.wasm: expected a module of recurra.wasm.*"memory"/),
      bytes: expect.stringMatching(/^argument: configure\.wasm: expected the bytes of a file of recurra.wasm/),
      isAsBefore: true,
    });
  });

  it("says that a pool's workers have no script, or somebody else's", async () => {
    // The browser writes to the console of what it cannot load.
    const { value, error } = await tab.open(addressOf("no_workers", "plain"));
    expect(error).toBeUndefined();
    const dead = /^worker: .*, pool: expected a worker that lives, got ./;
    const unloaded = /^worker: .*, pool: expected a worker that lives, got .*recurra\/worker/;
    const foreign = /^worker: .*, pool: expected recurra\/worker as the workers' script, got /;
    expect(value).toEqual({
      missing: expect.stringMatching(unloaded),
      page: expect.stringMatching(unloaded),
      damaged: expect.stringMatching(dead),
      fails: expect.stringMatching(dead),
      echoes: expect.stringMatching(foreign),
      silent: expect.stringMatching(foreign),
      empty: expect.stringMatching(foreign),
    });
  });

  it("says what a page lacks that forbids WebAssembly", async () => {
    // The browser writes to the console of what it has forbidden, Firefox a moment later: this test is the last one.
    const { value, error } = await tab.open(addressOf("refused", "forbidding"));
    expect(error).toBeUndefined();
    for (const told of value as string[]) expect(told).toMatch(/^runtime: recurra: expected .*'wasm-unsafe-eval'/);
    expect(value).toHaveLength(5);
  });
});

describe.each(LACKING)("%s without %s", (_, lacks, start) => {
  const said = {
    SIMD: /^(runtime: recurra|argument: configure\.wasm): expected .*engine with (the )?SIMD/,
    WebAssembly: /^runtime: recurra: expected a platform with WebAssembly, got none/,
  }[lacks];

  it("says so", async () => {
    const browser = await start();
    try {
      const tab = await browser.tab();
      const { value, error, problems } = await tab.open(`${servers.get("plain")?.url}refused.html`);
      expect(error).toBeUndefined();
      expect(problems).toEqual([]);
      for (const told of value as string[]) expect(told).toMatch(said);
      expect(value).toHaveLength(5);
    } finally {
      await browser.close();
    }
  });
});
