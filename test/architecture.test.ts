/** Who may import whom, as code: imports point downwards. Also the sizes and names that every file keeps to. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A part of `src` (a file or a folder at its top) → the parts it may import. */
const MAY_IMPORT: Record<string, string[]> = {};
const low = ["errors", "options", "spec"];
const compute = [...low, "config", "tensor", "wasm", "runtime", "ops", "initializers"];
MAY_IMPORT.errors = MAY_IMPORT.spec = [];
MAY_IMPORT.options = ["errors"];
MAY_IMPORT.config = low;
MAY_IMPORT.tensor = MAY_IMPORT.wasm = MAY_IMPORT.platform = ["errors"];
MAY_IMPORT.runtime = ["wasm", "errors", "options"];
MAY_IMPORT.ops = MAY_IMPORT.initializers = ["errors", "options", "tensor", "wasm"];
MAY_IMPORT.layers = compute;
MAY_IMPORT.models = [...compute, "layers"];
MAY_IMPORT.formats = [...low, "config", "tensor"];
MAY_IMPORT.npy = ["errors", "tensor", "formats"];
MAY_IMPORT.onnx = [...compute, "layers", "models"];
MAY_IMPORT.load = MAY_IMPORT.save = [...compute, "layers", "models", "formats", "onnx", "platform"];
MAY_IMPORT.throughput = [...compute, "layers", "models", "load", "save", "platform"];
MAY_IMPORT.worker = ["throughput", "platform"];
MAY_IMPORT.cli = ["index", "formats"];
MAY_IMPORT.index = [...compute, "layers", "models", "load", "save", "npy", "throughput", "platform"].filter(
  (p) => p !== "wasm",
);
MAY_IMPORT.public_errors = ["errors"];
MAY_IMPORT.index.push("public_errors");
MAY_IMPORT.worklet = MAY_IMPORT.layers_entry = MAY_IMPORT.index;

/** The same for `assembly`. */
const ASSEMBLY_MAY_IMPORT: Record<string, string[]> = { kernels: ["simd"], simd: [] };
ASSEMBLY_MAY_IMPORT.index = ASSEMBLY_MAY_IMPORT.team = ["kernels", "simd"];
ASSEMBLY_MAY_IMPORT.wide = ["index", "kernels"];

function files(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|mjs)$/.test(name) && !/(^|\/)(node_modules|generated|consumers|fixtures)\//.test(name))
    .map((name) => join(folder, name))
    .filter((name) => !/^src\/wasm\/binary(_\w+)?\.ts$/.test(name));
}

/** Statements that only bring types in. */
const TYPES = /(?:^|\n)(?:import|export) type\b[^;]*;/g;

/** The files that make layers of configurations, and the doors that lead to them. */
const READERS = /^src\/(index|load|worklet|layers_entry|layers\/index|models\/from_\w+|throughput\/serve)\.ts$/;

/** Every module a file names: static, type-only (unless `values`), re-exported and dynamic. */
function imports(file: string, { values = false } = {}): string[] {
  const all = readFileSync(join(root, file), "utf8");
  const text = values ? all.replace(TYPES, "") : all;
  const named = text.matchAll(/(?:^|\n)(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']/g);
  const bare = text.matchAll(/(?:\bimport\(\s*|(?:^|\n)import\s*)["']([^"']+)["']/g);
  return [...named, ...bare].map((match) => match[1]!);
}

/** `src/layers/lstm.ts` → `layers`; a path outside the tree → its own spelling. */
function partOf(tree: string, path: string): string {
  return path.startsWith(`${tree}/`) ? path.split("/")[1]!.replace(/\.ts$/, "") : path;
}

function upwardImports(tree: string, table: Record<string, string[]>): string[] {
  return files(tree).flatMap((file) => {
    const part = partOf(tree, file);
    return imports(file)
      .map((name) => name.replace(/^#platform/, join(relative(dirname(file), tree), "platform/node")))
      .filter((name) => name.startsWith(".") && !name.endsWith(".json"))
      .map((name) => partOf(tree, join(dirname(file), name)))
      .filter((target) => target !== part && !table[part]?.includes(target))
      .map((target) => `${file} imports ${target}`);
  });
}

describe("imports point downwards", () => {
  it("in src", () => {
    expect(files("src").length).toBeGreaterThan(0);
    expect(files("src").filter((file) => !(partOf("src", file) in MAY_IMPORT))).toEqual([]);
    expect(upwardImports("src", MAY_IMPORT)).toEqual([]);
  });

  it("in assembly", () => {
    expect(upwardImports("assembly", ASSEMBLY_MAY_IMPORT)).toEqual([]);
  });

  it("the registry of all layers comes with reading alone", () => {
    const importers = files("src").filter((file) =>
      imports(file, { values: true }).some((name) => name.endsWith("/registry")),
    );
    expect(importers.sort()).toEqual([
      "src/index.ts",
      "src/layers/deserialize.ts",
      "src/layers/index.ts",
      "src/worklet.ts",
    ]);
    const readers = files("src").filter((file) =>
      imports(file, { values: true }).some((name) => /\/(deserialize|from_\w+)$/.test(name)),
    );
    expect(readers.filter((file) => !READERS.test(file))).toEqual([]);
  });

  it("nothing reachable from the library imports Node, but the platform file and the command line", () => {
    const offenders = files("src").filter((file) => imports(file).some((name) => name.startsWith("node:")));
    expect(offenders.filter((file) => !/^src\/(platform\/node|cli\/)/.test(file))).toEqual([]);
  });
});

describe("every file keeps to the house", () => {
  const all = [
    "assembly",
    "src",
    "test",
    "bench",
    "scripts",
    "examples",
    "site/src",
    "site/scripts",
    "site/e2e",
  ].flatMap(files);

  it.each(all)("%s", (file) => {
    const lines = readFileSync(join(root, file), "utf8").trimEnd().split("\n");
    expect(lines.length, "lines").toBeLessThanOrEqual(file.startsWith("test/") ? 300 : 250);
    expect(
      lines.flatMap((line, i) => (line.length > 120 ? [i + 1] : [])),
      "lines over 120 columns",
    ).toEqual([]);
    expect(basename(file)).toMatch(/^[a-z0-9_]+(\.[a-z0-9_-]+)*$/);
    expect(basename(file)).not.toMatch(/^(utils?|helpers?)\./);
  });
});
