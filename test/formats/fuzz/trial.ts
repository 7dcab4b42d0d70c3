/** One damaged file: it is refused by an error of this library, or loads and has sound shapes. */
import { RecurraError } from "../../../src/errors";
import { readModel } from "../../../src/formats";
import { loadModel, type OnnxModel } from "../../../src/load";
import type { AnyResult } from "../../../src/models/from_json";
import type { Model } from "../../../src/models/model";
import { tensorFromNpy } from "../../../src/npy";
import type { ModelSpec, OnnxSpec } from "../../../src/spec";
import { sizeOf, Tensor } from "../../../src/tensor";
import { random } from "../support";
import { FORMATS, type Made } from "./formats";
import { shard } from "./sound";

const LIMITS = { bytes: 2 ** 26, weights: 1000, nesting: 64 };
const MOST_ELEMENTS = 10_000; // of an input to be predicted
const FOLDER = "https://example.org/models/";

/** What became of a damaged file: refused while it was read, when a model was made of it, or not at all. */
export const OUTCOMES = ["refused", "read", "loaded"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** @throws {Error} when the file led to anything but an error of this library or a sound model. */
export async function trial(format: string, seed: number): Promise<Outcome> {
  const made = FORMATS[format]!(random(seed));
  if (format === "npy") return outcomeOf(() => void checkArrays([tensorFromNpy(made as Uint8Array)]));
  const asked: string[] = [];
  const outcome = await outcomeOf(async () => {
    checkArrays(arraysOf(await readModel(made, { limits: LIMITS, sibling: async () => shard })));
    return () => checkModel(made, asked);
  });
  const outside = asked.find((address) => !address.startsWith(FOLDER));
  if (outside !== undefined) throw new Error(`it led out of its folder, to ${outside}`);
  return outcome;
}

/** Runs what reads, then what it gives. */
async function outcomeOf(read: () => unknown): Promise<Outcome> {
  let outcome: Outcome = "refused";
  try {
    const load = await read();
    outcome = "read";
    if (typeof load === "function") await load();
    return "loaded";
  } catch (error) {
    if (RecurraError.is(error)) return outcome;
    throw error;
  }
}

interface NumberArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Every array has the numbers that its shape says. */
function checkArrays(arrays: readonly NumberArray[]): void {
  for (const { shape, data } of arrays) {
    if (data.length !== sizeOf(shape)) throw new Error(`${data.length} numbers for [${shape.join(", ")}]`);
  }
}

function arraysOf(spec: ModelSpec | OnnxSpec): NumberArray[] {
  if (spec.format === "onnx") return [...spec.graph.initializers.values()];
  const { weights } = spec;
  if (weights.kind === "tree") return [...weights.groups.values()].flat();
  if (weights.kind === "names") return [...weights.weights.values()];
  return weights.kind === "layers" ? weights.layers.flatMap((layer) => layer.weights.map(({ tensor }) => tensor)) : [];
}

/** What the bytes say can be built as well: weights have their shapes, and predictions theirs. */
async function checkModel(made: Made, asked: string[]): Promise<void> {
  const fetch = async (address: unknown) => {
    asked.push(String(address));
    return new Response((asked.length === 1 ? made : shard) as Uint8Array<ArrayBuffer>);
  };
  const source = made instanceof Uint8Array ? `${FOLDER}model` : made;
  const model: Model<AnyResult> | OnnxModel = await loadModel(source, { limits: LIMITS, fetch });
  if ("getWeights" in model) checkArrays(model.getWeights());
  const shapes = model.inputs.map(({ shape }) => {
    return (shape ?? []).map((size, k) => (typeof size === "number" ? size : k === 0 ? 1 : 3));
  });
  if (shapes.some((shape) => sizeOf(shape) > MOST_ELEMENTS)) return model.dispose();
  const zeros = shapes.map((shape) => new Tensor(shape, "float32", new Float32Array(sizeOf(shape))));
  const results = model.predict(zeros.length === 1 ? zeros[0]! : zeros);
  checkArrays([results].flat());
  model.dispose();
}
