/** Writes Keras configurations of graphs, for models that other programs describe in their own words. */
import type { Json, JsonObject, LayerWeights, ModelFormat, ModelSpec, NamedWeight } from "../spec";

/** A result of a layer: its name, and which of its results. */
export type GraphRef = readonly [layer: string, result: number];

/** A layer and its call. */
export interface GraphEntry {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly args: readonly Json[];
  readonly kwargs?: JsonObject;
  readonly weights?: readonly NamedWeight[];
  /** Default `keras.layers`; operations live elsewhere. */
  readonly module?: string;
}

/** A tensor among the arguments of a call. */
export function tensorArgument([layer, result]: GraphRef): Json {
  return { class_name: "__keras_tensor__", config: { keras_history: [layer, 0, result] } };
}

/** A Keras object inside a configuration. */
export function kerasObject(className: string, config: JsonObject, module = "keras.layers"): JsonObject {
  return { module, class_name: className, config, registered_name: null };
}

/** Takes layers one after another, in an order in which they can be called. */
export class GraphWriter {
  private readonly entries: Json[] = [];
  private readonly weights: LayerWeights[] = [];
  private readonly inputs: string[] = [];

  /** An input of the model. @param shape Without the batch axis. @param batch Known to stateful models. */
  input(name: string, shape: readonly (number | null)[], dtype?: string, batch: number | null = null): GraphRef {
    this.inputs.push(name);
    const config = { batch_shape: [batch, ...shape], ...(dtype && { dtype }) };
    return this.add({ className: "InputLayer", name, config, args: [] });
  }

  /** Gives the first result of the layer. */
  add({ className, name, config, args, kwargs = {}, weights = [], module }: GraphEntry): GraphRef {
    const inbound: Json = className === "InputLayer" ? [] : [{ args: [...args], kwargs }];
    this.entries.push({ ...kerasObject(className, { name, ...config }, module), name, inbound_nodes: inbound });
    if (weights.length > 0) this.weights.push({ name, weights });
    return [name, 0];
  }

  /** The functional model, in dialect 3, with positional weights. */
  spec(format: ModelFormat, name: string, outputs: readonly GraphRef[]): ModelSpec {
    const ends = {
      input_layers: this.inputs.map((input): Json => [input, 0, 0]),
      output_layers: outputs.map(([layer, result]): Json => [layer, 0, result]),
    };
    const config = { name: "model", trainable: true, layers: this.entries, ...ends };
    return {
      format,
      name,
      kerasVersion: null,
      dialect: 3,
      architecture: { ...kerasObject("Functional", config, "keras"), registered_name: "Functional" },
      weights: { kind: "layers", layers: this.weights },
      ignored: [],
    };
  }
}
