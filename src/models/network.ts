/** A graph of layers as one layer: what a model is before anybody asks it for numbers. */

import { ShapeError, StateError, showShape } from "../errors";
import { Layer, type PlannedCall, type Result } from "../layers/layer";
import { numbered } from "../layers/names";
import type { LayerOptions } from "../layers/options";
import type { Plans } from "../layers/plans";
import type { SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType, Tensor } from "../tensor";
import { type Engine, newEngine, sharedEngine } from "../wasm/engine";
import { everyLayer, statefulLayers } from "./every_layer";
import { type Graph, type PlanNode, planGraph } from "./graph";
import { planStreamed } from "./stream";

/** Options of every model. */
export interface ModelOptions extends LayerOptions {
  /** `own`: a WebAssembly memory for this model alone. By default all models of a thread share one. */
  engine?: "shared" | "own";
}

/** What functional and sequential models share as layers. */
export abstract class Network<R extends Result = Result> extends Layer<R> {
  private readonly own: boolean;
  private ownEngine: Engine | undefined;
  private disposed = false;

  constructor(options: ModelOptions, className: string) {
    super(options, className);
    this.own = options.engine === "own";
  }

  /** The graph; made when the input shapes are known. */
  protected abstract graph(): Graph;
  /** The layers, in Keras' order; without the input layer of a sequential model. */
  abstract readonly layers: readonly Layer<Result>[];
  /** True where the shapes of the inputs were declared; otherwise the first data decided, and only its rank binds. */
  protected abstract readonly declared: boolean;

  /** Makes the graph and all weights, for the data that is to come. */
  protected prepare(_shapes: readonly SymbolicShape[]): void {}

  get inputs(): readonly SymbolicTensor[] {
    return this.graph().inputs;
  }

  get outputs(): readonly SymbolicTensor[] {
    return this.graph().outputs;
  }

  /** The declared shape of its only input. */
  get declaredInput(): SymbolicShape | undefined {
    return this.declared && this.inputs.length === 1 ? this.inputs[0]?.shape : undefined;
  }

  override get takesList(): boolean {
    return this.graph().inputs.length > 1;
  }

  /** Keras addresses weights by class and number, not by name: `layers/lstm`, `layers/lstm_1`. */
  override children() {
    return numbered("layers", this.layers);
  }

  override build(shape: SymbolicShape | readonly SymbolicShape[]): this {
    this.alive("build");
    return super.build(shape);
  }

  override outputDTypes(): readonly DType[] {
    return this.outputs.map((t) => t.dtype);
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    this.alive("apply");
    this.prepare(shapes);
    const { inputs, outputs, nodes } = this.graph();
    this.checkInputs(shapes);
    const at = new Map<SymbolicTensor, SymbolicShape>(inputs.map((t, k) => [t, shapes[k] as SymbolicShape]));
    for (const node of nodes) {
      const taken = node.inputs.map((t) => at.get(t) as SymbolicShape);
      node.layer.outputShapes(taken, node.call.args).forEach((shape, k) => {
        at.set(node.outputs[k] as SymbolicTensor, shape);
      });
    }
    return outputs.map((t) => at.get(t) as SymbolicShape);
  }

  private checkInputs(shapes: readonly SymbolicShape[]): void {
    const { inputs } = this.graph();
    if (shapes.length !== inputs.length) {
      throw new ShapeError(this.name, `${inputs.length} inputs`, String(shapes.length));
    }
    // A batch size binds only where states are kept.
    const first = this.declared ? (this.isStateful ? 0 : 1) : Number.POSITIVE_INFINITY;
    inputs.forEach((t, k) => {
      const shape = shapes[k] as SymbolicShape;
      const fits = (d: number | null, axis: number) =>
        axis < first || d === null || shape[axis] === null || shape[axis] === d;
      if (shape.length === t.shape.length && t.shape.every(fits)) return;
      const wanted = t.shape.map((d, axis) => (axis < first ? null : d));
      throw new ShapeError(`${this.name}, input ${t.layer.name}`, showShape(wanted), showShape(shape));
    });
  }

  override plan(plan: Plan, slabs: readonly Slab[], _call: PlannedCall): readonly Slab[] {
    return this.planWith(plan, (node, taken, call) => node.layer.plan(plan, taken, call), slabs);
  }

  override planStream(plan: Plan, slabs: readonly Slab[], _call: PlannedCall): readonly Slab[] {
    return this.planWith(plan, (node, taken, call) => planStreamed(plan, node.layer, taken, call), slabs);
  }

  private planWith(plan: Plan, planNode: PlanNode, slabs: readonly Slab[]): readonly Slab[] {
    const at = planGraph(plan, planNode, this.graph(), slabs);
    return this.outputs.map((t) => at.get(t) as Slab);
  }

  /** True when a layer anywhere inside carries states from call to call. */
  get isStateful(): boolean {
    return statefulLayers(this).length > 0;
  }

  /** Runs it on an engine of somebody else, who keeps the plans for that. */
  runBy(plans: Plans, engine: Engine, inputs: readonly Tensor[]): readonly Tensor[] {
    return plans.run(engine, this.concrete(inputs.length === 1 ? (inputs[0] as Tensor) : inputs, {}));
  }

  protected override engine(): Engine {
    if (!this.own) return sharedEngine();
    this.ownEngine ??= newEngine();
    return this.ownEngine;
  }

  /**
   * Gives the model's memory back. Afterwards every method throws; twice is allowed. Layers that other models use go
   * on working there.
   */
  dispose(): void {
    if (this.disposed) return;
    for (const layer of everyLayer(this)) this.engine().release(layer);
    this.dropPlans();
    this.ownEngine = undefined;
    this.disposed = true;
  }

  /** Forgets how it was run so far. */
  protected dropPlans(): void {
    this.plans.clear();
  }

  /** @throws {StateError} after `dispose`. */
  protected override alive(method: string): void {
    if (this.disposed) throw new StateError(`${this.name}.${method}`, "a model in use", "one that was disposed of");
  }
}

// `using` calls it, on platforms that have the symbol.
if (Symbol.dispose) {
  const dispose = function (this: Network) {
    this.dispose();
  };
  Object.defineProperty(Network.prototype, Symbol.dispose, { value: dispose, configurable: true });
}
