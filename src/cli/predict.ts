/** `recurra predict FILE --input x.npy --output y.npy` */

import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { ArgumentError, IoError, loadModel, type Tensor, tensorToNpy } from "../index";
import { bar, loadingBar } from "./progress";
import { readInput } from "./read_input";

export interface PredictOptions {
  input: string[];
  output?: string;
  batchSize?: number;
}

type Loaded = Awaited<ReturnType<typeof loadModel>>;

/** Runs the model on all samples; to a file, or as JSON to stdout. */
export async function predict(file: string, options: PredictOptions): Promise<void> {
  const { output, batchSize } = options;
  if (output !== undefined) checkOutput(output);
  const model = await loadModel(file, { onProgress: loadingBar(file) });
  const inputs = await readInputs(model, options.input);
  const results = await model.predictAsync(inputs, {
    ...(batchSize === undefined ? {} : { batchSize }),
    onProgress: bar("predicting", "samples"),
  });
  const list = (Array.isArray(results) ? results : [results]) as Tensor[];
  if (output === undefined) {
    console.log(JSON.stringify(list.length === 1 ? plain(list[0] as Tensor) : list.map(plain)));
    return;
  }
  for (const [k, result] of list.entries()) await write(list.length === 1 ? output : numbered(output, k), result);
}

/** `x.npy`, or `name=x.npy` for each input. */
async function readInputs(model: Loaded, given: readonly string[]): Promise<Record<string, Tensor>> {
  const inputs = model.inputs.map((t) => ({ name: t.layer.name, shape: t.shape }));
  const names = inputs.map(({ name }) => name);
  const read: Record<string, Tensor> = {};
  for (const [k, text] of given.entries()) {
    const [, name = names[k], path = text] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const input = inputs.find((other) => other.name === name);
    if (!input) throw new ArgumentError("--input", `${names.length} inputs (${names.join(", ")})`, text);
    read[input.name] = await readInput(path, input.shape);
  }
  return read;
}

function checkOutput(file: string): void {
  const type = extname(file).toLowerCase();
  if (type !== ".npy" && type !== ".json") throw new ArgumentError("--output", "a .npy or .json file", file);
}

function numbered(file: string, k: number): string {
  const type = extname(file);
  return `${file.slice(0, -type.length)}.${k}${type}`;
}

async function write(file: string, result: Tensor): Promise<void> {
  const json = extname(file).toLowerCase() === ".json";
  try {
    await writeFile(file, json ? JSON.stringify(plain(result)) : tensorToNpy(result));
  } catch (cause) {
    throw new IoError(file, "a file that can be written", (cause as NodeJS.ErrnoException).code ?? String(cause), {
      cause,
    });
  }
}

/** JSON has no NaN and no infinity: they become strings. */
function plain(result: Tensor): unknown {
  if (result.data.every(Number.isFinite)) return shortest(result.toArray());
  return shortest(result.toArray(), true);
}

/** Decimals that are the shortest for a float32. */
function shortest(value: unknown, odd = false): unknown {
  if (Array.isArray(value)) return value.map((item) => shortest(item, odd));
  if (typeof value !== "number" || Number.isInteger(value)) return value;
  if (!Number.isFinite(value)) return odd ? String(value) : value;
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
