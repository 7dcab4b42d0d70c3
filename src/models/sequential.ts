/** Models that are a list of layers. */

import { ConfigError, StateError, show, showShape } from "../errors";
import { InputLayer } from "../layers/input_layer";
import type { Layer, One, Result } from "../layers/layer";
import { readOptions } from "../layers/options";
import { type SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import { asLayer, type UserLayerDefinition } from "../layers/user_layer";
import { type Graph, graphBetween } from "./graph";
import { Model } from "./model";
import { type ModelOptions, Network } from "./network";

/** Options of {@link sequential}. */
export interface SequentialOptions extends ModelOptions {
  layers?: readonly (Layer<Result> | UserLayerDefinition | SymbolicTensor)[];
}

const DEFAULTS = { layers: [] as NonNullable<SequentialOptions["layers"]>, engine: "shared" };

export class Sequential extends Model<One> {
  readonly className: string = "Sequential";
  private readonly list: Layer<Result>[] = [];
  private start: InputLayer | undefined;
  private parts: Graph | undefined;
  /** The first data's shape, where none was declared. */
  private seen: SymbolicShape | undefined;

  constructor(options: SequentialOptions) {
    const { layers } = readOptions("sequential", options, DEFAULTS);
    if (!Array.isArray(layers)) throw new ConfigError("sequential.layers", "a list of layers", show(layers));
    super(options, "Sequential");
    for (const layer of layers) this.append(layer);
    if (this.list.length > 0 && this.declared) this.graph();
  }

  /**
   * Appends a layer; the first may be an input layer, or what `input()` gives. Layers that are built stay so; a new one
   * is built at once where the input shape was declared.
   *
   * @throws {ConfigError} when it is no layer, or one that cannot follow. @throws {ShapeError} when it does not fit.
   */
  add(given: Layer<Result> | UserLayerDefinition | SymbolicTensor): this {
    this.alive("add");
    const count = this.list.length;
    this.append(given);
    if (this.list.length === count) return this;
    try {
      if (this.declared) this.graph();
    } catch (e) {
      this.list.pop();
      throw e;
    }
    return this;
  }

  private append(given: Layer<Result> | UserLayerDefinition | SymbolicTensor): void {
    const isInput = given instanceof SymbolicTensor && given.layer instanceof InputLayer;
    const layer = isInput ? given.layer : asLayer(given);
    if (!layer) throw new ConfigError(`${this.name}.add`, "a layer", show(given));
    if (layer instanceof InputLayer) {
      if (this.list.length > 0 || this.start) {
        throw new ConfigError(`${this.name}.add`, "an input layer only at first", layer.name);
      }
      this.start = layer;
      return;
    }
    if (this.list.some((other) => other.name === layer.name)) {
      throw new ConfigError(`${this.name}.add`, "a name of its own for each layer", `a second ${show(layer.name)}`);
    }
    this.list.push(layer);
    this.parts = undefined;
    this.dropPlans();
  }

  get layers(): readonly Layer<Result>[] {
    return this.list;
  }

  override get takesList(): boolean {
    return false;
  }

  protected get declared(): boolean {
    return this.seen === undefined && this.declaredShape() !== undefined;
  }

  override get built(): boolean {
    return this.list.length > 0 && this.knownShape() !== undefined && this.graph() !== undefined;
  }

  protected override prepare([shape]: readonly SymbolicShape[]): void {
    if (this.seen || !shape || this.declared) return;
    // The batch size of the first data is no part of the model unless a layer wants it static.
    this.seen = this.isStateful ? shape : [null, ...shape.slice(1)];
    try {
      this.makeGraph(this.seen);
    } catch (e) {
      this.seen = undefined;
      throw e;
    }
  }

  protected graph(): Graph {
    if (this.parts) return this.parts;
    const shape = this.knownShape();
    if (shape) return this.makeGraph(shape);
    const wanted = "an input shape (give the first layer inputShape, or call build)";
    throw new StateError(this.name, wanted, "a model without one");
  }

  /** The shape for which the graph is drawn: the first data's, a declared one, or one that fits all there is. */
  private knownShape(): SymbolicShape | undefined {
    return this.seen ?? this.declaredShape() ?? this.list[0]?.impliedInputShape;
  }

  private declaredShape(): SymbolicShape | undefined {
    if (this.start) return this.start.batchShape;
    const [first] = this.list;
    return (
      first?.batchInputShape ?? (first instanceof Network ? first.declaredInput : undefined) ?? this.batchInputShape
    );
  }

  private makeGraph(batchShape: SymbolicShape): Graph {
    const [first] = this.list;
    if (!first) throw new ConfigError(this.name, "at least one layer", "none");
    const start = this.start ?? new InputLayer({ batchShape, name: `${first.name}_input` });
    const input = start.tensor();
    let last: SymbolicTensor = input;
    for (const layer of this.list) {
      const made = layer.apply(last) as SymbolicTensor | SymbolicTensor[];
      if (Array.isArray(made)) {
        const got = made.map((t) => showShape(t.shape)).join(" and ");
        throw new ConfigError(`${this.name}, ${layer.name}`, "one output in a sequential model", got);
      }
      last = made;
    }
    this.parts = graphBetween(this.name, [input], [last]);
    return this.parts;
  }

  override getConfig(): Record<string, unknown> {
    this.alive("getConfig");
    return super.getConfig();
  }

  override toSpec(): Record<string, unknown> {
    const shape = this.list.length > 0 ? this.knownShape() : undefined;
    return {
      module: "keras",
      class_name: "Sequential",
      config: this.getConfig(),
      registered_name: null,
      ...(shape && { build_config: { input_shape: shape } }),
    };
  }

  /** The input layer is written only where the input was declared: a model that adapts to its data goes on so. */
  protected ownConfig(): Record<string, unknown> {
    const start = this.declared && this.list.length > 0 ? [this.inputs[0]?.layer as InputLayer] : [];
    const shape = this.list.length > 0 ? this.knownShape() : undefined;
    return {
      layers: [...start, ...this.list].map((layer) => layer.toSpec()),
      ...(shape && { build_input_shape: shape }),
    };
  }
}

/**
 * A model of layers one after another.
 *
 * @throws {ConfigError} when a layer gives several outputs.
 *
 * @example
 * const m = sequential({ layers: [layers.simpleRNN({ units: 3, inputShape: [2, 10] })] });
 * m.countParams(); // 42
 */
export function sequential(options: SequentialOptions = {}): Sequential {
  return new Sequential(options);
}
