/** `recurra convert FILE -o OUT` */

import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { ArgumentError, IoError, Model, saveModel, saveWeights, type TorchModule } from "../index";
import { load } from "./load";
import { tellReport } from "./report";

export interface ConvertOptions {
  output: string;
  /** The modules of a PyTorch state dict, as JSON. */
  torch?: string;
  json?: boolean;
}

/** What the name of the file to be written says → what writes it. */
const WRITERS: Readonly<Record<string, (model: Model) => Promise<Uint8Array>>> = {
  ".keras": saveModel,
  ".safetensors": saveWeights,
};

/** Writes the model as Keras opens it, or its weights alone. */
export async function convert(file: string, { output, torch, json }: ConvertOptions): Promise<void> {
  const type = extname(output).toLowerCase();
  const write = Object.hasOwn(WRITERS, type) ? WRITERS[type] : undefined;
  if (!write) throw new ArgumentError("--output", `a file that ends in ${Object.keys(WRITERS).join(" or ")}`, output);
  const modules = torch === undefined ? {} : { torch: modulesOf(torch) };
  const model: unknown = await load(file, modules);
  if (!(model instanceof Model)) throw new ArgumentError(file, "a model of layers", "an ONNX graph");
  const bytes = await write(model);
  try {
    await writeFile(output, bytes);
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new IoError(output, "a file that can be written", got, { cause });
  }
  const [weights, parameters] = [model.weights.length, model.countParams()];
  if (json) console.log(JSON.stringify({ output, bytes: bytes.length, weights, parameters, report: model.loadReport }));
  else {
    const count = (n: number) => n.toLocaleString("en-US");
    console.log(`${output}: ${count(bytes.length)} bytes, ${count(parameters)} parameters in ${weights} weights`);
    tellReport(file, model.loadReport);
  }
}

function modulesOf(text: string): readonly TorchModule[] {
  try {
    return JSON.parse(text) as readonly TorchModule[];
  } catch (cause) {
    throw new ArgumentError("--torch", 'a list of modules in JSON: [{"type":"lstm","output":"last"}]', text, { cause });
  }
}
