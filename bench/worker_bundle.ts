/** The script of a pool's workers, for what runs from the sources. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsup";

/**
 * Bundles src/worker.ts into a new folder; run from the root of the repository.
 *
 * @param beside Files of src to be bundled into the same folder, by their names there.
 */
export async function workerBundle(beside: Record<string, string> = {}): Promise<URL> {
  const outDir = mkdtempSync(join(tmpdir(), "recurra-worker-"));
  await build({
    config: false,
    silent: true,
    entry: { worker: "src/worker.ts", ...beside },
    format: "esm",
    target: "es2022",
    platform: "node",
    outDir,
    outExtension: () => ({ js: ".mjs" }),
  });
  return pathToFileURL(join(outDir, "worker.mjs"));
}
