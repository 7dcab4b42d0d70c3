/**
 * The bundle for AudioWorklets: one file that needs ECMAScript and WebAssembly only. It runs in a bare context here
 * (a real AudioWorklet cannot be had in Node), and its free names are looked up by the TypeScript compiler.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { configure, layers } from "../../src/index";
import { root, run } from "./packed";

const esm = join(root, "dist/worklet.js");
const cjs = join(root, "dist/worklet.cjs");
const library = pathToFileURL(join(root, "dist/index.js")).href;
beforeAll(() => void run("node", ["scripts/ensure_built.mjs"], root), 300_000);

/** Runs with `recurra` as the entry's exports and returns plain numbers. */
const PROGRAM = `(() => {
  const { configure, layers, sequential, modelFromParts } = recurra;
  configure({ build: "baseline" });
  const ones = { kernelInitializer: "ones", recurrentInitializer: "ones" };
  const lstm = layers.lstm({ units: 9, returnSequences: true, ...ones });
  const eager = lstm.apply([[[0.1, 0.2], [0.3, -0.4]]]);
  const model = sequential({ layers: [layers.inputLayer({ shape: [null, 2] }), layers.gru({ units: 3 })] });
  const copy = modelFromParts(model.toParts());
  const x = [[[0.5, 0.25], [-1, 2]]];
  const stream = copy.createStream({ batch: 1 });
  for (const frame of x[0]) { stream.input.set(frame); stream.step(); }
  const flat = (data) => Array.from(data);
  const predicted = [model, copy].map((m) => flat(m.predict(x).data));
  return JSON.stringify([flat(eager.data), ...predicted, flat(stream.output)]);
})()`;

/** The first result of PROGRAM by the library itself. */
function wantedHere(): number[] {
  configure({ build: "baseline" });
  const ones = { kernelInitializer: "ones", recurrentInitializer: "ones" };
  const lstm = layers.lstm({ units: 9, returnSequences: true, ...ones });
  // biome-ignore format: one sample
  return Array.from(lstm.apply([[[0.1, 0.2], [0.3, -0.4]]]).data);
}

function expectNumbers(printed: string, wanted: readonly number[]): void {
  const [eager, predicted, copied, streamed] = JSON.parse(printed);
  expect(eager).toHaveLength(18);
  expect(eager).toEqual(wanted);
  expect(copied).toEqual(predicted);
  expect(streamed).toHaveLength(3);
  for (const [i, value] of streamed.entries()) expect(value).toBeCloseTo(predicted[i], 6);
}

describe("the worklet bundle", () => {
  it("is one file without imports", () => {
    for (const file of [esm, cjs]) {
      const text = readFileSync(file, "utf8");
      expect(text).not.toMatch(/\bimport\s*[("'{*]|\brequire\s*\(/);
    }
  });

  it("names no global but those of ECMAScript and WebAssembly", () => {
    const options = { allowJs: true, checkJs: true, noEmit: true, types: [], lib: ["lib.es2022.d.ts"] };
    const program = ts.createProgram([esm], { ...options, target: ts.ScriptTarget.ES2022 });
    const found = program.getSemanticDiagnostics(program.getSourceFile(esm));
    const names = found.flatMap(({ messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, " ");
      return /^Cannot find name '([^']+)'/.exec(text)?.[1] ?? [];
    });
    // A worklet has a console; the loader writes to it when a module traces, and ours does not.
    expect([...new Set(names)].filter((name) => name !== "WebAssembly" && name !== "console")).toEqual([]);
  });

  it("runs in a context with those globals only, as CommonJS", () => {
    const context = vm.createContext({ module: { exports: {} } });
    vm.runInContext("delete globalThis.console; exports = module.exports;", context);
    vm.runInContext(readFileSync(cjs, "utf8"), context);
    expectNumbers(vm.runInContext(`recurra = module.exports; ${PROGRAM}`, context), wantedHere());
  });

  it("runs in a context with those globals only, as a module", () => {
    const script = `
      import vm from "node:vm"; import { readFileSync } from "node:fs";
      const context = vm.createContext({});
      vm.runInContext("delete globalThis.console", context);
      const refuse = () => { throw new Error("the worklet entry imported something"); };
      const module = new vm.SourceTextModule(readFileSync(${JSON.stringify(esm)}, "utf8"), { context });
      await module.link(refuse); await module.evaluate();
      context.recurra = module.namespace;
      try { console.log(vm.runInContext(${JSON.stringify(PROGRAM)}, context)); }
      catch (e) { console.log(JSON.stringify(String(e))); }
      const recurra = await import(${JSON.stringify(library)});
      console.log(${PROGRAM});`;
    const args = ["--no-warnings", "--experimental-vm-modules", "--input-type=module", "-e", script];
    const [worklet, whole] = execFileSync("node", args, { encoding: "utf8" }).trim().split("\n") as [string, string];
    expectNumbers(worklet, JSON.parse(whole)[0]);
  });
});
