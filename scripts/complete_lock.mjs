/**
 * Adds the optional packages of other platforms to package-lock.json. A registry mirror that lacks them makes npm leave
 * them out of the lock, and `npm ci` then refuses the lock everywhere. Run it after `npm install NAME`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const file = join(dirname(fileURLToPath(import.meta.url)), "..", process.argv[2] ?? ".", "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));

const SYSTEMS = /(?:^|[-/])(android|darwin|freebsd|linux|openbsd|openharmony|win32)-([a-z0-9]+)(?:-(gnu|musl))?/;

/** What npm reads in a package of a platform, told from its name: `@rollup/rollup-linux-x64-musl`. */
function platformOf(name) {
  const [, os, cpu, libc] = SYSTEMS.exec(name) ?? [];
  if (!os) throw new Error(`${name}: expected a platform at the end of the name`);
  const clib = os === "linux" && libc && { libc: [libc === "gnu" ? "glibc" : libc] };
  return { cpu: [cpu], os: [os], ...clib };
}

const added = [];
for (const { optionalDependencies, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const exact = /^\d/.test(version);
    if (lock.packages[key] || !exact) continue;
    lock.packages[key] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
    added.push(name);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length > 0 ? `added ${added.join(", ")}` : "nothing to add");
