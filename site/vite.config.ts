import { defineConfig } from "vite";

/** Isolated pages have the finest clock; the page works without these headers too. */
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2022", chunkSizeWarningLimit: 1200, assetsInlineLimit: 0, license: { fileName: "licences.md" } },
  worker: { format: "es" },
  // Models and audio code stand outside this folder: examples/digits, dist/.
  server: { headers, fs: { allow: [".."] } },
  preview: { headers },
});
