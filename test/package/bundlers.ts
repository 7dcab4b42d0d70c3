/** The bundlers that pages are made with, each with its own defaults for production. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

/**
 * Bundles the module `input` for pages into `out/main.js` and chunks beside it.
 *
 * @param worker Where the script of a pool's workers goes, for those that have to be told: its name in `out`.
 */
type Bundler = (input: string, out: string, worker?: string) => Promise<void>;

/** The bundle and, where it is wanted, the script of the workers as a second one. */
const entries = (input: string, worker?: string) => ({
  main: input,
  ...(worker !== undefined && { [worker]: "recurra/worker" }),
});

export const BUNDLERS: Readonly<Record<"esbuild" | "Vite" | "Rollup" | "webpack", Bundler>> = {
  async esbuild(input, out, worker) {
    const options = { bundle: true, minify: true, format: "esm", splitting: true, logLevel: "error" } as const;
    const place = { absWorkingDir: dirname(input), loader: { ".wasm": "file" } } as const;
    await esbuild.build({ ...options, ...place, entryPoints: entries(input, worker), outdir: out });
  },

  async Vite(input, out) {
    await vite({
      configFile: false,
      root: dirname(input),
      base: "./",
      logLevel: "error",
      worker: { format: "es" },
      build: {
        outDir: out,
        modulePreload: false,
        rollupOptions: { input, output: { entryFileNames: "main.js", chunkFileNames: "[name]-[hash].js" } },
      },
    });
  },

  /** Rollup itself does not minify; esbuild does it here. */
  async Rollup(input, out, worker) {
    const onwarn = ({ message }: { message: string }) => {
      throw new Error(message);
    };
    const plugins = [nodeResolve({ browser: true, rootDir: dirname(input) })];
    const bundle = await rollup({ input: entries(input, worker), plugins, onwarn });
    const { output } = await bundle.generate({ format: "es", entryFileNames: "[name].js" });
    for (const file of output) {
      if (file.type !== "chunk") continue;
      const { code } = await esbuild.transform(file.code, { minify: true, format: "esm", target: "es2022" });
      mkdirSync(dirname(join(out, file.fileName)), { recursive: true });
      writeFileSync(join(out, file.fileName), code);
    }
  },

  async webpack(input, out) {
    const compiler = webpack({
      mode: "production",
      context: dirname(input),
      entry: input,
      output: { path: out, filename: "main.js", publicPath: "auto" },
      performance: false,
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    if (!stats || stats.hasErrors() || stats.hasWarnings()) throw new Error(stats?.toString() ?? "webpack: no result");
  },
};
