/**
 * Pictures of each view, light and dark, wide and as wide as a phone, in site/screenshots (or the folder given).
 * Usage: npm run site:screenshots -- [folder] [view…]
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openBrowser, serve } from "./page.mjs";

const [folder = "screenshots", ...only] = process.argv.slice(2);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const press = (page, name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();

/** What is done on a view before its picture is taken. */
const VIEWS = {
  model: async (page) => {
    await page.waitForSelector("[data-testid=output-0]");
    await page.waitForSelector(".plot svg");
  },
  digits: async (page) => {
    await page.waitForSelector("[data-testid=verdict]");
    await pause(1500);
  },
  rhymes: async (page) => {
    await page.waitForSelector("[data-testid=write]:not([disabled])");
    await page.click("[data-testid=write]");
    await page.waitForFunction(() => document.querySelector("[data-testid=written]")?.textContent.length > 260);
    await press(page, "Stop");
  },
  sound: async (page) => {
    await press(page, "Listen to the keys");
    await page.waitForSelector("[data-testid=step-time]");
    for (const key of ["1", "5", "9", "0"]) {
      await press(page, `Key ${key}`);
      await pause(320);
    }
    await pause(500);
  },
  race: async (page) => {
    await press(page, "Start the short race");
    await page.waitForSelector("[data-testid=race-done]", { timeout: 120_000 });
  },
};

const SIZES = {
  wide: { width: 1280, height: 900 },
  phone: { width: 390, height: 844, deviceScaleFactor: 2 },
};

mkdirSync(folder, { recursive: true });
const server = await serve();
const browser = await openBrowser();
try {
  for (const [view, prepare] of Object.entries(VIEWS)) {
    if (only.length > 0 && !only.includes(view)) continue;
    const page = await browser.newPage();
    page.on("console", (message) => console.log(`${view}: ${message.type()} ${message.text()}`));
    page.on("pageerror", (error) => console.log(`${view}: ${error}`));
    await page.setViewport(SIZES.wide);
    await page.goto(`${server.address}#/${view}`);
    await prepare(page);
    for (const theme of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewport(viewport);
        await pause(500);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) console.log(`${view}, ${size}: ${wide} pixels too wide`);
        await page.screenshot({ path: join(folder, `${view}-${theme}-${size}.png`), fullPage: true });
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
