/** The pages as a consumer's bundler makes them of the packed library, and servers that send them with headers. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, preview } from "vite";
import { root } from "../package/packed";

const PAGES = join(root, "test/browsers/pages");

/** Folder of headers → the headers. */
export const POLICIES = {
  plain: {},
  /** Threads see each other's memory. */
  isolated: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  /** What the README says a page needs. */
  strict: { "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" },
  /** Forbids WebAssembly. */
  forbidding: { "Content-Security-Policy": "default-src 'self'; script-src 'self'" },
} as const;

export type Policy = keyof typeof POLICIES;

/** What the pages import by the library's name comes from a consumer's node_modules. */
function fromConsumer(project: string): Plugin {
  return {
    name: "from-consumer",
    enforce: "pre",
    resolveId(id, importer) {
      const name = /\/src\/index$/.test(id) ? "recurra" : id;
      if (!/^recurra(\/|$)/.test(name) || importer?.startsWith(project)) return null;
      return this.resolve(name, join(project, "main.js"), { skipSelf: true });
    },
  };
}

/** Builds all pages into `outDir`. */
export async function buildPages(project: string, outDir: string): Promise<void> {
  const pages = readdirSync(PAGES).filter((file) => file.endsWith(".html"));
  await build({
    configFile: false,
    root: PAGES,
    base: "./",
    logLevel: "warn",
    plugins: [fromConsumer(project)],
    worker: { format: "es", plugins: () => [fromConsumer(project)] },
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { input: pages.map((file) => join(PAGES, file)) },
    },
  });
}

/** Serves a folder with the headers of a policy. */
export async function serve(outDir: string, policy: Policy): Promise<{ url: string; close(): Promise<void> }> {
  const server = await preview({
    configFile: false,
    root: PAGES,
    appType: "mpa",
    logLevel: "silent",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 4600, headers: POLICIES[policy] },
  });
  return { url: server.resolvedUrls?.local[0] as string, close: () => server.close() };
}
