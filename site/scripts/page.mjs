/** The built page on a server of its own, in a headless browser found in PATH. */
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "puppeteer-core";
import { preview } from "vite";

const site = join(dirname(fileURLToPath(import.meta.url)), "..");

const BROWSERS = {
  chrome: {
    names: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
    ],
  },
  firefox: {
    names: ["firefox-esr", "firefox"],
    args: [],
    extraPrefsFirefox: { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true },
  },
};

/** The first of these programs in PATH, or undefined. */
export function inPath(names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Where this browser is, or undefined. */
export const browserPath = (browser = "chrome") => inPath(BROWSERS[browser].names);

/** Serves site/dist; gives its address and how to stop. */
export async function serve(plugins = []) {
  const server = await preview({ root: site, plugins, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
  return { address: server.resolvedUrls.local[0], close: () => server.close() };
}

/** @throws when the browser is not installed. */
export async function openBrowser(browser = "chrome") {
  const executablePath = browserPath(browser);
  if (!executablePath) throw new Error(`${browser}: expected one of ${BROWSERS[browser].names.join(", ")} in PATH`);
  const { names: _, ...options } = BROWSERS[browser];
  return launch({ browser, executablePath, headless: true, ...options, protocolTimeout: 120_000 });
}
