/** The packed library in pages of Chromium, Firefox and WebKit. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Packed, packAndInstall, root } from "../package/packed";
import { BROWSERS, type Browser, type Tab } from "./browser";
import { buildPages, POLICIES, type Policy, serve } from "./site";

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
    console.log(browser.version);
    tab = await browser.tab();
  });
  afterAll(() => browser?.close());

  /** What the page's program gave; nothing else may have happened. */
  async function open(page: string, policy: Policy): Promise<unknown> {
    const { value, error, problems } = await tab.open(`${servers.get(policy)?.url}${page}.html`);
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
});
