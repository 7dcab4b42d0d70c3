import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Node 20 has relaxed SIMD behind a flag, which later versions no longer know. */
const relaxedSimd = process.version.startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : [];

export default defineConfig({
  resolve: {
    alias: [
      { find: "#platform", replacement: fileURLToPath(new URL("./src/platform/node.ts", import.meta.url)) },
      // The pages of examples/ import the package by its name.
      { find: /^recurra$/, replacement: fileURLToPath(new URL("./src/index.ts", import.meta.url)) },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/package/consumers/**", "**/node_modules/**"],
    // Processes, since V8's flags and its cache of compiled modules belong to the process.
    pool: "forks",
    execArgv: ["--expose-gc", ...relaxedSimd],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], ignoreSourceErrors: true },
  },
});
