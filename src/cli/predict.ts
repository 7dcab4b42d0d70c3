/** `recurra predict FILE --input x.npy --output y.npy` */

import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { extname, resolve } from "node:path";
import { ArgumentError, runtime, UnsupportedError } from "../index";
import { mustBe, startingPoint } from "./checkpoint";
import { type Loaded, load } from "./load";
import { formOf } from "./output";
import { openResults, outputFiles } from "./results";
import { run } from "./run";
import { Scorer } from "./scorer";
import { openSource, type Source } from "./source";
import { STDIN } from "./text";

export interface PredictOptions {
  input: string[];
  output?: string;
  batchSize?: number;
  threads?: number;
  resume?: boolean;
  rejected?: string;
  json?: boolean;
}

/** Exit codes besides 0, all scored. */
const SOME_REJECTED = 3;
const INTERRUPTED = 130;

/**
 * Scores all samples, some at a time; to files, or as JSON to stdout.
 * @returns the exit code.
 */
export async function predict(file: string, options: PredictOptions): Promise<number> {
  checkOptions(options);
  const { output, resume = false, json = false } = options;
  const from = output === undefined ? undefined : await startingPoint(output, resume);
  const model = await load(file);
  if (!("toParts" in model)) throw new UnsupportedError(file, "a model of layers", "a graph (ONNX)");
  const fingerprint = fingerprintOf(model);
  const files = inputFiles(model, options.input);
  const written = [...outputFiles(output, model.outputs.length), options.rejected];
  checkStdin(files, resume);
  checkApart(
    [file, ...files],
    written.filter((name) => name !== undefined),
  );
  const sources = await openSources(model, files);
  const results = await openResults(output, options.rejected, model.outputs.length, from);
  const scorer = new Scorer(model, threadsOf(model, options), options.batchSize);
  try {
    if (from) await goOn(from, fingerprint, sources, results.goesOn);
    const atOnce = model.isStateful ? Number.MAX_SAFE_INTEGER : options.batchSize;
    const canGoOn = output !== undefined && !files.includes(STDIN);
    const what = { scorer, sources, results, atOnce, fingerprint, from, canGoOn };
    const { samples, rejected, isComplete } = await run(what);
    if (!isComplete) {
      console.error(`recurra: interrupted after ${samples} samples; --resume goes on from there`);
      return INTERRUPTED;
    }
    await results.finish();
    if (json && output !== undefined) console.log(JSON.stringify({ samples, rejected }));
    else if (rejected > 0)
      console.error(`recurra: ${rejected} of ${samples} samples rejected, see ${options.rejected}`);
    return rejected > 0 ? SOME_REJECTED : 0;
  } finally {
    await Promise.all([results.close(), scorer.close(), ...sources.map((source) => source.close())]);
  }
}

function checkOptions({ output, resume, rejected }: PredictOptions): void {
  if (output !== undefined) formOf(output, extname(output).toLowerCase());
  if (resume && output === undefined) throw new ArgumentError("--resume", "--output as well", "none");
  if (rejected !== undefined && output === undefined) throw new ArgumentError("--rejected", "--output as well", "none");
}

/** Samples of a model with states come one after another, in one thread and one run. */
function threadsOf(model: Loaded, { threads = availableParallelism(), resume }: PredictOptions): number {
  if (!model.isStateful) return threads;
  if (resume) throw new UnsupportedError("--resume", "a model without states", "a stateful one");
  return 1;
}

/** The file of each input: `x.npy`, or `name=x.npy`. */
function inputFiles(model: Loaded, given: readonly string[]): readonly string[] {
  const names = model.inputs.map((t) => t.layer.name);
  const files: (string | undefined)[] = names.map(() => undefined);
  for (const [k, text] of given.entries()) {
    const [, name = names[k], path = text] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const at = names.indexOf(name as string);
    if (at < 0) throw new ArgumentError("--input", `${names.length} inputs (${names.join(", ")})`, text);
    files[at] = path;
  }
  const missing = names.find((_, k) => files[k] === undefined);
  if (missing !== undefined) throw new ArgumentError("--input", `a file for ${missing} as well`, given.join(" "));
  return files as string[];
}

/** @throws {ArgumentError} where it would be read again, or twice. */
function checkStdin(files: readonly string[], resume: boolean): void {
  const times = files.filter((file) => file === STDIN).length;
  if (times > 1) throw new ArgumentError("--input", "standard input once", `${times} times`);
  if (times > 0 && resume) throw new ArgumentError("--resume", "files, which can be read again", "standard input");
}

/** @throws {ArgumentError} for a file that would be written over what is read, or twice. */
function checkApart(read: readonly string[], written: readonly string[]): void {
  const taken = new Set(read.map((file) => resolve(file)));
  for (const file of written) {
    if (taken.has(resolve(file)))
      throw new ArgumentError(file, "a file of its own for each input and output", "one for two");
    taken.add(resolve(file));
  }
}

function openSources(model: Loaded, files: readonly string[]): Promise<readonly Source[]> {
  return Promise.all(files.map((path, k) => openSource(path, model.inputs[k]?.shape ?? [])));
}

function fingerprintOf(model: Loaded): string {
  const { model: config, weights } = model.toParts();
  const { buffer, byteOffset, byteLength } = weights;
  const isFused = runtime().build !== "baseline";
  const hash = createHash("sha256").update(JSON.stringify({ config, isFused }));
  return hash.update(new Uint8Array(buffer, byteOffset, byteLength)).digest("hex");
}

/** Passes by what has been scored, if it is still the same. */
async function goOn(
  from: NonNullable<Awaited<ReturnType<typeof startingPoint>>>,
  fingerprint: string,
  sources: readonly Source[],
  listsRejected: boolean,
): Promise<void> {
  mustBe("the model, and the rounding of the build,", fingerprint, from.model);
  if (from.rejected > 0 && !listsRejected) {
    throw new ArgumentError("--resume", "--rejected as in the interrupted run", "none");
  }
  for (const [k, source] of sources.entries()) {
    await source.skip(from.samples);
    mustBe(`the first ${from.samples} samples in ${source.file}`, source.digest(), from.inputs[k]);
  }
}
