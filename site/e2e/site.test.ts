/** The playground in a real browser, from end to end; the console stays empty throughout. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import heldOut from "../../examples/digits/held_out.json";
import keras from "../../examples/digits/keras_outputs.json";
import { browserPath, openBrowser, serve } from "../scripts/page.mjs";
import { drop, press, textOf, typeNumbers, visit, waitForText } from "./visit";

const CLOSE = 1e-5; // float32 against Keras' float32
const model = readFileSync(new URL("../../examples/digits/digits_lstm.keras", import.meta.url));
const silero = new URL("../../../shared/models/silero-vad/silero_vad_16k_op15.onnx", import.meta.url);
const axe = createRequire(import.meta.url).resolve("axe-core");
const image = (k: number) => {
  const pixels = [...(heldOut.pixels[k] as string)].map((letter) => Number.parseInt(letter, 17));
  return Array.from({ length: 8 }, (_, row) => pixels.slice(8 * row, 8 * row + 8));
};

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

describe.skipIf(!browserPath("chrome"))("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser("chrome");
  });
  afterAll(() => browser.close());

  it("opens a dropped file and says what Keras says", async () => {
    const { page, said } = await visit(browser, server.address, "model");
    await page.waitForSelector("[data-testid=output-0]");
    await press(page, "Translator encoder–decoder, drawn by the layer API");
    await waitForText(page, "params", /^(?!11,434)/);
    await drop(page, "dropped.keras", model);
    await page.waitForFunction(() => document.querySelector(".headline dd")?.textContent === "dropped.keras");
    expect(await textOf(page, "params")).toBe("11,434");
    const before = await textOf(page, "output-0");
    await typeNumbers(page, image(3));
    await page.waitForFunction(
      (old) => document.querySelector("[data-testid=output-0]")?.textContent !== old,
      {},
      before,
    );
    const got: number[] = JSON.parse(await textOf(page, "output-0"));
    got.forEach((value, k) => {
      expect(Math.abs(value - (keras.data[30 + k] as number))).toBeLessThan(CLOSE);
    });
    expect(await page.$$eval(".heat canvas", (list) => list.length)).toBe(8); // input, mind, h, c, four gates
    expect(await page.$$eval(".graph .box", (list) => list.length)).toBe(5);
    expect(said).toEqual([]);
    await page.close();
  });

  it("refuses what is no model, in words", async () => {
    const { page, said } = await visit(browser, server.address, "model");
    await page.waitForSelector("[data-testid=output-0]");
    await drop(page, "letter.txt", new TextEncoder().encode("Dear network"));
    await page.waitForSelector("[role=alert]");
    expect(await page.$eval("[role=alert]", (element) => element.textContent)).toMatch(/letter\.txt: expected/);
    expect(said).toEqual([]);
    await page.close();
  });

  it("reads digits that are shown and digits that are drawn", async () => {
    const { page, said } = await visit(browser, server.address, "digits");
    await press(page, "Show one it never saw");
    await page.waitForSelector("[data-testid=verdict][data-done=true]");
    expect(await textOf(page, "verdict")).toBe(String(heldOut.labels[5]));
    await press(page, "Clear");
    const box = await (await page.$(".pad"))?.boundingBox();
    if (!box) throw new Error("no pad to draw on");
    const at = (angle: number) =>
      [
        box.x + box.width * (0.5 + 0.24 * Math.sin(angle)),
        box.y + box.height * (0.5 - 0.36 * Math.cos(angle)),
      ] as const;
    await page.mouse.move(...at(0));
    await page.mouse.down();
    for (let k = 1; k <= 24; k++) await page.mouse.move(...at((k / 24) * 2 * Math.PI));
    await page.mouse.up();
    await waitForText(page, "verdict", "0");
    expect(said).toEqual([]);
    await page.close();
  });

  it("writes letter by letter", async () => {
    const { page, said } = await visit(browser, server.address, "rhymes");
    await page.waitForSelector("[data-testid=write]:not([disabled])");
    await page.$eval("input[type=range]", (slider) => {
      (slider as HTMLInputElement).value = "0.1";
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.click("[data-testid=write]");
    await waitForText(page, "written", "Twinkle, twinkle, little star,\nHow I wonder what you are!");
    await press(page, "Stop");
    expect(said).toEqual([]);
    await page.close();
  });

  it("hears the keys of a telephone in the audio thread", async () => {
    const { page, said } = await visit(browser, server.address, "sound");
    await press(page, "Listen to the keys");
    await page.waitForSelector("[data-testid=step-time]");
    for (const [k, key] of [..."190#"].entries()) {
      await press(page, `Key ${key}`);
      await waitForText(page, "heard", `^.{${k}}[${key}]`);
      await new Promise((done) => setTimeout(done, 400));
    }
    expect(await textOf(page, "heard")).toBe("190#");
    expect(said).toEqual([]);
    await page.close();
  });

  it.skipIf(!existsSync(silero))("listens to the microphone with Silero VAD, when somebody brings it", async () => {
    const { page, said } = await visit(browser, server.address, "sound");
    await drop(page, "silero_vad.onnx", readFileSync(silero));
    await page.waitForSelector("[data-testid=speech]");
    await press(page, "Use the microphone");
    await waitForText(page, "speech", "^[0-9]+ %$");
    expect(said).toEqual([]);
    await page.close();
  });

  it("races, and every answer is right", async () => {
    const { page, said } = await visit(browser, server.address, "race");
    await press(page, "Start the short race");
    await page.waitForSelector("[data-testid=race-done]", { timeout: 110_000 });
    const cells = await page.$$eval("[data-testid=race-table] td", (list) =>
      list.map((cell) => cell.textContent ?? ""),
    );
    expect(cells.length).toBe(21);
    expect(cells.filter((cell) => !/^[\d.]+ (µs|ms|s)/.test(cell))).toEqual([]);
    expect(said).toEqual([]);
    await page.close();
  });

  it.each(["model", "digits", "rhymes", "sound", "race"])(
    "has no fault that axe finds, light and dark: %s",
    async (view) => {
      const { page } = await visit(browser, server.address, view);
      if (view === "model") await page.waitForSelector("[data-testid=output-0]");
      if (view === "digits") await page.waitForSelector("[data-testid=verdict][data-done=true]");
      await page.addScriptTag({ path: axe });
      for (const value of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        await new Promise((done) => setTimeout(done, 300)); // colours fade
        const faults = await page.evaluate(async () => {
          const { violations } = await (
            window as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            }
          ).axe.run();
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" · ")}`);
        });
        expect(faults).toEqual([]);
      }
      await page.close();
    },
  );
});

describe.skipIf(!browserPath("firefox"))("in Firefox", () => {
  it("opens a model and reads a digit", async () => {
    const browser = await openBrowser("firefox");
    try {
      const { page, said } = await visit(browser, server.address, "model");
      await page.waitForSelector("[data-testid=output-0]");
      await typeNumbers(page, image(3));
      await waitForText(page, "output-0", `^\\[${(keras.data[30] as number).toPrecision(2).slice(0, 3)}`);
      await page.goto(`${server.address}#/digits`);
      await page.waitForSelector("[data-testid=verdict][data-done=true]");
      expect(await textOf(page, "verdict")).toBe(String(heldOut.labels[4]));
      expect(said).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
