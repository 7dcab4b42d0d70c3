/** The bundlers that pages are made with, each with its own defaults for production. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

/** Bundles the module `input` for pages into `out/main.js` and chunks beside it. */
type Bundler = (input: string, out: string) => Promise<void>;

export const BUNDLERS: Readonly<Record<"esbuild" | "Vite" | "Rollup" | "webpack", Bundler>> = {
  async esbuild(input, out) {
    const options = { bundle: true, minify: true, format: "esm", splitting: true, logLevel: "error" } as const;
    await esbuild.build({ ...options, entryPoints: { main: input }, outdir: out });
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
  async Rollup(input, out) {
    const onwarn = ({ message }: { message: string }) => {
      throw new Error(message);
    };
    const bundle = await rollup({ input, plugins: [nodeResolve({ browser: true })], onwarn });
    const { output } = await bundle.generate({ format: "es", entryFileNames: "main.js" });
    mkdirSync(out, { recursive: true });
    for (const file of output) {
      if (file.type !== "chunk") continue;
      const { code } = await esbuild.transform(file.code, { minify: true, format: "esm", target: "es2022" });
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
