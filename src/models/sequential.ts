/** Models that are a list of layers. */

import { ConfigError, StateError, show, showShape } from "../errors";
import { InputLayer } from "../layers/input_layer";
import { Layer, type One, type Result } from "../layers/layer";
import type { SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import { orderedNodes } from "./graph";
import { type Graph, Model, type ModelOptions } from "./model";

/** Options of {@link sequential}. */
export interface SequentialOptions extends ModelOptions {
  layers?: readonly Layer<Result>[];
}

export class Sequential extends Model<One> {
  readonly className: string = "Sequential";
  private readonly list: Layer<Result>[] = [];
  private start: InputLayer | undefined;
  private parts: Graph | undefined;

  constructor(options: SequentialOptions) {
    super(options, "Sequential");
    for (const layer of options.layers ?? []) this.add(layer);
  }

  /**
   * Appends a layer.
   * @throws {StateError} when the model has been built: its weights and plans are made.
   */
  add(layer: Layer<Result>): this {
    this.alive("add");
    if (!(layer instanceof Layer)) throw new ConfigError(`${this.name}.add`, "a layer", show(layer));
    if (layer instanceof InputLayer) {
      if (this.list.length > 0 || this.start)
        throw new ConfigError(`${this.name}.add`, "an input layer only at first", layer.name);
      this.start = layer;
      return this;
    }
    if (this.list.some((other) => other.name === layer.name)) {
      throw new ConfigError(`${this.name}.add`, "a name of its own for each layer", `a second ${show(layer.name)}`);
    }
    if (this.parts) throw new StateError(`${this.name}.add`, "a model that has not run yet", "one that is built");
    this.list.push(layer);
    return this;
  }

  get layers(): readonly Layer<Result>[] {
    return this.list;
  }

  override get takesList(): boolean {
    return false;
  }

  protected override prepare(shapes: readonly SymbolicShape[]): void {
    if (this.parts) return;
    const [shape] = shapes;
    // The batch size of the first data is no part of the model unless a layer wants it static.
    const stateful = this.isStateful;
    this.makeGraph([stateful ? (shape?.[0] ?? null) : null, ...this.looseAxes(shape?.slice(1) ?? [])]);
  }

  /** Timesteps may change from call to call; the last axis may not. */
  private looseAxes(axes: SymbolicShape): SymbolicShape {
    return axes.map((d, k) => (k === axes.length - 1 && axes.length !== 1 ? d : axes.length > 1 ? null : d));
  }

  protected graph(): Graph {
    if (!this.parts) {
      const shape = this.declaredShape();
      if (!shape) {
        throw new StateError(
          this.name,
          "an input shape (give the first layer inputShape, or call build)",
          "a model without one",
        );
      }
      this.makeGraph(shape);
    }
    return this.parts as Graph;
  }

  private declaredShape(): SymbolicShape | undefined {
    return this.start?.batchShape ?? this.list[0]?.batchInputShape ?? this.batchInputShape;
  }

  private makeGraph(fallback: SymbolicShape): void {
    if (this.list.length === 0) throw new ConfigError(this.name, "at least one layer", "none");
    const batchShape = this.declaredShape() ?? fallback;
    this.start ??= new InputLayer({ batchShape, name: `${this.list[0]?.name}_input` });
    const input = this.start.tensor();
    let last: SymbolicTensor = input;
    for (const layer of this.list) {
      const made = layer.apply(last) as SymbolicTensor | SymbolicTensor[];
      if (Array.isArray(made)) {
        const got = made.map((t) => showShape(t.shape)).join(" and ");
        throw new ConfigError(`${this.name}, ${layer.name}`, "one output in a sequential model", got);
      }
      last = made;
    }
    this.parts = { inputs: [input], outputs: [last], nodes: orderedNodes(this.name, [input], [last]) };
  }

  protected ownConfig(): Record<string, unknown> {
    throw new Error("not there yet");
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
