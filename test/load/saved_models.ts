/** Models of every kind that `saveModel` writes, and what they predict; Keras judges them (recipes/saved.py). */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { unzipSync } from "fflate";
import { newReading, readLayer } from "../../src/layers/deserialize";
import { input } from "../../src/layers/input_layer";
import type { SymbolicTensor } from "../../src/layers/symbolic";
import { loadModel } from "../../src/load";
import { modelFromSpec } from "../../src/models/from_config";
import { model } from "../../src/models/functional";
import type { Model } from "../../src/models/model";
import { saveModel } from "../../src/save";
import { Tensor } from "../../src/tensor";
import { type GoldenCase, type GoldenTensor, golden, goldenModel, modelBytes } from "../fixtures/golden";

const FIXTURES = new URL("../fixtures/", import.meta.url);
/** Cases of a layer's class that are saved: the first, the last, and others between them. */
const EACH = 4;

export interface SavedModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Calls in order; `reset`: a stateful model forgets first. */
  readonly calls: readonly { reset: boolean; inputs: readonly Tensor[]; outputs: readonly Tensor[] }[];
  /** How far Keras may be off: it computes files of low precision in that precision. */
  readonly tolerance: number;
}

const KERAS = 1e-5; // float32 on both sides, sums in another order

const tensorOf = ({ shape, dtype, data }: GoldenTensor) => new Tensor(shape, dtype, data);
const named = (folder: string, end: string) =>
  readdirSync(new URL(folder, FIXTURES))
    .filter((file) => file.endsWith(end))
    .map((file) => file.slice(0, -end.length));

/** Models that Keras wrote, and models of one layer each. */
export async function* savedModels(): AsyncGenerator<SavedModel> {
  for (const name of named("models", ".keras")) {
    if (name === "sequential_npz") continue; // pickled, which nobody reads
    const { calls, tolerance = KERAS } = goldenModel(name);
    const given = calls.map(({ reset = false, inputs }) => ({ reset, inputs: inputs.map(tensorOf) }));
    yield saved(name, await loadModel(modelBytes(name)), given, tolerance);
  }
  for (const [className, cases] of casesByClass()) {
    for (const [k, c] of evenly(cases).entries()) {
      const inputs = c.calls[0]!.inputs.map(tensorOf);
      yield saved(`${className}_${k}`, modelOf(c, inputs), [{ reset: false, inputs }], KERAS);
    }
  }
}

async function saved(
  name: string,
  made: Model,
  given: readonly { reset: boolean; inputs: readonly Tensor[] }[],
  tolerance: number,
): Promise<SavedModel> {
  const calls = given.map(({ reset, inputs }) => {
    if (reset) made.resetStates();
    return { reset, inputs, outputs: [made.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat() as Tensor[] };
  });
  return { name, bytes: await saveModel(made), calls, tolerance };
}

/** Cases with a layer; those that take nothing but inputs, and others only where there are none. */
function casesByClass(): Map<string, GoldenCase[]> {
  const all = named("golden", ".json").flatMap((topic) => golden(topic).filter((c) => c.layer));
  const isPlain = ({ calls: [call, ...more] }: GoldenCase) =>
    more.length === 0 && !call!.mask && !call!.masks && !call!.initialState && !call!.arguments;
  const classes = new Map<string, GoldenCase[]>();
  for (const c of all) {
    const className = c.layer!.class_name;
    if (className.endsWith("Cell") && className !== "StackedRNNCells") continue; // cells are parts of RNN
    classes.set(className, [...(classes.get(className) ?? []), c]);
  }
  for (const [className, cases] of classes) {
    if (cases.some(isPlain)) classes.set(className, cases.filter(isPlain));
  }
  return classes;
}

function evenly<T>(list: readonly T[]): T[] {
  if (list.length <= EACH) return [...list];
  return Array.from({ length: EACH }, (_, k) => list[Math.floor((k * (list.length - 1)) / (EACH - 1))] as T);
}

function modelOf(c: GoldenCase, inputs: readonly Tensor[]): Model {
  const layer = readLayer(c.layer, c.name, newReading(3, { model: modelFromSpec }));
  const symbols = inputs.map(({ shape, dtype }) => input({ batchShape: shape, dtype }));
  const outputs = layer.apply(symbols.length === 1 ? symbols[0]! : symbols) as SymbolicTensor | SymbolicTensor[];
  layer.setWeights(c.weights.map(tensorOf));
  return model({ inputs: symbols, outputs, name: "judged" }) as unknown as Model;
}

/** SHA-256 of what a file says: its members but the metadata, which tell the time. */
export function hashOf(bytes: Uint8Array): string {
  const members = unzipSync(bytes);
  const hash = createHash("sha256");
  for (const name of ["config.json", "model.weights.h5"]) hash.update(members[name]!);
  return hash.digest("hex");
}
