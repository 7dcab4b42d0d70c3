/**
 * Writes the models of test/load/saved_models.ts as this library saves them, and what they predict, into a folder:
 * test/fixtures/recipes/saved.py lets Keras open and judge them. Usage: node scripts/save_models.mjs FOLDER
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createViteServer } from "vitest/node";

const [folder] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const plain = ({ shape, dtype, data }) => ({ shape, dtype, data: Array.from(data) });

const configFile = join(root, "vitest.config.ts");
const server = await createViteServer({ root, configFile, server: { middlewareMode: true, ws: false, watch: null } });
try {
  const { savedModels, hashOf } = await server.ssrLoadModule("/test/load/saved_models.ts");
  for await (const { name, bytes, calls, tolerance } of savedModels()) {
    const told = calls.map(({ reset, inputs, outputs }) => {
      return { reset, inputs: inputs.map(plain), outputs: outputs.map(plain) };
    });
    writeFileSync(join(folder, `${name}.keras`), bytes);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ sha256: hashOf(bytes), tolerance, calls: told }));
  }
} finally {
  await server.close();
}
