/** Where the time of a start goes: of the library, of a bundle of it, and of its kernels without it. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { median } from "./timing.mjs";

/** Milliseconds of the parts in a fresh process. */
function run(node, way, file) {
  const flags = way === "parse" ? ["--experimental-vm-modules", "--no-warnings"] : [];
  const script = fileURLToPath(new URL("cold_parts.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(node, [...flags, script, way, file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${way} ${file}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** Medians of the parts by their names. */
function medians(readings) {
  return Object.fromEntries(Object.keys(readings[0]).map((part) => [part, median(readings.map((one) => one[part]))]));
}

/** Writes what esbuild leaves of the library in one file with a program of L1. */
export async function bundleProgram(outfile) {
  const entryPoints = [fileURLToPath(new URL("cold_program.mjs", import.meta.url))];
  await build({ entryPoints, outfile, bundle: true, minify: true, platform: "node", format: "esm" });
}

/**
 * @param node The program; `dist`: the folder of the library; `bundle`: a file of {@link bundleProgram}.
 * @returns for the library, for the bundle, and for the kernels driven by hand: milliseconds of the parts; bytes of the
 *   bundle.
 */
export async function coldParts(node, rounds, dist, bundle) {
  const files = { library: join(dist, "layers.js"), bundle };
  const urls = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, String(pathToFileURL(file))]));
  const kernels = String(pathToFileURL(join(dist, `wasm/${run(node, "build", urls.library).build}.wasm`)));
  const ways = [
    ...Object.entries(urls).flatMap(([name, url]) => [
      { name, way: "library", file: url, readings: [] },
      { name, way: "parse", file: url, readings: [] },
    ]),
    { name: "hand", way: "hand", file: kernels, readings: [] },
  ];
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < ways.length; k++) {
      const { way, file, readings } = ways[(k + round) % ways.length];
      readings.push(run(node, way, file));
    }
  }
  const of = (name, way) => medians(ways.find((one) => one.name === name && one.way === way).readings);
  const started = (name) => {
    const { load, ...rest } = of(name, "library");
    const { parse, link, evaluate } = of(name, "parse");
    return { find: load - parse - link - evaluate, parse: parse + link, evaluate, ...rest };
  };
  return {
    library: started("library"),
    bundle: { ...started("bundle"), bytes: statSync(bundle).size },
    hand: of("hand", "hand"),
  };
}
