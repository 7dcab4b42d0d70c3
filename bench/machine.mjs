/** What figures depend on: processor, engine, version and commit. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

export function machine(root = process.cwd()) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? "unknown",
    engine: `Node ${process.version.slice(1)}`,
    version: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
    commit: git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "src", "assembly") ? "+" : ""),
  };
}
