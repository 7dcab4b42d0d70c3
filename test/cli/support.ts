/** Runs the built command line as a user would. */

import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `recurra ARGS`. */
export function recurra(...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync("node", [join(root, "dist/cli.js"), ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** Builds what is out of date. */
export function ensureBuilt(): void {
  const { status, stderr } = spawnSync("node", ["scripts/ensure_built.mjs"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** A new folder for files. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), "recurra-cli-"));
}

/** The path of a golden model. */
export function fixture(name: string): string {
  return join(root, "test/fixtures/models", `${name}.keras`);
}

/** `recurra ARGS` with something on standard input. */
export function fed(input: string | Uint8Array, ...args: string[]): Ran {
  const script = join(root, "dist/cli.js");
  const { status, stdout, stderr } = spawnSync("node", [script, ...args], { encoding: "utf8", input });
  return { status, stdout, stderr };
}

/** `recurra ARGS` by a Node with options of its own; with the most memory that it took, of all kinds. */
export function measured(options: readonly string[], ...args: string[]): Ran & { readonly megabytes: number } {
  const report = 'process.on("exit", () => console.error("maxRSS", process.resourceUsage().maxRSS))';
  const { status, stdout, stderr } = spawnSync(
    "node",
    [...options, "--import", `data:text/javascript,${encodeURIComponent(report)}`, join(root, "dist/cli.js"), ...args],
    { encoding: "utf8" },
  );
  const told = [...stderr.matchAll(/^maxRSS (\d+)\n/gm)].map(([, kilobytes]) => Number(kilobytes));
  return { status, stdout, stderr: stderr.replace(/^maxRSS \d+\n/gm, ""), megabytes: Math.max(...told) / 1024 };
}
