/** Empties dist/ and puts the compiled kernels into dist/wasm, for pages that keep the bytes outside. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
rmSync(join(root, "dist"), { recursive: true, force: true });
rmSync(join(root, "build/bundled"), { recursive: true, force: true });
mkdirSync(join(root, "dist/wasm"), { recursive: true });
for (const build of ["baseline", "relaxed", "wide"]) {
  copyFileSync(join(root, "build", `${build}.wasm`), join(root, "dist/wasm", `${build}.wasm`));
}
