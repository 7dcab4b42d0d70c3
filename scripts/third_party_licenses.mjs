/**
 * Writes THIRD_PARTY_LICENSES: every package whose code is in dist/, with its licence text. The build leaves the names
 * of the bundled files in build/bundled; a package that was itself shipped as a bundle brings its own dependencies.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bundled = join(root, "build/bundled");

/** Packages without a licence file of their own → a package that has the same text. */
const LICENCE_OF = { "@assemblyscript/loader": "assemblyscript", "@bufbuild/protobuf": "assemblyscript" };

/** Packages that hold code of other projects → the licences of these. */
const ALSO = { jsfive: "scripts/licences/pyfive.txt", "@bufbuild/protobuf": "scripts/licences/protobuf.txt" };

/** The folder of package `name` as seen from `folder`. */
function locate(name, folder) {
  const paths = createRequire(join(folder, "package.json")).resolve.paths(name) ?? [];
  const found = paths.map((path) => join(path, name)).find((path) => existsSync(join(path, "package.json")));
  if (!found) throw new Error(`${name}: expected in node_modules, not found from ${folder}`);
  return found;
}

function bundledFolders() {
  if (!existsSync(bundled)) throw new Error("build/bundled: expected the lists of a build, run npm run build first");
  const files = readdirSync(bundled).flatMap((name) => JSON.parse(readFileSync(join(bundled, name), "utf8")));
  const folders = files.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []);
  return [...new Set(folders)].map((folder) => join(root, folder));
}

function licenceText(folder, name) {
  const also = ALSO[name] ? `\n\n${readFileSync(join(root, ALSO[name]), "utf8").trim()}` : "";
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file) return readFileSync(join(folder, file), "utf8").trim() + also;
  if (LICENCE_OF[name]) return licenceText(locate(LICENCE_OF[name], root), LICENCE_OF[name]) + also;
  throw new Error(`${name}: expected a licence file in its package, found none`);
}

const sections = new Map();
// The compiled kernels hold code of AssemblyScript's standard library.
const queue = [locate("assemblyscript", root), ...bundledFolders()];
for (const folder of queue) {
  const { name, version, license, dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (sections.has(`${name} ${version}`)) continue;
  sections.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${licenceText(folder, name)}\n`);
  // A package published as one bundle holds its dependencies too; those of the compiler are not in its output.
  if (name !== "assemblyscript") queue.push(...Object.keys(dependencies ?? {}).map((name) => locate(name, folder)));
}
const rule = `\n${"-".repeat(80)}\n\n`;
const intro = "This package contains code of the packages below, each under the licence given there.\n";
writeFileSync(
  join(root, "THIRD_PARTY_LICENSES"),
  [intro, ...[...sections.keys()].sort().map((key) => sections.get(key))].join(rule),
);
console.log(`THIRD_PARTY_LICENSES: ${[...sections.keys()].sort().join(", ")}`);
