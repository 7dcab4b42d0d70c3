/** Where a graph begins. */

import { ConfigError, show, UnsupportedError } from "../errors";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Layer } from "./layer";
import { type LayerOptions, readOptions, shapeOption } from "./options";
import { GraphNode, type SymbolicShape, type SymbolicTensor } from "./symbolic";

/** Options of {@link input}. */
export interface InputOptions extends LayerOptions {
  /** Without the batch axis; `null` for axes known only when data comes. */
  shape?: SymbolicShape;
  /** With the batch axis; instead of `shape`. */
  batchShape?: SymbolicShape;
  /** `float32` (default), `int32` for ids, `bool`. */
  dtype?: string;
  sparse?: false;
  ragged?: false;
  optional?: boolean;
}

const DEFAULTS = {
  shape: null as SymbolicShape | null,
  batchShape: null as SymbolicShape | null,
  sparse: false as boolean | null,
  ragged: false as boolean | null,
  optional: false,
};

/** The first layer of a graph: it has no weights and passes on what it is given. */
export class InputLayer extends Layer {
  readonly className: string = "InputLayer";
  readonly batchShape: SymbolicShape;

  constructor(options: InputOptions) {
    const read = readOptions("input", options, DEFAULTS);
    super(options, "InputLayer");
    for (const key of ["sparse", "ragged"] as const) {
      if (read[key]) throw new UnsupportedError(`${this.name}.${key}`, "false", "true");
    }
    const shape = shapeOption(`${this.name}.shape`, read.shape);
    const full =
      shapeOption(`${this.name}.batchShape`, read.batchShape) ??
      (shape && [options.batchSize ?? null, ...shape]) ??
      this.batchInputShape;
    if (!full) throw new ConfigError(`${this.name}.shape`, "a list of whole numbers and nulls", show(read.shape));
    this.batchShape = full;
  }

  /** The type of the tensors it stands for. */
  get elementType(): DType {
    const name = String(this.dtype ?? "float32");
    if (name.startsWith("int") || name.startsWith("uint")) return "int32";
    return name === "bool" ? "bool" : "float32";
  }

  outputShapes(): readonly SymbolicShape[] {
    return [this.batchShape];
  }

  plan(_plan: unknown, inputs: readonly Slab[]): readonly Slab[] {
    return inputs;
  }

  /** The tensor that stands for what the graph will be given. */
  tensor(): SymbolicTensor {
    this.build(this.batchShape);
    const call = { masks: [], initialState: [], args: {} };
    return new GraphNode(this, [], call, [this.batchShape], [this.elementType]).outputs[0] as SymbolicTensor;
  }

  protected ownConfig() {
    return { batch_shape: this.batchShape, sparse: false, ragged: false };
  }
}

/**
 * A symbolic tensor: the start of a graph.
 *
 * @example
 * const x = input({ shape: [null, 64] });
 * const y = layers.lstm({ units: 8 }).apply(x);
 * const m = model({ inputs: x, outputs: y });
 */
export function input(options: InputOptions): SymbolicTensor {
  return new InputLayer(options).tensor();
}

/** See {@link InputLayer}. */
export function inputLayer(options: InputOptions): InputLayer {
  return new InputLayer(options);
}
