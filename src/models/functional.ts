/** Models drawn as a graph of layers. */

import { ConfigError, show } from "../errors";
import { InputLayer } from "../layers/input_layer";
import type { Layer, Result } from "../layers/layer";
import { type SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import type { Tensor } from "../tensor";
import { orderedNodes } from "./graph";
import { type Graph, Model, type ModelOptions } from "./model";

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

export class Functional<O = unknown> extends Model<FunctionalResult<O>> {
  readonly className: string = "Functional";
  private readonly parts: Graph;

  constructor(options: FunctionalOptions) {
    super(options, "Functional");
    const inputs = listOf(`${this.name}.inputs`, options.inputs);
    const outputs = listOf(`${this.name}.outputs`, options.outputs);
    const odd = inputs.find((t) => !(t.layer instanceof InputLayer));
    if (odd) throw new ConfigError(`${this.name}.inputs`, "tensors made by input()", `the output of ${odd.layer.name}`);
    this.parts = { inputs, outputs, nodes: orderedNodes(this.name, inputs, outputs) };
    this.build(inputs.map((t) => t.shape));
  }

  protected graph(): Graph {
    return this.parts;
  }

  get layers(): readonly Layer<Result>[] {
    return [...new Set(this.parts.nodes.map((node) => node.layer))].filter((layer) => !layer.isOperation);
  }

  protected ownConfig(): Record<string, unknown> {
    throw new Error("not there yet");
  }

  override outputShapes(shapes: readonly SymbolicShape[]) {
    return super.outputShapes(shapes);
  }
}

function listOf(where: string, given: SymbolicTensor | readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  const list = given instanceof SymbolicTensor ? [given] : given;
  if (Array.isArray(list) && list.length > 0 && list.every((t) => t instanceof SymbolicTensor)) return list;
  throw new ConfigError(where, "symbolic tensors", show(given));
}

/**
 * A model of a graph, from its symbolic inputs to its symbolic outputs.
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
