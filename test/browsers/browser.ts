/** The browsers that the tests drive, and what they ask of one. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withPuppeteer } from "./puppeteer";
import { withWebDriver } from "./webdriver";

/** A tab that shows one page after another. */
export interface Tab {
  /** Opens an address and waits for what its program makes of it: see pages/outcome.ts. */
  open(url: string): Promise<Outcome>;
  /** Runs an expression in the page that is open; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What a page's program gave, and what went wrong beside it. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
  /** Errors and warnings on the console, uncaught errors, forbidden by the page's policy. */
  readonly problems: readonly string[];
}

export interface Browser {
  /** Its name and version, as it says. */
  readonly version: string;
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

const chromium = () => installed(["chromium", "google-chrome", "chrome"]);
const firefox = () => installed(["firefox-esr", "firefox"]);
const webkit = () => installed(["WebKitWebDriver"]);
type Start = () => Promise<Browser>;

/** Engine → how to start it; rejects where it is not installed. */
export const BROWSERS: Readonly<Record<string, Start>> = {
  chromium: () => withPuppeteer("chrome", chromium()),
  firefox: () => withPuppeteer("firefox", firefox()),
  webkit: () => withWebDriver(webkit()),
};

/** The same with something switched off that the library needs: older processors, phones in lockdown mode. */
export const LACKING: readonly (readonly [engine: string, lacks: "SIMD" | "WebAssembly", Start])[] = [
  ["chromium", "SIMD", () => withPuppeteer("chrome", chromium(), { args: ["--js-flags=--no-enable-sse4-1"] })],
  [
    "firefox",
    "WebAssembly",
    () => withPuppeteer("firefox", firefox(), { extraPrefsFirefox: { "javascript.options.wasm": false } }),
  ],
  ["webkit", "SIMD", () => withWebDriver(webkit(), { JSC_useWasmSIMD: "0" })],
];

/** The first of these programs in PATH. @throws where there is none. */
function installed(names: readonly string[]): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (!found) throw new Error(`browsers: expected one of ${names.join(", ")} in PATH, got none`);
  return found;
}
