/** A Keras configuration made for models that other programs describe in their own words. */
import { FormatError, show } from "../errors";
import type { Json, JsonObject, ModelFormat, ModelSpec, NamedWeight, WeightTensor } from "../spec";
import { elementCount } from "./dtypes";
import { GraphWriter, tensorArgument } from "./graph_writer";
import type { Allowance } from "./limits";

/** A layer to be written into a configuration; its name is its place. */
export interface BuiltLayer {
  readonly className: string;
  readonly config: JsonObject;
  readonly weights: readonly NamedWeight[];
}

/** The input's shape without the batch axis, layers in order; `skip`: so many input features are added to the end. */
export interface BuiltModel {
  readonly format: ModelFormat;
  readonly name: string;
  readonly inputShape: readonly (number | null)[];
  readonly layers: readonly BuiltLayer[];
  readonly skip?: number;
  /** Of a model that carries states from call to call: how many sequences it takes at a time. */
  readonly batch?: number;
}

const slice = (stop: number | null): Json => ({ class_name: "__slice__", config: { start: null, stop, step: null } });

/** A functional model in dialect 3 with positional weights. */
export function builtSpec({ format, name, inputShape, layers, skip = 0, batch }: BuiltModel): ModelSpec {
  const graph = new GraphWriter();
  const input = graph.input("input", inputShape, undefined, batch);
  let last = input;
  for (const [i, layer] of layers.entries()) {
    last = graph.add({ ...layer, name: `layer_${i}`, args: [tensorArgument(last)] });
  }
  if (skip > 0) {
    const key: Json = [slice(null), slice(null), slice(skip)];
    const item = { className: "GetItem", name: "skipped", config: {}, module: "keras.src.ops.numpy" };
    const skipped = skip === inputShape.at(-1) ? input : graph.add({ ...item, args: [tensorArgument(input), key] });
    const both = [tensorArgument(last), tensorArgument(skipped)];
    last = graph.add({ className: "Add", name: "sum", config: {}, args: [both] });
  }
  return graph.spec(format, name, [last]);
}

/** Nested lists of numbers → a weight. @throws {FormatError} when they are ragged or hold anything else. */
export function nestedArray(json: Json | undefined, where: string, allowance: Allowance): WeightTensor {
  const shape: number[] = [];
  for (let level = json; Array.isArray(level); level = level[0]) shape.push(level.length);
  const count = elementCount(shape, where);
  allowance.spendWeight(where);
  allowance.spendBytes(where, 4 * count);
  const data = new Float32Array(count);
  let at = 0;
  const fill = (part: Json | undefined, depth: number): void => {
    if (depth === shape.length && typeof part === "number") data[at++] = part;
    else if (depth < shape.length && Array.isArray(part) && part.length === shape[depth]) {
      for (const item of part) fill(item, depth + 1);
    } else throw new FormatError(where, `nested lists of numbers, [${shape.join(", ")}]`, show(part));
  };
  fill(json, 0);
  return { shape, dtype: "float32", data };
}

/** A whole number of at least 1 among the settings of a file. @throws {FormatError} */
export function countOf(value: Json | undefined, where: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new FormatError(where, "a positive whole number", show(value));
}
