/**
 * The playground in Chromium, Firefox and WebKit, from end to end; what axe finds, in Chromium. Microphones are those
 * that each browser has for tests; Firefox and WebKit play sound where PulseAudio is installed. The console is empty.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import heldOut from "../../examples/digits/held_out.json";
import keras from "../../examples/digits/keras_outputs.json";
import { browserPath, openBrowser, serve } from "../scripts/page.mjs";
import { openSoundDevice } from "./sound_device";
import {
  clipboardOf,
  count,
  drawCircle,
  drop,
  textOf,
  typeNumbers,
  type Visitor,
  waitFor,
  waitForSelector,
  waitForText,
} from "./visit";
import { type Opened, VISITORS, watched, withPuppeteer } from "./visitors";

const CLOSE = 1e-5; // float32 against Keras' float32
const model = readFileSync(new URL("../../examples/digits/digits_lstm.keras", import.meta.url));
const silero = new URL("../../../shared/models/silero-vad/silero_vad_16k_op15.onnx", import.meta.url);
const axe = createRequire(import.meta.url).resolve("axe-core");
const image = (k: number) => {
  const pixels = [...(heldOut.pixels[k] as string)].map((letter) => Number.parseInt(letter, 17));
  return Array.from({ length: 8 }, (_, row) => pixels.slice(8 * row, 8 * row + 8));
};

let server: Awaited<ReturnType<typeof serve>>;
let closeSoundDevice: () => void;
beforeAll(async () => {
  closeSoundDevice = await openSoundDevice();
  server = await serve([watched]);
});
afterAll(async () => {
  await server.close();
  closeSoundDevice();
});

/** Opens a view; ends with nothing said. */
async function visiting<V extends Visitor>(page: V, view: string, visit: (page: V) => Promise<void>): Promise<void> {
  await page.goto(`${server.address}#/${view}`);
  await visit(page);
  expect(await page.said()).toEqual([]);
  await page.close();
}

describe.each(VISITORS)("in %s", (_, isHere, plays, open) => {
  let browser: Opened;
  beforeAll(async () => {
    if (isHere) browser = await open();
  });
  afterAll(() => browser?.close());
  const visit = async (view: string, program: (page: Visitor) => Promise<void>) =>
    visiting(await browser.visitor(), view, program);

  it.skipIf(!isHere)("opens a dropped file and says what Keras says", () =>
    visit("model", async (page) => {
      await waitForSelector(page, "[data-testid=output-0]");
      await page.press("Translator encoder–decoder, drawn by the layer API");
      await waitForText(page, "params", /^(?!11,434)/);
      await drop(page, "dropped.keras", model);
      await waitFor(page, 'document.querySelector(".headline dd")?.textContent === "dropped.keras"');
      expect(await textOf(page, "params")).toBe("11,434");
      await waitForSelector(page, "[data-testid=output-0]"); // drawn anew with the model
      const before = await textOf(page, "output-0");
      await typeNumbers(page, image(3));
      const shown = 'document.querySelector("[data-testid=output-0]")?.textContent';
      await waitFor(page, `![undefined, ${JSON.stringify(before)}].includes(${shown})`);
      const got: number[] = JSON.parse(await textOf(page, "output-0"));
      expect(got).toHaveLength(10);
      got.forEach((value, k) => {
        expect(Math.abs(value - (keras.data[30 + k] as number))).toBeLessThan(CLOSE);
      });
      expect(await count(page, ".heat canvas")).toBe(8); // input, mind, h, c, four gates
      expect(await count(page, ".graph .box")).toBe(5);
    }),
  );

  it.skipIf(!isHere)("refuses what is no model, in words", () =>
    visit("model", async (page) => {
      await waitForSelector(page, "[data-testid=output-0]");
      await drop(page, "letter.txt", new TextEncoder().encode("Dear network"));
      await waitForSelector(page, "[role=alert]");
      const said = await page.evaluate('document.querySelector("[role=alert]").textContent');
      expect(said).toMatch(/letter\.txt: expected/);
    }),
  );

  it.skipIf(!isHere)("reads digits that are shown and digits that are drawn", () =>
    visit("digits", async (page) => {
      await waitForSelector(page, "[data-testid=verdict][data-done=true]");
      await page.press("Show one it never saw");
      await waitForText(page, "verdict", `^${heldOut.labels[5]}$`);
      await page.press("Clear");
      await drawCircle(page);
      await waitForText(page, "verdict", "^0$");
    }),
  );

  it.skipIf(!isHere)("writes letter by letter", () =>
    visit("rhymes", async (page) => {
      await waitForSelector(page, "[data-testid=write]:not([disabled])");
      await page.evaluate(`(() => {
        const slider = document.querySelector("input[type=range]");
        slider.value = "0.1";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      })()`);
      await page.press("Write");
      await waitForText(page, "written", "Twinkle, twinkle, little star,\nHow I wonder what you are!");
      await page.press("Stop");
    }),
  );

  it.skipIf(!isHere)("races, and every answer is right", () =>
    visit("race", async (page) => {
      await page.press("Start the short race");
      await waitForSelector(page, "[data-testid=race-done]", 110_000);
      const cells = (await page.evaluate(
        '[...document.querySelectorAll("[data-testid=race-table] td")].map((cell) => cell.textContent)',
      )) as string[];
      expect(cells.length).toBe(21);
      expect(cells.filter((cell) => !/^[\d.]+ (µs|ms|s)/.test(cell))).toEqual([]);

      await page.press("Copy the results");
      await waitForText(page, "race-step", "in the clipboard");
      const copied = await clipboardOf(page);
      const lines = copied.split("\n");
      expect(lines[0]).toBe("| | recurra | onnxruntime-web | TensorFlow.js wasm |");
      const numbers = lines.slice(2, 9).flatMap((line) => line.split(" | ").slice(1));
      cells.forEach((cell, k) => {
        expect(cell.startsWith((numbers[k] as string).replace(" |", ""))).toBe(true);
      });
      expect(lines.at(-1)).toContain(await page.evaluate("navigator.userAgent"));
      expect(lines.at(-1)).toMatch(/, (relaxed|baseline) build, \d{4}-\d{2}-\d{2}$/);

      // As on a page without https.
      await page.evaluate('void Object.defineProperty(navigator, "clipboard", { value: undefined })');
      await page.press("Copied");
      await waitForSelector(page, "[data-testid=race-text]");
      expect(await page.evaluate('document.querySelector("[data-testid=race-text]").value')).toBe(copied);
    }),
  );

  it.skipIf(!isHere || !plays)("hears the keys of a telephone in the audio thread", () =>
    visit("sound", async (page) => {
      await page.press("Listen to the keys");
      await waitForSelector(page, "[data-testid=step-time]");
      for (const [k, key] of [..."190#"].entries()) {
        await page.press(`Key ${key}`);
        await waitForText(page, "heard", `^.{${k}}[${key}]`);
        await new Promise((done) => setTimeout(done, 400));
      }
      expect(await textOf(page, "heard")).toBe("190#");
    }),
  );

  it.skipIf(!isHere || !plays)("listens to the microphone", () =>
    visit("sound", async (page) => {
      await page.press("Use the microphone");
      await waitFor(page, 'document.querySelector("meter").value > 0.01');
      expect(await count(page, "[role=alert]")).toBe(0);
    }),
  );

  it.skipIf(!isHere || !plays || !existsSync(silero))("listens with Silero VAD, when somebody brings it", () =>
    visit("sound", async (page) => {
      await drop(page, "silero_vad.onnx", readFileSync(silero));
      await waitForSelector(page, "[data-testid=speech]");
      await page.press("Use the microphone");
      await waitForText(page, "speech", "^[0-9]+ %$");
    }),
  );
});

describe.skipIf(!browserPath("chrome"))("in Chromium alone", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser("chrome");
  });
  afterAll(() => browser.close());
  const visit = async (
    view: string,
    program: Parameters<typeof visiting<Awaited<ReturnType<typeof withPuppeteer>>>>[2],
  ) => visiting(await withPuppeteer(browser), view, program);

  it.each(["model", "digits", "rhymes", "sound", "race"])("has no fault that axe finds, light and dark: %s", (view) =>
    visit(view, async ({ page, ...visitor }) => {
      if (view === "model") await waitForSelector(visitor, "[data-testid=output-0]");
      if (view === "digits") await waitForSelector(visitor, "[data-testid=verdict][data-done=true]");
      await page.addScriptTag({ path: axe });
      for (const value of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        await new Promise((done) => setTimeout(done, 300)); // colours fade
        const faults = await visitor.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
          id + ": " + nodes.map(({ html }) => html.slice(0, 160)).join(" · ")))`);
        expect(faults).toEqual([]);
      }
    }),
  );
});
