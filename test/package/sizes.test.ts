/**
 * What a page downloads before it runs, gzipped, from the packed library; later chunks are not counted.
 * `npm run sizes` also writes the table of the README.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as entry from "../../src/layers_entry";
import { BUNDLERS } from "./bundlers";
import { closure, type Packed, packAndInstall, root } from "./packed";

let packed: Packed;
beforeAll(() => {
  packed = packAndInstall();
}, 300_000);

type Bundler = keyof typeof BUNDLERS;
const ALL = Object.keys(BUNDLERS) as Bundler[];
const MODEL = "console.log(sequential({ layers: [lstm({ units: 4, inputShape: [null, 3] }), dense({ units: 1 })] }))";
const NAMESPACE = `const { lstm, dense } = { lstm: layers.lstm, dense: layers.dense }; ${MODEL}`;

/** What stands in the README, and little more. */
const [SMALL, WHOLE, PARTS, ONE_FILE] = [43_500, 67_500, 76_000, 79_000];

/** All names of `recurra/layers` but those that make layers and models of configurations. */
const READERS = ["modelFromJSON", "modelFromParts", "deserialize", "registerLayer", "layers"];
const WITHOUT_READERS = Object.keys(entry).filter((name) => !READERS.includes(name));

interface Page {
  readonly what: string;
  readonly program: string;
  readonly bundlers: readonly Bundler[];
  /** Bytes that it may have at most; without one it is only told. */
  readonly budget?: number;
}

const PAGES: readonly Page[] = [
  {
    what: "`sequential`, `lstm`, `dense` of `recurra/layers`",
    program: `import { sequential, lstm, dense } from "recurra/layers"; ${MODEL}`,
    bundlers: ALL,
    budget: SMALL,
  },
  {
    what: "`sequential`, `layers.lstm`, `layers.dense` of `recurra`",
    program: `import { sequential, layers } from "recurra"; ${NAMESPACE}`,
    bundlers: ["Vite", "Rollup", "webpack"],
    budget: SMALL,
  },
  {
    what: "the same of `recurra/worklet`",
    program: `import { sequential, layers } from "recurra/worklet"; ${NAMESPACE}`,
    bundlers: ["Vite", "Rollup"],
    budget: SMALL,
  },
  {
    what: "`modelFromParts` of `recurra/worklet`, and with it every layer",
    program: 'import { modelFromParts } from "recurra/worklet"; console.log(modelFromParts)',
    bundlers: ["esbuild", "Vite", "Rollup"],
    budget: PARTS,
  },
  {
    what: "`loadModel` of `recurra`, before it is called",
    program: 'import { loadModel } from "recurra"; console.log(loadModel)',
    bundlers: ["Vite", "Rollup"],
    budget: 10_000,
  },
  {
    what: "every layer, `model`, `ops`, `initializers`",
    program: `import { ${WITHOUT_READERS} } from "recurra/layers"; globalThis.all = { ${WITHOUT_READERS} };`,
    bundlers: ["esbuild", "Vite", "Rollup"],
    budget: WHOLE,
  },
  {
    what: "all of `recurra/layers`, also what reads configurations",
    program: 'import * as all from "recurra/layers"; globalThis.all = all;',
    bundlers: ["esbuild", "Vite", "Rollup"],
  },
];

const measured = new Map<string, number>();
const cell = (page: Page, bundler: Bundler) => `${PAGES.indexOf(page)}-${bundler}`;

const gzipped = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;

for (const page of PAGES) {
  it.each(page.bundlers)(`${page.what}, by %s`, async (bundler) => {
    const name = cell(page, bundler);
    const input = join(packed.project, `page-${name}.js`);
    const out = join(packed.project, `out-${name}`);
    writeFileSync(input, page.program);
    await BUNDLERS[bundler](input, out);
    const files = [...closure(join(out, "main.js"), false)];
    const bytes = files.reduce((sum, file) => sum + gzipped(file), 0);
    measured.set(name, bytes);
    expect(bytes).toBeGreaterThan(1000);
    if (page.budget) expect(bytes).toBeLessThanOrEqual(page.budget);
  });
}

it("the file for worklets without a bundler is whole and stays small", () => {
  measured.set("worklet", gzipped(join(packed.installed, "dist/worklet.js")));
  expect(measured.get("worklet")).toBeLessThanOrEqual(ONE_FILE);
});

it("an application bundled for Node leaves out the layers and operations that it does not name", async () => {
  const { program } = PAGES[0] as Page;
  const stdin = { contents: program, resolveDir: packed.project };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, platform: "node", format: "esm" });
  const text = outputFiles[0]?.text;
  expect(text).toContain("LSTMCell");
  expect(text).not.toContain("SeparableConv1D");
  expect(text).not.toContain("var logicalAnd");
});

/** As the README has it. */
function table(): string {
  const kB = (bytes: number | undefined) => (bytes === undefined ? "" : (bytes / 1000).toFixed(1));
  const rows = PAGES.map((page) => [page.what, ...ALL.map((bundler) => kB(measured.get(cell(page, bundler))))]);
  const head = ["kB, gzipped", ...ALL];
  const lines = [head, head.map((_, k) => (k === 0 ? "---" : "--:")), ...rows].map((row) => `| ${row.join(" | ")} |`);
  const worklet = kB(measured.get("worklet"));
  const file = "The one file `recurra/worklet`, which needs no bundler, opens parts and holds every layer";
  return `${lines.join("\n")}\n\n${file}: ${worklet} kB.`;
}

afterAll(() => {
  rmSync(packed.project, { recursive: true, force: true });
  console.log(table());
  if (process.env.SIZES !== "write") return;
  const readme = join(root, "README.md");
  const marks = /(<!-- sizes: npm run sizes -->\n)[\s\S]*?(<!-- end of sizes -->)/;
  writeFileSync(readme, readFileSync(readme, "utf8").replace(marks, `$1\n${table()}\n\n$2`));
});
