/**
 * What a page downloads when it opens its first file of each format: bundles `loadModel` as a page would, opens a file
 * in a fresh process, and adds the compressed sizes of the chunks that were loaded. Writes the table of the README;
 * `--check` compares instead, and fails when a size is more than a tenth off.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "tsup";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const FOLDER = "build/loader_sizes";
const ENTRY = `${FOLDER}.ts`;
/** Every chunk says that it was loaded. */
const BANNER = "globalThis.loadedChunks?.push(import.meta.url);";
const [START, END] = ["<!-- loader sizes, by scripts/loader_sizes.mjs -->", "<!-- end of loader sizes -->"];
const OFF = 0.1;
/** What readers say: none of it may be in what comes before the first file. */
const READERS = ["a sound HDF5 structure", "a safetensors header", "an ONNX graph", "one member of this name"];

/** What stands in the table → a small file of that format, and the options that it needs. */
const FILES = {
  "`.keras`": ["test/fixtures/models/sequential_lstm.keras"],
  "`.keras`, compressed": ["test/fixtures/models/sequential_deflated.keras"],
  "`.h5`": ["test/fixtures/models/sequential_lstm.h5"],
  "TF.js `model.json`": ["tfjs"],
  "`.onnx`": ["test/fixtures/onnx/torch_tagger_lstm.onnx", { onnx: {} }],
  "`.safetensors`": ["test/torch/files/one_module.safetensors"],
  RTNeural: ["rtneural"],
  GuitarML: ["guitarml"],
  NAM: ["nam"],
};

async function bundle() {
  mkdirSync("build", { recursive: true });
  writeFileSync(ENTRY, 'export { loadModel } from "../src/index";\n');
  await build({
    config: false,
    silent: true,
    entry: { page: ENTRY, sound: "test/formats/fuzz/sound.ts" },
    format: "esm",
    target: "es2022",
    platform: "browser",
    minify: true,
    clean: true,
    outDir: FOLDER,
    outExtension: () => ({ js: ".js" }),
    banner: { js: BANNER },
    esbuildOptions: (options) => {
      options.alias = { "#platform": join(process.cwd(), "src/platform/browser.ts") };
    },
  });
}

/** The chunks before the file is opened, and those that opening it brings. */
function chunksOf(file, options = {}) {
  const program = `
    import { readFileSync } from "node:fs";
    const { audio, shard, tfjs } = await import("./${FOLDER}/sound.js");
    globalThis.loadedChunks = [];
    const { loadModel } = await import("./${FOLDER}/page.js");
    const count = loadedChunks.length;
    const made = { tfjs: { topology: tfjs, weights: shard } };
    for (const [name, model] of Object.entries(audio)) made[name] = new Blob([JSON.stringify(model)]);
    await loadModel(made[${JSON.stringify(file)}] ?? readFileSync(${JSON.stringify(file)}), ${JSON.stringify(options)});
    console.log(JSON.stringify([loadedChunks.slice(0, count), loadedChunks.slice(count)]));`;
  const { status, stdout, stderr } = spawnSync("node", ["--input-type=module", "-e", program], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Kilobytes of these chunks, each compressed for itself. */
function kilobytes(chunks) {
  const bytes = chunks.map((url) =>
    gzipSync(readFileSync(fileURLToPath(url), "utf8").replace(BANNER, ""), { level: 9 }),
  );
  return bytes.reduce((sum, { length }) => sum + length, 0) / 1000;
}

await bundle();
const opened = Object.entries(FILES).map(([name, [file, options]]) => [name, ...chunksOf(file, options)]);
const first = opened[0][1].map((url) => readFileSync(fileURLToPath(url), "utf8")).join("");
const early = READERS.find((text) => first.includes(text));
if (early) throw new Error(`expected readers in chunks of their own, got "${early}" before any file`);
const layered = opened.filter(([name]) => name !== "`.onnx`").map(([, , added]) => added);
const shared = layered.reduce((common, added) => common.filter((chunk) => added.includes(chunk)));
const rows = [
  ["`loadModel`, before any file", kilobytes(opened[0][1])],
  ["models and layers, with the first file of any format but ONNX", kilobytes(shared)],
  ...opened.map(([name, , added]) => [name, kilobytes(added.filter((chunk) => !shared.includes(chunk)))]),
];
const table = ["| | kB gzipped |", "|---|---|", ...rows.map(([name, size]) => `| ${name} | ${size.toFixed(1)} |`)];

const readme = readFileSync("README.md", "utf8");
const [before, rest] = readme.split(START);
const [old, after] = (rest ?? "").split(END);
if (after === undefined) throw new Error(`README.md: expected ${START} and ${END}`);
if (process.argv.includes("--check")) {
  const told = new Map([...old.matchAll(/^\| (.+) \| ([\d.]+) \|$/gm)].map(([, name, size]) => [name, Number(size)]));
  const odd = rows.filter(([name, size]) => !(Math.abs((told.get(name) ?? 0) - size) <= OFF * size));
  for (const [name, size] of odd)
    console.error(`${name}: README.md says ${told.get(name)} kB, it is ${size.toFixed(1)}`);
  if (odd.length > 0 || told.size !== rows.length) process.exitCode = 1;
} else {
  writeFileSync("README.md", `${before}${START}\n\n${table.join("\n")}\n\n${END}${after}`);
  console.log(table.join("\n"));
}
