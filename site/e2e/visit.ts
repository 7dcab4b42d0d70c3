/** A visit to the built page, the same in all browsers. */

/** What a browser does for a visitor. */
export interface Visitor {
  goto(url: string): Promise<void>;
  /** Runs an expression in the page; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks the button with this name, as a screen reader says it. */
  press(name: string): Promise<void>;
  /** Draws one stroke over the page, in pixels. */
  draw(points: readonly (readonly [x: number, y: number])[]): Promise<void>;
  /** Presses what pastes. */
  paste(): Promise<void>;
  /** Everything that reached the console, and every error that nobody caught. */
  said(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const PATIENCE = 60_000;
const json = JSON.stringify;
const element = (id: string) => json(`[data-testid="${id}"]`);

/** Waits until an expression is true in the page. */
export async function waitFor(page: Visitor, expression: string, patience = PATIENCE): Promise<void> {
  for (const start = Date.now(); !(await page.evaluate(`Boolean(${expression})`)); ) {
    if (Date.now() - start > patience) throw new Error(`expected ${expression} within ${patience} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export const waitForSelector = (page: Visitor, selector: string, patience?: number) =>
  waitFor(page, `document.querySelector(${json(selector)})`, patience);

export const waitForText = (page: Visitor, id: string, wanted: string | RegExp) => {
  const source = wanted instanceof RegExp ? wanted.source : wanted;
  return waitFor(page, `new RegExp(${json(source)}).test(document.querySelector(${element(id)})?.textContent ?? "")`);
};

export const textOf = async (page: Visitor, id: string) =>
  String(await page.evaluate(`document.querySelector(${element(id)}).textContent`));

export const count = async (page: Visitor, selector: string) =>
  Number(await page.evaluate(`document.querySelectorAll(${json(selector)}).length`));

/** Drops a file where files are dropped. */
export async function drop(page: Visitor, name: string, bytes: Uint8Array): Promise<void> {
  const text = Buffer.from(bytes).toString("base64");
  await page.evaluate(`(() => {
    const transfer = new DataTransfer();
    const content = Uint8Array.from(atob(${json(text)}), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([content], ${json(name)}));
    const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector(".drop").dispatchEvent(event);
  })()`);
}

/** Types into the field where numbers are edited by hand. */
export async function typeNumbers(page: Visitor, values: unknown): Promise<void> {
  await page.evaluate(`(() => {
    const field = document.querySelector("textarea");
    field.value = ${json(json(values))};
    field.dispatchEvent(new Event("change", { bubbles: true }));
  })()`);
}

/** What is in the clipboard: no browser lets a page read it unasked, so it is pasted into a field. */
export async function clipboardOf(page: Visitor): Promise<string> {
  await page.evaluate(`(() => {
    const field = document.createElement("textarea");
    field.dataset.testid = "pasted";
    field.style.position = "fixed"; // the page stays where it is scrolled to
    document.body.prepend(field);
    field.focus();
  })()`);
  await page.paste();
  const value = `document.querySelector(${element("pasted")}).value`;
  await waitFor(page, value);
  const held = String(await page.evaluate(value));
  await page.evaluate(`document.querySelector(${element("pasted")}).remove()`);
  return held;
}

/** Draws a circle on the pad, clockwise from its top. */
export async function drawCircle(page: Visitor): Promise<void> {
  const box = (await page.evaluate(`(() => {
    const pad = document.querySelector(".pad");
    pad.scrollIntoView({ block: "center" });
    const { x, y, width, height } = pad.getBoundingClientRect();
    return { x, y, width, height };
  })()`)) as { x: number; y: number; width: number; height: number };
  const points = Array.from({ length: 25 }, (_, k) => {
    const angle = (k / 24) * 2 * Math.PI;
    return [
      box.x + box.width * (0.5 + 0.24 * Math.sin(angle)),
      box.y + box.height * (0.5 - 0.36 * Math.cos(angle)),
    ] as const;
  });
  await page.draw(points);
}
