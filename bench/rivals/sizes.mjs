/** What a page downloads for each library (minified, gzip -9): its script and the WebAssembly that it fetches. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "./browser.mjs";
import { CONTESTANTS } from "./contestants.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const paged = CONTESTANTS.filter(({ runs }) => runs.includes("chromium"));
await bundle(paged.map(({ file }) => file));
const gzipped = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const sizes = Object.fromEntries(
  paged.map(({ name, file, fetched = [] }) => {
    const script = gzipped(join(root, `build/rivals/pages/${file}.js`));
    const others = fetched.map((path) => gzipped(join(root, "bench/rivals/node_modules", path)));
    return [name, others.reduce((sum, bytes) => sum + bytes, script)];
  }),
);
mkdirSync(join(root, "bench/results"), { recursive: true });
writeFileSync(join(root, "bench/results/sizes.json"), `${JSON.stringify(sizes, null, 1)}\n`);
for (const [name, bytes] of Object.entries(sizes)) console.log(name.padEnd(20), `${(bytes / 1000).toFixed(1)} kB`);
