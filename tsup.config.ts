/**
 * The bundles: the library for Node (dist), for pages without a bundler (dist/browser) and for bundlers (dist/modules,
 * file by file, so that they drop the files that a page does not use), for each the script of a pool's workers (one
 * file), the AudioWorklet entry (one file) and the command line, which uses the library beside it. Each leaves a list
 * of what it bundled in build/bundled.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "esbuild";
import { minifySync } from "rolldown/utils";
import { defineConfig, type Options } from "tsup";
import { fewFiles, plainNamespaces } from "./scripts/node_bundle";
import { useNodeKernels } from "./scripts/node_kernels.mjs";

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

/** fflate's file for Node differs in worker threads alone, which nobody uses here. */
const shareFflate: Plugin = {
  name: "share-fflate",
  setup(build) {
    build.onResolve({ filter: /^fflate$/ }, ({ resolveDir, kind }) =>
      build.resolve("fflate/browser", { resolveDir, kind }),
    );
  },
};

/** Leaves imports of the library's own files as they are; only what packages hold goes into the file that names it. */
const keepModules: Plugin = {
  name: "keep-modules",
  setup(build) {
    build.onResolve({ filter: /^(\.|#platform$)/ }, ({ path, importer, resolveDir }) => {
      if (!importer.startsWith(join(process.cwd(), "src/"))) return null;
      const named = path === "#platform" ? join(process.cwd(), "src/platform/browser") : join(resolveDir, path);
      const file = existsSync(`${named}.ts`) ? named : join(named, "index");
      const imported = relative(dirname(importer), file);
      return { path: `${imported.startsWith(".") ? "" : "./"}${imported}.js`, external: true };
    });
  },
};

/**
 * What kernels do not need of the loader. It lays over the exports what lifts strings, arrays and classes, of which
 * kernels have none: the engine takes the exports as they are, and esbuild drops what is then unused. When it is imported
 * it makes a decoder for the messages of modules that throw, which worklets have not and which delays a start: its other
 * way of reading them stays.
 */
const LOADER_CHANGES = [
  ["const exports = postInstantiate(extended, instance);", "const { exports } = instance;"],
  ['const utf16 = new TextDecoder("utf-16le", { fatal: true });', ""],
  ["try {\n    return utf16.decode(wtf16);\n  } catch {", "{"],
] as const;

const lightLoader: Plugin = {
  name: "light-loader",
  setup(build) {
    build.onLoad({ filter: /@assemblyscript\/loader\/index\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [own, instead] of LOADER_CHANGES) {
        if (!contents.includes(own)) throw new Error(`${path}: expected "${own}", found another loader`);
        contents = contents.replaceAll(own, instead);
      }
      return { contents };
    });
  },
};

/**
 * A single file for pages: what esbuild has shortened is a thirtieth shorter, compressed, when Rolldown's minifier goes
 * over it. That one writes imports in a way that not every bundler reads.
 */
const minified: Options = {
  minify: true,
  plugins: [
    {
      name: "minified",
      renderChunk(code, { path }) {
        const options = { module: this.format === "esm", compress: { target: "es2022" }, mangle: { toplevel: true } };
        const { code: short, errors } = minifySync(path, code, options);
        if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
        return { code: short };
      },
    },
  ],
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

/** The library for pages, one file for each of its own. The file of the engine brings the loader. */
function modules(): Options {
  const names = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.d)\.ts$/.test(name));
  const wanted = names.filter((name) => !/^(cli\/|worker\.ts|platform\/node\.ts|wasm\/\w+_node\.ts)/.test(name));
  return {
    ...shared,
    entry: Object.fromEntries(wanted.map((name) => [`modules/${name.slice(0, -3)}`, `src/${name}`])),
    format: ["esm"],
    platform: "browser",
    splitting: false,
    esbuildPlugins: [recordInputs("modules"), keepModules, lightLoader],
  };
}

const library = { index: "src/index.ts", layers: "src/layers_entry.ts" };
/** One file: a module in pages, CommonJS in Node, where `require.resolve` has to find it too. */
const worker = (name: "node" | "browser", file: string): Options => ({
  ...shared,
  entry: { [file]: "src/worker.ts" },
  format: [name === "node" ? "cjs" : "esm"],
  platform: name,
  splitting: false,
  ...(name === "node" ? { minify: true } : minified),
  esbuildPlugins: [recordInputs(`worker-${name}`), lightLoader, ...(name === "node" ? [useNodeKernels] : [])],
  esbuildOptions: platform(name),
});
/** The platform's file. CommonJS has no `import.meta`; there the platform finds its place by `__filename`. */
const platform =
  (name: string): NonNullable<Options["esbuildOptions"]> =>
  (options, { format }) => {
    options.alias = { "#platform": join(process.cwd(), `src/platform/${name}.ts`) };
    if (format === "cjs") {
      options.define = { ...options.define, "import.meta.url": "undefined" };
      // tsup's own step to CommonJS moves fields of classes into constructors and breaks what was minified there.
      options.supported = { "class-field": false };
    }
    if (name === "node") options.minifySyntax = true;
  };

/**
 * Without blanks and with short names of what is local, a start is two milliseconds shorter in Node. Names of classes
 * and functions stay, for what an error's stack tells, and so does what marks calls as pure: esbuild would leave it out
 * with the blanks, and the bundler of an application could not drop what such calls give.
 */
const terse: Options = {
  minify: "terser",
  terserOptions: {
    ecma: 2020,
    compress: false,
    mangle: { module: false, toplevel: false, keep_fnames: true },
    format: { preserve_annotations: true, ascii_only: true },
  },
};

export default defineConfig([
  {
    ...shared,
    ...terse,
    entry: library,
    platform: "node",
    esbuildPlugins: [recordInputs("node"), shareFflate, lightLoader, fewFiles, plainNamespaces, useNodeKernels],
    esbuildOptions: platform("node"),
  },
  {
    ...shared,
    // Chunks are named by their content: in the same folder, those that both share are there once.
    entry: Object.fromEntries(Object.entries(library).map(([name, path]) => [`browser/${name}`, path])),
    platform: "browser",
    minify: true,
    esbuildPlugins: [recordInputs("browser"), shareFflate, lightLoader],
    esbuildOptions: platform("browser"),
  },
  modules(),
  {
    ...shared,
    entry: { worklet: "src/worklet.ts" },
    platform: "browser",
    splitting: false,
    ...minified,
    esbuildPlugins: [recordInputs("worklet"), lightLoader],
  },
  worker("node", "worker"),
  worker("browser", "browser/worker"),
  worker("browser", "modules/platform/worker"),
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
  // rollup-plugin-dts takes types for values in a namespace apart from what it names: every entry exports `layers`.
  { ...shared, entry: { ...library, worker: "src/worker.ts", worklet: "src/worklet.ts" }, dts: { only: true } },
]);
