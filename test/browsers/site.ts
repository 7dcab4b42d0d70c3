/** The pages as a consumer's bundler makes them of the packed library, and servers that send them with headers. */
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build, type Plugin, preview } from "vite";
import { root } from "../package/packed";

const PAGES = join(root, "test/browsers/pages");

/** Folder of headers → the headers. */
export const POLICIES = {
  plain: {},
  /** Threads see each other's memory. */
  isolated: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  /** What the README says a page needs. */
  strict: { "Content-Security-Policy": "default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'" },
  /** Forbids WebAssembly. */
  forbidding: { "Content-Security-Policy": "default-src 'self'; img-src data:; script-src 'self'" },
} as const;

export type Policy = keyof typeof POLICIES;

/** What the pages import by the library's name comes from a consumer's node_modules. */
function fromConsumer(project: string): Plugin {
  return {
    name: "from-consumer",
    enforce: "pre",
    resolveId(id, importer) {
      const name = id === "../../src/index" && importer?.endsWith("engines/hashes.ts") ? "recurra" : id;
      if (!/^recurra(\/|$)/.test(name) || importer?.startsWith(project)) return null;
      return this.resolve(name, join(project, "main.js"), { skipSelf: true });
    },
  };
}

const SUITE = join(root, "test/browsers/suite");
/** What test files need of Node, as far as a page can give it. */
const NODE = [
  { find: /^vitest$/, replacement: join(SUITE, "vitest.ts") },
  { find: /^node:(fs|url)$/, replacement: join(SUITE, "files.ts") },
  { find: /^#platform$/, replacement: join(root, "src/platform/browser.ts") },
];
/** What test files read; the last folder is beside the repository, or not there. */
const FIXTURES = ["test/fixtures", "test/formats/files", "test/torch", "examples/digits", "../shared/conformance"];
const DATA = /\.(json|bin|keras|h5|hdf5|npy|npz|onnx|safetensors|nam|txt)$/;

/** Test files find what they read by their own place, which is that of the source; nor have sources built workers. */
const placeOfSource: Plugin = {
  name: "place-of-source",
  enforce: "pre",
  transform(code, id) {
    const isSource = id.startsWith(join(root, "test")) || id.startsWith(join(root, "src"));
    if (!isSource || id.startsWith(PAGES)) return null;
    const place = JSON.stringify(`file:///root/${relative(root, id)}`);
    // The package says that its files have no effect when they are imported; those of tests have.
    return { code: code.replaceAll("import.meta.url", place), moduleSideEffects: true };
  },
};

/** Copies the fixtures beside the pages, and their list. */
function copyFixtures(outDir: string): void {
  const names = FIXTURES.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    const inside = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    return inside.filter((name) => DATA.test(name)).map((name) => join(folder, name));
  });
  for (const name of names) cpSync(join(root, name), join(outDir, "files/root", name));
  writeFileSync(join(outDir, "files.json"), JSON.stringify(names.map((name) => join("root", name))));
}

/** Builds all pages into `outDir`. */
export async function buildPages(project: string, outDir: string): Promise<void> {
  const pages = readdirSync(PAGES).filter((file) => file.endsWith(".html"));
  await build({
    configFile: false,
    root: PAGES,
    base: "./",
    logLevel: "warn",
    resolve: { alias: NODE },
    plugins: [placeOfSource, fromConsumer(project)],
    worker: { format: "es", plugins: () => [fromConsumer(project)] },
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { checks: { bundlerTimings: false }, input: pages.map((file) => join(PAGES, file)) },
    },
  });
  copyFixtures(outDir);
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
