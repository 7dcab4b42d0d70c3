/** Chromium and Firefox without a window, by puppeteer. */
import { launch } from "puppeteer-core";
import type { Browser, Tab } from "./browser";
import { OUTCOME, outcomeOf } from "./outcome";

interface Options {
  readonly args?: string[];
  readonly extraPrefsFirefox?: Record<string, unknown>;
}

const OPTIONS: Readonly<Record<"chrome" | "firefox", Options>> = {
  chrome: { args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] },
  // Firefox asks whether a page that computes for long shall be stopped.
  firefox: { extraPrefsFirefox: { "dom.max_script_run_time": 0 } },
};

export async function withPuppeteer(
  browser: "chrome" | "firefox",
  executablePath: string,
  more: Options = {},
): Promise<Browser> {
  const { args = [], extraPrefsFirefox } = OPTIONS[browser];
  const driven = await launch({
    browser,
    executablePath,
    headless: true,
    protocolTimeout: 300_000,
    args: [...args, ...(more.args ?? [])],
    extraPrefsFirefox: { ...extraPrefsFirefox, ...more.extraPrefsFirefox },
  });
  return {
    version: await driven.version(),
    tab: async () => tab(await driven.newPage()),
    close: () => driven.close(),
  };
}

function tab(page: Awaited<ReturnType<Awaited<ReturnType<typeof launch>>["newPage"]>>): Tab {
  let problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) problems.push(`console.${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error}`));
  page.on("requestfailed", (request) => problems.push(`request: ${request.url()} ${request.failure()?.errorText}`));
  return {
    async open(url) {
      problems = [];
      await page.goto(url);
      return outcomeOf(await page.evaluate(OUTCOME), problems);
    },
    evaluate: (expression) => page.evaluate(expression),
    close: () => page.close(),
  };
}
