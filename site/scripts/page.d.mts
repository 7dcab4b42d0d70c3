import type { Browser } from "puppeteer-core";
import type { Plugin } from "vite";

export function browserPath(browser?: "chrome" | "firefox"): string | undefined;
export function serve(plugins?: Plugin[]): Promise<{ address: string; close: () => Promise<void> }>;
export function openBrowser(browser?: "chrome" | "firefox"): Promise<Browser>;
export function inPath(names: readonly string[]): string | undefined;
