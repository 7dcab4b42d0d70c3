/** The package as a user gets it: built, packed and unpacked into the node_modules of an empty project. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

export interface Packed {
  /** The empty project. */
  readonly project: string;
  /** `node_modules/recurra` in it. */
  readonly installed: string;
  readonly tarball: string;
  /** The paths in the tarball. */
  readonly files: string[];
}

export function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Builds what is out of date, packs, and unpacks into a new folder; without the registry. */
export function packAndInstall(): Packed {
  run("node", ["scripts/ensure_built.mjs"], root);
  run("node", ["scripts/third_party_licenses.mjs"], root);
  const project = mkdtempSync(join(tmpdir(), "recurra-consumer-"));
  const json = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", project], root);
  const [pack] = JSON.parse(json) as [{ filename: string; files: { path: string }[] }];
  const tarball = join(project, pack.filename);
  const installed = join(project, "node_modules/recurra");
  mkdirSync(installed, { recursive: true });
  run("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], project);
  symlinkSync(join(root, "node_modules/@types"), join(project, "node_modules/@types"));
  writeFileSync(join(project, "package.json"), '{ "name": "consumer", "private": true }');
  return { project, installed, tarball, files: pack.files.map(({ path }) => path).sort() };
}

/** Every file that `entry` imports, itself included; with `lazy` also what it imports later. Bare names as they are. */
export function closure(entry: string, lazy: boolean, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(entry, "utf8");
  const now = [...text.matchAll(/(?:^|[\n;}])(?:import|export)\b[^;"']*?(?:\bfrom\s*)?["']([^"'\n]+)["'];/g)];
  const later = lazy ? [...text.matchAll(/\bimport\(\s*["']([^"']+)["']/g)] : [];
  for (const [, name] of [...now, ...later] as unknown as [string, string][]) {
    if (name.startsWith(".")) closure(join(dirname(entry), name), lazy, seen);
    else seen.add(name);
  }
  return seen;
}
