/** Puts the library beside the page's packages, as `npm install recurra` would: a link to this repository. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const site = join(dirname(fileURLToPath(import.meta.url)), "..");
const root = join(site, "..");
const link = join(site, "node_modules/recurra");

if (!existsSync(join(root, "dist/browser/index.js")))
  throw new Error("recurra: expected dist/, run npm run build first");
rmSync(link, { recursive: true, force: true });
mkdirSync(dirname(link), { recursive: true });
symlinkSync(root, link, "junction");
