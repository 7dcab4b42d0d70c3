/** Contestants in headless Chromium: bundles them for pages, serves the repository, opens a browser for each. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import puppeteer from "puppeteer-core";
import { build } from "tsup";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};
/** A page that is isolated has the finest clock. */
const HEADERS = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Bundles contestants into build/rivals/pages. */
export async function bundle(names) {
  await build({
    config: false,
    silent: true,
    minify: true,
    entry: Object.fromEntries(names.map((name) => [name, join(root, `bench/rivals/contestants/${name}.mjs`)])),
    outDir: join(root, "build/rivals/pages"),
    format: "esm",
    target: "es2022",
    platform: "browser",
    splitting: false,
    noExternal: [/.*/],
    outExtension: () => ({ js: ".js" }),
    esbuildPlugins: [
      {
        name: "recurra-for-pages",
        setup: (build) =>
          build.onResolve({ filter: /\/dist\/layers\.js$/ }, () => ({
            path: join(root, "dist/modules/layers_entry.js"),
          })),
      },
    ],
    esbuildOptions(options) {
      options.logLevel = "silent";
      options.alias = { "#host": join(root, "bench/rivals/host_page.mjs") };
    },
  });
}

const PAGE = /^\/(page|first)\.html$/;
const HEAD = '<!doctype html><link rel="icon" href="data:,">';
const compressed = new Map();

/** Serves the repository on a port of this machine, compressed as servers do. */
export async function serve() {
  const server = createServer(async ({ url }, response) => {
    const path = normalize(new URL(url, "http://localhost").pathname);
    const script = PAGE.exec(path)?.[1];
    const data = script
      ? `${HEAD}<script type="module" src="/bench/rivals/${script}.mjs"></script>`
      : await readFile(join(root, path)).catch(() => undefined);
    if (data === undefined) return response.writeHead(404, HEADERS).end();
    if (!compressed.has(path)) compressed.set(path, gzipSync(data));
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { ...HEADERS, "Content-Type": type, "Content-Encoding": "gzip" }).end(compressed.get(path));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => server.close() };
}

/** A browser with a profile of its own. */
export const launch = (executablePath) =>
  puppeteer.launch({
    executablePath,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    protocolTimeout: 600_000,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });

/** A browser with the page of one contestant. */
export async function openPage(name, port, executablePath) {
  const browser = await launch(executablePath);
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/page.html?contestant=${name}`);
    await page.waitForFunction("window.answer", { timeout: 60_000 });
    return {
      version: (await browser.version()).replace("Headless", ""),
      ask: (order) => page.evaluate((given) => window.answer(given), order),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
