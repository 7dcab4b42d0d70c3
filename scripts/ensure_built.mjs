/** Runs `npm run build` when dist/ is missing or older than what it is made of. */
import { execSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const generated = /^src\/wasm\/binary(_\w+)?\.ts|^assembly\/kernels\/generated/;

/** The time of the latest change below `path`. */
function changed(path) {
  const full = join(root, path);
  if (!existsSync(full) || generated.test(path)) return 0;
  if (!statSync(full).isDirectory()) return statSync(full).mtimeMs;
  return Math.max(0, ...readdirSync(full).map((name) => changed(join(path, name))));
}

const built = changed("dist/browser/index.js");
const scripts = [
  "scripts/build_wasm.mjs",
  "scripts/generate_kernels.mjs",
  "scripts/printable.mjs",
  "scripts/node_bundle.ts",
];
const sources = ["src", "assembly", ...scripts, "asconfig.json", "package.json", "tsup.config.ts"];
if (built < Math.max(...sources.map(changed))) execSync("npm run build", { cwd: root, stdio: "inherit" });
