import { defineConfig } from "vitest/config";

/** One engine after another: each has the machine for itself. */
export default defineConfig({
  test: { include: ["test/browsers/*.browser.ts"], fileParallelism: false, testTimeout: 180_000, hookTimeout: 300_000 },
});
