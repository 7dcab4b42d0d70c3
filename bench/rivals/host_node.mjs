/** What contestants need of Node. LiteRT.js expects a page: a script element and a fetch of its own files. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";

const models = fileURLToPath(new URL("../../build/rivals/models/", import.meta.url));

export async function read(file) {
  if (!existsSync(models + file)) throw new Error(`${file}: run bench/rivals/models/make.py`);
  return new Uint8Array(readFileSync(models + file));
}

export async function litertFolder() {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve("@litertjs/core")), "../wasm/");
  const fetched = globalThis.fetch;
  globalThis.importScripts = (file) => {
    Object.assign(globalThis, { self: globalThis, require, __dirname: folder, __filename: file });
    runInThisContext(readFileSync(file, "utf8"), { filename: file });
  };
  globalThis.fetch = async (url, options) => {
    const path = String(url);
    if (!path.endsWith(".wasm")) return fetched(url, options);
    return new Response(readFileSync(path.startsWith("/") ? path : join(folder, path)), {
      headers: { "Content-Type": "application/wasm" },
    });
  };
  return folder;
}
