/** Files → a model. */

import { loadModel, type Model, type OnnxModel, type Tensor } from "recurra";

export type AnyModel = Model | OnnxModel;

export const isLayered = (model: AnyModel): model is Model => "layers" in model;

export interface Opened {
  readonly title: string;
  readonly model: AnyModel;
  readonly seconds: number;
  /** What the file was, in a few words; and what of it was not used. */
  readonly report: readonly string[];
  /** Something that the model was made for, where the page knows. */
  readonly sample?: Tensor;
}

/** One file that holds all; or a JSON file and the weights that belong to it. */
export async function openFiles(files: readonly File[]): Promise<Opened> {
  const start = performance.now();
  const title = files.map(({ name }) => name).join(", ");
  const json = files.find(({ name }) => /\.json$/i.test(name));
  const rest = files.filter((file) => file !== json).sort((a, b) => (a.name < b.name ? -1 : 1));
  const model =
    json && rest.length > 0
      ? await loadModel({ topology: await json.text(), weights: await weightsOf(rest) })
      : await loadModel(files[0] as File);
  return { title, model, seconds: (performance.now() - start) / 1000, report: reportOf(model) };
}

/** Shards by name, as TF.js writes them; anything else is one file. */
async function weightsOf(files: readonly File[]): Promise<Uint8Array | Record<string, Uint8Array>> {
  const bytes = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
  if (files.length === 1 && /\.(h5|hdf5|npz|safetensors)$/i.test(files[0]?.name ?? "")) return bytes[0] as Uint8Array;
  return Object.fromEntries(files.map((file, k) => [file.name, bytes[k] as Uint8Array]));
}

/** A model from an address of this site. */
export async function openAddress(title: string, address: string): Promise<Opened> {
  const start = performance.now();
  const model = await loadModel(new URL(address, location.href));
  return { title, model, seconds: (performance.now() - start) / 1000, report: reportOf(model) };
}

export function reportOf(model: AnyModel): readonly string[] {
  if (!isLayered(model)) return [`ONNX${model.spec.producer ? `, written by ${model.spec.producer}` : ""}`];
  const report = model.loadReport;
  if (!report) return ["built in this page"];
  const { format, kerasVersion, ignored, ignoredKeys, computedInFloat32 } = report;
  const unused = [...ignored, ...ignoredKeys];
  return [
    kerasVersion ? `${format}, Keras ${kerasVersion}` : format,
    ...(unused.length > 0 ? [`not needed here: ${unused.join(", ")}`] : []),
    ...(computedInFloat32.length > 0 ? [`computed in float32: ${computedInFloat32.join(", ")}`] : []),
  ];
}
