/**
 * The bundles: the library for Node (dist), the same for pages (dist/browser), for each the script of a pool's workers
 * (one file), the AudioWorklet entry (one file) and the command line, which uses the library beside it. Each leaves a
 * list of what it bundled in build/bundled.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Writes the names of the bundled source files, for scripts/third_party_licenses.mjs. */
function recordInputs(bundle: string): Plugin {
  return {
    name: "record-inputs",
    setup(build) {
      build.onEnd(({ metafile }) => {
        const used = Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
          Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
        );
        const format = build.initialOptions.outExtension?.[".js"] === ".cjs" ? "cjs" : "esm";
        mkdirSync("build/bundled", { recursive: true });
        writeFileSync(`build/bundled/${bundle}-${format}.json`, JSON.stringify([...new Set(used)].sort(), null, 2));
      });
    },
  };
}

/** The command line takes the library from the file beside it instead of bundling it again. */
const useBuiltLibrary: Plugin = {
  name: "use-built-library",
  setup(build) {
    build.onResolve({ filter: /^\.\.\/index$/ }, () => ({ path: "./index.js", external: true }));
  },
};

/** The root re-exports the file of the layers, so that bundlers can drop the layers that nobody uses. */
const keepLayersApart: Plugin = {
  name: "keep-layers-apart",
  setup(build) {
    build.onResolve({ filter: /^\.\/layers$/ }, ({ importer }) => {
      const extension = build.initialOptions.outExtension?.[".js"] ?? ".js";
      return importer === join(process.cwd(), "src/index.ts") ? { path: `./layers${extension}`, external: true } : null;
    });
  },
};

/**
 * fflate's file for Node differs in worker threads alone, which nobody uses here. The engine gets a copy of its own, of
 * which only the function that it calls is left; what reads and writes files is loaded with them.
 */
const shareFflate: Plugin = {
  name: "share-fflate",
  setup(build) {
    build.onResolve({ filter: /^fflate$/ }, async ({ importer, resolveDir, kind }) => {
      const { path } = await build.resolve("fflate/browser", { resolveDir, kind });
      return { path, suffix: importer.endsWith("kernel_bytes.ts") ? "?engine" : "" };
    });
  },
};

const shared: Options = {
  format: ["esm", "cjs"],
  target: "es2022",
  splitting: true,
  dts: false,
  removeNodeProtocol: false, // Deno knows Node's modules by `node:` alone
  clean: false,
  outExtension: ({ format }) => ({ js: format === "cjs" ? ".cjs" : ".js" }),
};

const library = { index: "src/index.ts", layers: "src/layers/index.ts" };
/** One file, beside the library that starts it; a module also where the library is CommonJS. */
const worker = (name: "node" | "browser", file: string): Options => ({
  ...shared,
  entry: { [file]: "src/worker.ts" },
  format: ["esm"],
  platform: name,
  splitting: false,
  minify: true,
  esbuildPlugins: [recordInputs(`worker-${name}`)],
  esbuildOptions: platform(name),
});
/** The platform's file. CommonJS has no `import.meta`; there the platform finds its place by `__filename`. */
const platform =
  (name: string): NonNullable<Options["esbuildOptions"]> =>
  (options, { format }) => {
    options.alias = { "#platform": join(process.cwd(), `src/platform/${name}.ts`) };
    if (format === "cjs") options.define = { ...options.define, "import.meta.url": "undefined" };
  };

export default defineConfig([
  {
    ...shared,
    entry: library,
    platform: "node",
    esbuildPlugins: [recordInputs("node"), keepLayersApart, shareFflate],
    esbuildOptions: platform("node"),
  },
  {
    ...shared,
    // Chunks are named by their content: in the same folder, those that both share are there once.
    entry: Object.fromEntries(Object.entries(library).map(([name, path]) => [`browser/${name}`, path])),
    platform: "browser",
    esbuildPlugins: [recordInputs("browser"), keepLayersApart, shareFflate],
    esbuildOptions: platform("browser"),
  },
  {
    ...shared,
    entry: { worklet: "src/worklet.ts" },
    platform: "browser",
    splitting: false,
    minify: true,
    // A worklet has no TextDecoder, and the loader makes one when it is imported.
    inject: ["src/wasm/text_decoder.ts"],
    esbuildPlugins: [recordInputs("worklet")],
  },
  worker("node", "worker"),
  worker("browser", "browser/worker"),
  {
    ...shared,
    entry: { cli: "src/cli/main.ts" },
    format: ["esm"],
    platform: "node",
    splitting: false,
    // The terminal packages are CommonJS and `require` Node's own modules.
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
    esbuildPlugins: [recordInputs("cli"), useBuiltLibrary],
  },
  { ...shared, entry: { ...library, worklet: "src/worklet.ts" }, dts: { only: true } },
]);
