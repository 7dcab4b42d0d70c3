/** Visitors with Chromium, Firefox and WebKit. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "puppeteer-core";
import type { Plugin } from "vite";
import { openSession } from "../../test/browsers/webdriver";
import { browserPath, inPath, openBrowser } from "../scripts/page.mjs";
import { hasSoundDevice } from "./sound_device";
import { type Visitor, waitFor } from "./visit";

/** A page of the browser that puppeteer drives. */
export async function withPuppeteer(browser: Browser): Promise<Visitor & { readonly page: Page }> {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("requestfailed", (request) => said.push(`failed: ${request.url()}`));
  await page.setViewport({ width: 1280, height: 900 });
  return {
    page,
    goto: async (url) => void (await page.goto(url)),
    evaluate: (expression) => page.evaluate(expression),
    press: (name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click(),
    async draw([first, ...others]) {
      if (!first) return;
      await page.mouse.move(...first);
      await page.mouse.down();
      for (const point of others) await page.mouse.move(...point);
      await page.mouse.up();
    },
    async paste() {
      await page.keyboard.down("Control");
      await page.keyboard.press("v", { commands: ["Paste"] });
      await page.keyboard.up("Control");
    },
    said: async () => said,
    close: () => page.close(),
  };
}

/** Served beside the page: the same, with its console listened to from its first line on. WebDriver tells nothing. */
export const watched: Plugin = {
  name: "watched",
  configurePreviewServer({ middlewares }) {
    const listen = `<script>
      window.said = [];
      for (const name of ["log", "info", "debug", "warn", "error"])
        console[name] = (...values) => said.push(name + ": " + values.join(" "));
      addEventListener("error", ({ message, target }) => said.push("error: " + (message ?? target.src)), true);
      addEventListener("unhandledrejection", ({ reason }) => said.push("rejected: " + reason));
    </script>`;
    middlewares.use("/watched.html", (_, response) => {
      const page = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");
      response.setHeader("Content-Type", "text/html").end(page.replace("<head>", `<head>${listen}`));
    });
  },
};

/** The one page of WebKit. */
async function withWebDriver(driver: string): Promise<Opened> {
  const session = await openSession(driver, {}, ["enable-media-stream=true", "enable-mock-capture-devices=true"]);
  const visitor: Visitor = {
    goto: (url) => session.goto(url.replace("#", "watched.html#")),
    evaluate: session.evaluate,
    async press(name) {
      const said = `(button.getAttribute("aria-label") ?? button.textContent).replace(/\\s/g, "")`;
      const wanted = JSON.stringify(name.replace(/\s/g, ""));
      const button = `[...document.querySelectorAll("button:enabled")].find((button) => ${said} === ${wanted})`;
      await waitFor(visitor, button);
      await session.click(button);
    },
    draw: session.draw,
    paste: session.paste,
    said: async () => (await session.evaluate("window.said ?? []")) as string[],
    close: () => session.goto("about:blank"),
  };
  return { visitor: async () => visitor, close: session.close };
}

/** A browser that is open. */
export interface Opened {
  visitor(): Promise<Visitor>;
  close(): Promise<void>;
}

const byPuppeteer = (name: "chrome" | "firefox") => async (): Promise<Opened> => {
  const browser = await openBrowser(name);
  return { visitor: () => withPuppeteer(browser), close: () => browser.close() };
};

const driver = inPath(["WebKitWebDriver"]);

/** Browser, whether it is installed, whether it plays sound here, and how to open it. */
export const VISITORS: readonly (readonly [
  name: string,
  isHere: boolean,
  plays: boolean,
  open: () => Promise<Opened>,
])[] = [
  ["Chromium", Boolean(browserPath("chrome")), true, byPuppeteer("chrome")],
  ["Firefox", Boolean(browserPath("firefox")), hasSoundDevice, byPuppeteer("firefox")],
  ["WebKit", Boolean(driver), hasSoundDevice, () => withWebDriver(driver as string)],
];
