/** Models drawn as a graph of layers. */

import { ConfigError, show } from "../errors";
import type { Layer, Result } from "../layers/layer";
import { readOptions } from "../layers/options";
import { SymbolicTensor } from "../layers/symbolic";
import type { Tensor } from "../tensor";
import { type Graph, graphBetween } from "./graph";
import { Model } from "./model";
import type { ModelOptions } from "./network";
import { graphConfig } from "./to_config";

/** Options of {@link model}. */
export interface FunctionalOptions extends ModelOptions {
  inputs: SymbolicTensor | readonly SymbolicTensor[];
  outputs: SymbolicTensor | readonly SymbolicTensor[];
}

/** One output gives a tensor, several a list. */
export interface FunctionalResult<O> extends Result {
  symbolic: O extends readonly unknown[] ? (O["length"] extends 1 ? SymbolicTensor : SymbolicTensor[]) : SymbolicTensor;
  concrete: O extends readonly unknown[] ? (O["length"] extends 1 ? Tensor : Tensor[]) : Tensor;
}

const DEFAULTS = {
  inputs: undefined as unknown as FunctionalOptions["inputs"],
  outputs: undefined as unknown as FunctionalOptions["outputs"],
  engine: "shared",
};

export class Functional<O = unknown> extends Model<FunctionalResult<O>> {
  readonly className: string = "Functional";
  protected readonly declared = true;
  private readonly parts: Graph;

  /** @param order The names of the layers in the order of the file that they come from, if they do. */
  constructor(options: FunctionalOptions, order?: readonly string[]) {
    const { inputs, outputs } = readOptions("model", options, DEFAULTS);
    super(options, "Functional");
    const from = listOf(`${this.name}.inputs`, inputs);
    const to = listOf(`${this.name}.outputs`, outputs);
    if (new Set(from).size < from.length) {
      throw new ConfigError(`${this.name}.inputs`, "different tensors", "one of them twice");
    }
    const graph = graphBetween(this.name, from, to);
    this.parts = order ? { ...graph, layers: inOrder(graph.layers, order) } : graph;
    this.build(this.parts.inputs.map((t) => t.shape));
  }

  protected graph(): Graph {
    return this.parts;
  }

  get layers(): readonly Layer<Result>[] {
    return this.parts.layers.filter((layer) => !layer.isOperation);
  }

  override getConfig(): Record<string, unknown> {
    this.alive("getConfig");
    return { name: this.name, trainable: this.trainable, ...graphConfig(this.parts) };
  }

  override toSpec(): Record<string, unknown> {
    return {
      module: "keras.src.models.functional",
      class_name: "Functional",
      config: this.getConfig(),
      registered_name: "Functional",
      build_config: { input_shape: null },
    };
  }

  protected ownConfig(): Record<string, unknown> {
    return graphConfig(this.parts);
  }
}

function inOrder(layers: readonly Layer<Result>[], order: readonly string[]): readonly Layer<Result>[] {
  const place = new Map(order.map((name, k) => [name, k]));
  return [...layers].sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
}

function listOf(where: string, given: SymbolicTensor | readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  const list = given instanceof SymbolicTensor ? [given] : given;
  if (Array.isArray(list) && list.length > 0 && list.every((t) => t instanceof SymbolicTensor)) return list;
  throw new ConfigError(where, "symbolic tensors", show(given));
}

/**
 * A model of a graph, from its symbolic inputs to its symbolic outputs. Inputs may be results of layers: the graph is
 * cut there.
 *
 * @throws {ConfigError} when an output needs an input that is not among `inputs`.
 *
 * @example
 * const x = input({ shape: [5, 3] });
 * const m = model({ inputs: x, outputs: layers.gru({ units: 2 }).apply(x) });
 * m.predict(tensor(new Float32Array(15), [1, 5, 3])).shape; // [1, 2]
 */
export function model<const O extends SymbolicTensor | readonly SymbolicTensor[]>(
  options: FunctionalOptions & { outputs: O },
): Functional<O> {
  return new Functional<O>(options);
}
