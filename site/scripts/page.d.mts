import type { Browser } from "puppeteer-core";

export function browserPath(browser?: "chrome" | "firefox"): string | undefined;
export function serve(): Promise<{ address: string; close: () => Promise<void> }>;
export function openBrowser(browser?: "chrome" | "firefox"): Promise<Browser>;
