/** A visit to the built page, and what was said to its console. */

import type { Browser, Page } from "puppeteer-core";

export interface Visit {
  readonly page: Page;
  /** Everything that reached the console, and every error that nobody caught. */
  readonly said: string[];
}

/** Opens a view; whatever the console gets is kept. */
export async function visit(browser: Browser, address: string, view: string): Promise<Visit> {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("requestfailed", (request) => said.push(`failed: ${request.url()}`));
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${address}#/${view}`);
  return { page, said };
}

/** Clicks the button with this name, as a screen reader says it. */
export const press = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();

export const textOf = (page: Page, id: string) =>
  page.$eval(`[data-testid="${id}"]`, (element) => element.textContent ?? "");

export const waitForText = (page: Page, id: string, wanted: string | RegExp) =>
  page.waitForFunction(
    (selector, source) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ""),
    { timeout: 60_000 },
    `[data-testid="${id}"]`,
    wanted instanceof RegExp ? wanted.source : wanted,
  );

/** Drops a file where files are dropped. */
export async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const text = Buffer.from(bytes).toString("base64");
  await page.$eval(
    ".drop",
    (zone, fileName, base64) => {
      const transfer = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([content], fileName));
      zone.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    },
    name,
    text,
  );
}

/** Types into the field where numbers are edited by hand. */
export async function typeNumbers(page: Page, values: unknown): Promise<void> {
  await page.$eval(
    "textarea",
    (field, text) => {
      (field as HTMLTextAreaElement).value = text;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    JSON.stringify(values),
  );
}
