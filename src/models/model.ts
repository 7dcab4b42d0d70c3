/** Models: graphs of layers that predict. */

import { ArgumentError, ShapeError, StateError, show, showShape } from "../errors";
import { Layer, type PlannedCall, type Result } from "../layers/layer";
import { snakeCase } from "../layers/names";
import type { LayerOptions } from "../layers/options";
import type { GraphNode, SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { sizeOf, Tensor } from "../tensor";
import { type Engine, newEngine, sharedEngine } from "../wasm/engine";
import { type Batches, type BatchOptions, batchesOf, concatenated, one, pause, rowsOf } from "./batches";
import { everyLayer } from "./every_layer";
import { type PlanNode, planGraph } from "./graph";
import { inputsInOrder, type ModelInput } from "./inputs";
import { NOTHING, planStream, planStreamed, Stream, type StreamOptions } from "./stream";

/** Options of every model. */
export interface ModelOptions extends LayerOptions {
  /** `own`: a WebAssembly memory for this model alone. By default all models of a thread share one. */
  engine?: "shared" | "own";
}

/** The parts of a graph. */
export interface Graph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly nodes: readonly GraphNode[];
}

/** What functional and sequential models share. */
export abstract class Model<R extends Result = Result> extends Layer<R> {
  private readonly own: boolean;
  private ownEngine: Engine | undefined;
  private disposed = false;
  private readonly streamPlans = new Map<number, Plan>();

  constructor(options: ModelOptions, className: string) {
    super(options, className);
    this.own = options.engine === "own";
  }

  /** The graph; made when the input shapes are known. */
  protected abstract graph(): Graph;
  /** The layers, in order; without the input layers of a sequential model. */
  abstract readonly layers: readonly Layer<Result>[];

  /** Makes the graph and all weights, for the batch that is to come. */
  protected prepare(_shapes: readonly SymbolicShape[]): void {}

  get inputs(): readonly SymbolicTensor[] {
    return this.graph().inputs;
  }

  get outputs(): readonly SymbolicTensor[] {
    return this.graph().outputs;
  }

  override get takesList(): boolean {
    return this.graph().inputs.length > 1;
  }

  /** Keras addresses weights by class and number, not by name: `layers/lstm`, `layers/lstm_1`. */
  override children() {
    const counts = new Map<string, number>();
    return this.layers.map((layer) => {
      const base = snakeCase(layer.className);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      return [`layers/${count === 0 ? base : `${base}_${count}`}`, layer] as const;
    });
  }

  override outputShapes(shapes: readonly SymbolicShape[]): readonly SymbolicShape[] {
    this.alive("apply");
    this.prepare(shapes);
    const { inputs, outputs, nodes } = this.graph();
    this.checkInputs(shapes);
    const at = new Map<SymbolicTensor, SymbolicShape>(inputs.map((t, k) => [t, shapes[k] as SymbolicShape]));
    const given = new Set(inputs.map((t) => t.node));
    for (const node of nodes) {
      if (given.has(node)) continue;
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
    inputs.forEach((t, k) => {
      const shape = shapes[k] as SymbolicShape;
      const fits = (d: number | null, axis: number) => d === null || shape[axis] === null || shape[axis] === d;
      if (shape.length === t.shape.length && t.shape.every(fits)) return;
      throw new ShapeError(`${this.name}, input ${t.layer.name}`, showShape(t.shape), showShape(shape));
    });
  }

  override plan(plan: Plan, slabs: readonly Slab[], _call: PlannedCall): readonly Slab[] {
    return this.planWith((node, taken, call) => node.layer.plan(plan, taken, call), slabs);
  }

  override planStream(plan: Plan, slabs: readonly Slab[], _call: PlannedCall): readonly Slab[] {
    return this.planWith((node, taken, call) => planStreamed(plan, node.layer, taken, call), slabs);
  }

  private planWith(planNode: PlanNode, slabs: readonly Slab[]): readonly Slab[] {
    const { inputs, outputs, nodes } = this.graph();
    const at = planGraph(planNode, nodes, inputs, slabs);
    return outputs.map((t) => at.get(t) as Slab);
  }

  /**
   * A stream: the model one timestep at a time, with states of its own.
   *
   * @param options.batch Independent sequences that step together. Default 1.
   * @throws {UnsupportedError} naming the layer that needs timesteps that have not come yet.
   *
   * @example
   * const m = sequential({ layers: [layers.gru({ units: 4, inputShape: [null, 3] })] });
   * const stream = m.createStream();
   * stream.step([0.1, 0.2, 0.3]).length; // 4
   */
  createStream(options: StreamOptions = {}): Stream {
    this.alive("createStream");
    return new Stream(this.streamPlan(options.batch ?? 1), this.name);
  }

  private streamPlan(batch: number): Plan {
    const engine = this.engine();
    const known = this.streamPlans.get(batch);
    if (known?.engine === engine) return known;
    const plan = planStream(this.name, engine, this.graph().inputs, batch, (p, slabs) =>
      this.planStream(p, slabs, NOTHING),
    );
    this.streamPlans.set(batch, plan);
    return plan;
  }

  protected override engine(): Engine {
    if (!this.own) return sharedEngine();
    this.ownEngine ??= newEngine();
    return this.ownEngine;
  }

  /**
   * Runs the model. Always synchronous; the result does not depend on `batchSize`.
   *
   * @param options.batchSize Samples at a time; by default what fits a bounded scratch memory.
   * @returns a tensor, or a list of tensors when the model has several outputs.
   * @throws {ShapeError} when the input does not fit.
   *
   * @example
   * const m = sequential({ layers: [layers.lstm({ units: 4, inputShape: [null, 3] })] });
   * m.predict([[[1, 2, 3], [4, 5, 6]]]).shape; // [1, 4]
   */
  predict(x: ModelInput, options: BatchOptions = {}): R["concrete"] {
    const batches = this.batches(x, options);
    const parts: Tensor[][] = [];
    for (let k = 0; k < batches.count; k++) parts.push(this.runBatch(batches, k));
    return one(concatenated(parts)) as R["concrete"];
  }

  /**
   * The same numbers as {@link Model.predict}, yielding to other work between batches.
   *
   * @param options.onProgress Called with the samples done and all samples.
   * @param options.signal Aborting rejects with the signal's reason.
   */
  async predictAsync(x: ModelInput, options: BatchOptions = {}): Promise<R["concrete"]> {
    const { signal, onProgress } = options;
    signal?.throwIfAborted();
    const batches = this.batches(x, options);
    const parts: Tensor[][] = [];
    for (let k = 0; k < batches.count; k++) {
      if (k > 0) await pause();
      signal?.throwIfAborted();
      parts.push(this.runBatch(batches, k));
      onProgress?.(Math.min((k + 1) * batches.size, batches.samples), batches.samples);
    }
    return one(concatenated(parts)) as R["concrete"];
  }

  private batches(x: ModelInput, options: BatchOptions): Batches {
    this.alive("predict");
    const inputs = inputsInOrder(this, x);
    this.outputShapes(inputs.map((t) => t.shape));
    const bytes = (size: number) =>
      this.plans.planFor(this.engine(), this.call(inputs.map((t) => rowsOf(t, 0, size))), "outputs").bytes;
    return batchesOf(this.name, inputs, options, this.isStateful, bytes);
  }

  private runBatch(batches: Batches, k: number): Tensor[] {
    return this.run(this.call(batches.inputs(k)));
  }

  private call(inputs: readonly Tensor[]) {
    return this.concrete(inputs.length === 1 ? (inputs[0] as Tensor) : inputs, {});
  }

  /** True when a layer anywhere inside carries states from call to call. */
  get isStateful(): boolean {
    return everyLayer(this).some((layer) => (layer as { stateful?: boolean }).stateful === true);
  }

  /** Forgets the states of all stateful layers inside. */
  resetStates(): void {
    this.alive("resetStates");
    for (const layer of everyLayer(this)) (layer as { resetStates?: () => void }).resetStates?.();
  }

  /**
   * A layer by its name.
   * @throws {ArgumentError} when there is none.
   */
  getLayer(name: string): Layer<Result> {
    const found = this.layers.find((layer) => layer.name === name);
    if (found) return found;
    const names = this.layers.map((layer) => layer.name).join(", ");
    throw new ArgumentError(`${this.name}.getLayer`, `one of ${names}`, show(name));
  }

  /**
   * Runs zeros of this shape (batch axis included) until the engine's compiler has reached its fastest code: about
   * a tenth of a second. A live application calls it before its first frame.
   */
  warmup(shape: readonly number[] | readonly (readonly number[])[]): void {
    const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as readonly (readonly number[])[];
    const zeros = shapes.map((s) => new Tensor(s, "float32", new Float32Array(sizeOf(s))));
    const snapshot = everyLayer(this).map((layer) => (layer as { states?: Tensor[] | null }).states ?? undefined);
    const until = Date.now() + 100;
    do this.run(this.call(zeros));
    while (Date.now() < until);
    everyLayer(this).forEach((layer, k) => {
      const stateful = layer as { stateful?: boolean; resetStates?: (states?: Tensor[]) => void };
      if (stateful.stateful && stateful.resetStates) stateful.resetStates(snapshot[k]);
    });
  }

  /** Gives the model's memory back. Afterwards every method throws; twice is allowed. */
  dispose(): void {
    if (this.disposed) return;
    for (const layer of everyLayer(this)) this.engine().release(layer);
    this.plans.clear();
    this.ownEngine = undefined;
    this.disposed = true;
  }

  /** @throws {StateError} after `dispose`. */
  protected override alive(method: string): void {
    if (this.disposed) throw new StateError(`${this.name}.${method}`, "a model in use", "one that was disposed of");
  }
}

// `using` calls it, on platforms that have the symbol.
if (Symbol.dispose) Object.defineProperty(Model.prototype, Symbol.dispose, { value: Model.prototype.dispose });
