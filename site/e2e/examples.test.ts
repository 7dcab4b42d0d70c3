/**
 * The pages of examples/, served as their one command does. The console of Chromium and Firefox stays empty, but for
 * what Vite writes there. WebKit plays the AudioWorklet alone, but not after the other two have played, for a reason
 * that was not found: it is left out; its worklets are tested by site.test.ts and by test/browsers.
 */
import { fileURLToPath } from "node:url";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSoundDevice } from "./sound_device";
import { type Visitor, waitFor } from "./visit";
import { type Opened, VISITORS } from "./visitors";

let closeSoundDevice: () => void;
beforeAll(async () => {
  closeSoundDevice = await openSoundDevice();
});
afterAll(() => closeSoundDevice());

/** As `npx vite examples/NAME` does, anew for each visit. */
function serveExample(name: string): Promise<ViteDevServer> {
  const root = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  return createServer({ root, configFile: false, logLevel: "error" }).then((server) => server.listen());
}

const says = (page: Visitor, wanted: RegExp) =>
  waitFor(page, `${wanted}.test(document.querySelector("[role=status]").textContent)`);

describe.each(VISITORS)("in %s", (name, isHere, plays, open) => {
  let browser: Opened;
  beforeAll(async () => {
    if (isHere) browser = await open();
  });
  afterAll(() => browser?.close());
  const visit = async (example: string, program: (page: Visitor) => Promise<void>) => {
    const server = await serveExample(example);
    const page = await browser.visitor();
    await page.goto(server.resolvedUrls?.local[0] as string);
    await program(page);
    expect((await page.said()).filter((line) => !line.startsWith("debug: [vite]"))).toEqual([]);
    await page.close();
    await server.close();
  };

  it.skipIf(!isHere)("a worker reads a digit", () => visit("worker", (page) => says(page, /^after 8 rows: 9$/)));

  it.skipIf(!isHere || !plays || name === "WebKit")("an AudioWorklet plays, and stops", () =>
    visit("audio_worklet", async (page) => {
      await page.press("Play");
      await says(page, /^[1-9]\d* samples, [\d.]+ % of the time there is$/);
      await page.press("Stop");
      await says(page, /^stopped$/);
    }),
  );
});
