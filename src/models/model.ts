/** Models: networks that predict. */

import { ArgumentError, show } from "../errors";
import type { Layer, Result } from "../layers/layer";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { checkOptions } from "../options";
import { ARRAYS, Tensor } from "../tensor";
import type { Engine } from "../wasm/engine";
import { arraysFor, type BatchOptions, batchesOf, concatenated, eachBatch, one, rowsOf, SCRATCH } from "./batches";
import { statefulLayers } from "./every_layer";
import { inputsInOrder, type ModelInput, withRankOf } from "./inputs";
import type { LoadReport } from "./load_report";
import { Network } from "./network";
import { NOTHING, planStream, Stream, type StreamOptions } from "./stream";
import { type SummaryOptions, summaryText } from "./summary";
import { type ModelParts, type PartsOptions, packWeights } from "./to_parts";
import { type Shapes, warmUp } from "./warm_up";

/** What functional and sequential models share. */
export abstract class Model<R extends Result = Result> extends Network<R> {
  /** For a model that was loaded: what its file held besides. */
  loadReport: LoadReport | null = null;
  private readonly streamPlans = new Map<number, Plan>();

  /**
   * Runs the model. Always synchronous; the result does not depend on `batchSize`.
   *
   * @param options.batchSize Samples at a time; by default what fits a bounded scratch memory, or all of them in a
   *   stateful model.
   * @param options.out Arrays that the results go to, one an output: large ones made anew for every call cost time.
   * @returns a tensor, or a list of tensors when the model has several outputs.
   * @throws {ShapeError} when the input does not fit. @throws {ArgumentError} when an option or an array does not.
   *
   * @example
   * const m = sequential({ layers: [layers.lstm({ units: 4, inputShape: [null, 3] })] });
   * m.predict([[[1, 2, 3], [4, 5, 6]]]).shape; // [1, 4]
   */
  predict(x: ModelInput, options: BatchOptions = {}): R["concrete"] {
    checkOptions(options, this.name, "predict");
    const known = x instanceof Tensor ? this.atOnce([x], options) : undefined;
    if (known) return one(known) as R["concrete"];
    const inputs = this.tensorsOf(x);
    return one(this.atOnce(inputs, options) ?? this.inBatches(inputs, options)) as R["concrete"];
  }

  /**
   * The same numbers as {@link Model.predict}, yielding to other work between batches.
   *
   * @param options.onProgress Called with the samples done and all samples.
   * @param options.signal Aborting rejects with the signal's reason.
   */
  async predictAsync(x: ModelInput, options: BatchOptions = {}): Promise<R["concrete"]> {
    checkOptions(options, this.name, "predictAsync");
    options.signal?.throwIfAborted();
    const batches = this.batches(this.tensorsOf(x), options);
    const parts = await eachBatch(batches, options, (inputs) => {
      this.alive("predictAsync");
      return this.run(this.call(inputs));
    });
    return one(batches.count === 0 ? this.empty(batches.inputs(0)) : concatenated(parts)) as R["concrete"];
  }

  private tensorsOf(x: ModelInput): readonly Tensor[] {
    this.alive("predict");
    const tensors = inputsInOrder(this, x);
    if (!this.built && !this.declared) return tensors;
    const { inputs } = this;
    return tensors.map((t, k) => withRankOf(t, inputs[k]));
  }

  /** The short way for shapes that were seen before and need not be cut. */
  private atOnce(inputs: readonly Tensor[], { batchSize, out }: BatchOptions): Tensor[] | undefined {
    this.alive("predict");
    if (batchSize !== undefined) return undefined;
    const plan = this.planOf(inputs);
    const data = inputs.map((t) => t.data);
    return plan?.execute(data, out && arraysFor(this.name, out, plan.outputs));
  }

  /** What runs them, for shapes that were seen before and need not be cut. */
  planOf(inputs: readonly Tensor[]): Plan | undefined {
    const plan = this.plans.forInputs(this.engine(), inputs);
    return plan && plan.bytes <= SCRATCH ? plan : undefined;
  }

  private batches(inputs: readonly Tensor[], { batchSize }: BatchOptions) {
    const cut = (size: number) => inputs.map((t) => rowsOf(t, 0, Math.min(size, t.shape[0] ?? 0)));
    const bytes = (size: number) => this.plans.planFor(this.engine(), this.call(cut(size)), "outputs").bytes;
    const batches = batchesOf(this.name, inputs, batchSize, this.isStateful, bytes);
    if (batches.count > 0) this.build(cut(batches.size).map((t) => t.shape));
    return batches;
  }

  private inBatches(inputs: readonly Tensor[], options: BatchOptions): readonly Tensor[] {
    const batches = this.batches(inputs, options);
    const out = options.out && arraysFor(this.name, options.out, this.results(inputs));
    if (batches.count === 0) return this.empty(inputs);
    const run = (k: number) => this.run(this.call(batches.inputs(k)));
    return concatenated(
      Array.from({ length: batches.count }, (_, k) => run(k)),
      out,
    );
  }

  /** What no samples give. */
  private empty(inputs: readonly Tensor[]): readonly Tensor[] {
    return this.results(inputs).map(({ shape, dtype }) => new Tensor(shape, dtype, new ARRAYS[dtype](0)));
  }

  /** Shapes and types of what these inputs give. */
  private results(inputs: readonly Tensor[]) {
    const shapes = inputs.map((t) => t.shape);
    this.build(shapes);
    const typeOf = (k: number) => this.outputs[k]?.dtype ?? "float32";
    return this.outputShapes(shapes).map((shape, k) => ({ shape: shape as number[], dtype: typeOf(k) }));
  }

  private call(inputs: readonly Tensor[]) {
    return this.concrete(inputs.length === 1 ? (inputs[0] as Tensor) : inputs, {});
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
    checkOptions(options, this.name, "createStream");
    return new Stream(this.streamPlan(options.batch ?? 1), this.name);
  }

  /** The plan of one timestep of `batch` sequences, for those who run streams. */
  streamPlan(batch: number): Plan {
    this.alive("createStream");
    const engine = this.engine();
    const known = this.streamPlans.get(batch);
    if (known?.engine === engine) return known;
    const plan = this.newStreamPlan(engine, batch);
    this.streamPlans.set(batch, plan);
    return plan;
  }

  /** The same on an engine of somebody else, who keeps it. */
  newStreamPlan(engine: Engine, batch: number): Plan {
    const steps = (plan: Plan, slabs: readonly Slab[]) => this.planStream(plan, slabs, NOTHING);
    return planStream(this.name, engine, this.inputs, batch, steps);
  }

  /** Forgets the states of all stateful layers inside. */
  resetStates(): void {
    this.alive("resetStates");
    for (const layer of statefulLayers(this)) layer.resetStates();
  }

  /**
   * Prints the table of the layers, as the Keras documents show it, and returns it.
   *
   * @throws {ArgumentError} when a line is too short, or an option unknown.
   *
   * @example
   * model.summary();
   * model.summary({ style: "box", print: (text) => log(text) });
   */
  summary(options: SummaryOptions = {}): string {
    this.alive("summary");
    checkOptions(options, this.name, "summary");
    const text = summaryText(this, this.built ? this.graph() : undefined, options);
    const { print = (line: string) => (globalThis as { console?: Console }).console?.log(line) } = options;
    if (print) print(text.trimEnd());
    return text;
  }

  /**
   * The architecture as an object in Keras 3's format, without the weights: `JSON.stringify(model)` is text that
   * Keras' `model_from_json` reads, and {@link modelFromJSON}.
   */
  toJSON(): Record<string, unknown> {
    this.alive("toJSON");
    return this.toSpec();
  }

  /**
   * The model and its weights as plain data, which `postMessage` can send; `modelFromParts` makes a model of it. The
   * states of stateful layers stay here.
   *
   * @param options.transfer Gets the buffers that may be moved instead of copied.
   *
   * @example
   * const transfer = [];
   * worker.postMessage(model.toParts({ transfer }), transfer);
   */
  toParts(options: PartsOptions = {}): ModelParts {
    this.alive("toParts");
    checkOptions(options, this.name, "toParts");
    this.graph(); // draws it where nobody has yet, which makes the weights
    const weights = packWeights(this);
    options.transfer?.push(weights.buffer);
    return { recurra: 1, model: this.toJSON(), weights };
  }

  /**
   * A layer by its name.
   * @throws {ArgumentError} when there is none.
   */
  getLayer(name: string): Layer<Result> {
    this.alive("getLayer");
    const found = this.layers.find((layer) => layer.name === name);
    if (found) return found;
    const names = this.layers.map((layer) => layer.name).join(", ");
    throw new ArgumentError(`${this.name}.getLayer`, `one of ${names}`, show(name));
  }

  /**
   * Runs zeros of this shape (batch axis included) until the engine's compiler has reached its fastest code: about
   * a tenth of a second. States stay as they are. A live application calls it before its first frame.
   *
   * @param shape One shape, or a list of shapes for several inputs.
   * @throws {ArgumentError} for lengths that are none. What `predict` throws.
   */
  warmup(shape: Shapes): void {
    this.alive("warmup");
    const stateful = statefulLayers(this);
    const snapshot = stateful.map((layer) => layer.states ?? undefined);
    try {
      warmUp(this.name, shape, (x) => this.predict(x));
    } finally {
      stateful.forEach((layer, k) => {
        layer.resetStates(snapshot[k]);
      });
    }
  }

  protected override dropPlans(): void {
    super.dropPlans();
    for (const plan of this.streamPlans.values()) plan.free();
    this.streamPlans.clear();
  }
}
