/** Models from ONNX files: a graph that is planned anew for every set of input shapes. */

import { ArgumentError, StateError, UnsupportedError } from "../errors";
import { type BatchOptions, concatenated, eachBatch, one } from "../models/batches";
import { Stream, type StreamOptions } from "../models/stream";
import { type Shapes, warmUp } from "../models/warm_up";
import { emitCopyRows } from "../ops/copy";
import { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { checkOptions } from "../options";
import type { OnnxSpec, OnnxValue } from "../spec";
import { sizeOf, type Tensor, type TensorData, type TensorLike } from "../tensor";
import { type Engine, sharedEngine } from "../wasm/engine";
import { type Calls, callsOf, checkRows, type Given, shapesOf } from "./calls";
import { checkOperators, Evaluation, Folded } from "./evaluate";
import { constantInput, type OnnxModelInput, tensorsInOrder } from "./inputs";
import { type OnnxOptions, onnxOptions } from "./options";
import { type OnnxLoadReport, reportOf } from "./report";
import { checkShapes, frameShapes, type OnnxInput, withShape } from "./shapes";
import { summaryText } from "./summary";
import { denseSlab, detached, type Known, kindOf, Live, type Value } from "./value";

/** How many plans are kept. */
const KEPT = 8;

/**
 * A model from an ONNX file.
 *
 * Shapes, and all that follows from them, are computed once for every set of input shapes. 64-bit whole numbers are
 * kept in 32 bits, floats of every width in float32; sums and products of computed whole numbers are exact to 2^24.
 *
 * @example
 * const model = await loadModel("vad.onnx", { onnx: { constants: { sr: 16000 }, state: { stateN: "state" } } });
 */
export class OnnxModel {
  readonly name: string;
  /** The inputs that `predict` takes, in its order. */
  readonly inputs: readonly OnnxInput[];
  /** The outputs, in the order in which `predict` gives them. */
  readonly outputs: readonly OnnxValue[];
  /** What the file held that is not used, or computed in another type. */
  readonly loadReport: OnnxLoadReport;
  private readonly constants: ReadonlyMap<string, Known>;
  private readonly stateOf: ReadonlyMap<string, string>;
  private readonly folded: Folded;
  private readonly plans = new Map<string, Plan>();
  private disposed = false;

  /** @throws {ArgumentError} for names that the graph does not have. @throws {UnsupportedError} naming a node. */
  constructor(
    readonly spec: OnnxSpec,
    options: OnnxOptions = {},
    limits: { readonly bytes?: number } = {},
  ) {
    this.folded = new Folded(2 * (limits.bytes ?? 2 ** 31));
    const { name, graph } = spec;
    this.name = name;
    const { inputShapes, constants, state, open } = onnxOptions(name, graph, options);
    this.outputs = graph.outputs;
    this.loadReport = reportOf(spec);
    this.inputs = open.map((input) => withShape(name, input, inputShapes[input.name]));
    this.stateOf = new Map(Object.entries(state));
    this.constants = new Map(
      graph.inputs
        .filter((input) => Object.hasOwn(constants, input.name))
        .map((input) => [input.name, constantInput(name, input, constants[input.name] as TensorLike)]),
    );
    checkOperators(spec);
  }

  /**
   * Runs the model. States that are left out are zeros.
   *
   * @param options.batchSize Samples at a time, for graphs whose samples do not depend on each other: the first axis of
   *   every input and output. By default all at once.
   * @returns a tensor, or a list in the order of {@link OnnxModel.outputs} when there are several.
   * @throws {ShapeError} @throws {ArgumentError} when the inputs do not fit.
   * @throws {UnsupportedError} naming the node that does what is not done here.
   */
  predict(x: OnnxModelInput, options: BatchOptions = {}): Tensor | readonly Tensor[] {
    checkOptions(options, this.name, "predict");
    const { batches, all } = this.calls(x, options);
    const parts = Array.from({ length: batches.count }, (_, k) => this.run(all(batches.inputs(k)), batches.count > 1));
    return one(concatenated(parts));
  }

  /**
   * The same numbers, yielding to other work between batches.
   *
   * @param options.onProgress Called with the samples done and all samples.
   * @param options.signal Aborting rejects with the signal's reason.
   */
  async predictAsync(x: OnnxModelInput, options: BatchOptions = {}): Promise<Tensor | readonly Tensor[]> {
    checkOptions(options, this.name, "predictAsync");
    options.signal?.throwIfAborted();
    const { batches, all } = this.calls(x, options);
    return one(concatenated(await eachBatch(batches, options, (cut) => this.run(all(cut), batches.count > 1))));
  }

  private calls(x: OnnxModelInput, { batchSize }: BatchOptions): Calls {
    this.alive("predict");
    const given = tensorsInOrder(this.name, this.inputs, new Set(this.stateOf.values()), x);
    return callsOf(this.name, this.inputs, given, batchSize);
  }

  private run(given: Given, isPart: boolean): readonly Tensor[] {
    this.alive("predict");
    const shapes = shapesOf(this.inputs, this.spec.graph.inputs, given);
    checkShapes(this.name, this.inputs, shapes);
    const data = shapes.map((shape, k): TensorData => given[k]?.data ?? new Float32Array(sizeOf(shape)));
    const results = this.planFor(shapes).execute(data);
    if (isPart) checkRows(this.name, this.outputs, results, given.find((t) => t)?.shape[0] ?? 1);
    return results;
  }

  /**
   * Runs zeros of this shape until the engine's compiler has reached its fastest code: about a tenth of a second.
   *
   * @param shape One shape, or a list of shapes for several inputs; without those of states.
   * @throws {ArgumentError} for lengths that are none. What `predict` throws.
   */
  warmup(shape: Shapes): void {
    warmUp(this.name, shape, (x) => this.predict(x));
  }

  /**
   * A stream: one call of the model a step, with the states that the option `state` names carried inside.
   *
   * @param options.batch Independent sequences that step together. Default 1.
   * @throws {UnsupportedError} when no state was named.
   */
  createStream(options: StreamOptions = {}): Stream {
    this.alive("createStream");
    checkOptions(options, this.name, "createStream");
    if (this.stateOf.size === 0) {
      const got = "none: every step would begin anew";
      throw new UnsupportedError(`${this.name}.createStream`, "states in loadModel's option onnx.state", got);
    }
    const states = new Set(this.stateOf.values());
    const frames = this.inputs.filter(({ name }) => !states.has(name));
    const inOrder = [...frames, ...this.inputs.filter(({ name }) => states.has(name))];
    const declared = inOrder.map(({ name }) => this.spec.graph.inputs.find((v) => v.name === name) as OnnxValue);
    const shapes = frameShapes(this.name, inOrder, declared, options.batch);
    const key = `stream ${JSON.stringify(shapes)}`;
    return new Stream(
      this.kept(key, (plan) => this.planStep(plan, inOrder, shapes, states)),
      this.name,
    );
  }

  private planStep(
    plan: Plan,
    inputs: readonly OnnxInput[],
    shapes: readonly (readonly number[])[],
    states: ReadonlySet<string>,
  ): readonly Slab[] {
    const carried = new Map<string, Slab>();
    const given = inputs.map(({ name, dtype }, k): [string, Value] => {
      const shape = shapes[k] as readonly number[];
      if (!states.has(name)) return [name, new Live(plan.input(shape, kindOf(dtype)))];
      if (kindOf(dtype) !== "float32") throw new UnsupportedError(`${this.name}, state ${name}`, "floats", dtype);
      const slab = plan.state(shape);
      carried.set(name, slab);
      return [name, new Live(slab)];
    });
    const outputs = this.evaluate(plan, new Map(given));
    // An output may be a state as it was; it is read before the new one is written.
    const homes = new Set([...carried.values()].map(({ home }) => home));
    const slabs = outputs.map((value) => detached(plan, denseSlab(plan, value), homes));
    this.outputs.forEach(({ name }, k) => {
      const state = carried.get(this.stateOf.get(name) ?? "");
      const slab = slabs[k] as Slab;
      if (!state) return;
      if (state.size !== slab.size) {
        const got = `[${slab.shape.join(", ")}]`;
        throw new ArgumentError(`${this.name}, state ${name}`, `a state [${state.shape.join(", ")}]`, got);
      }
      emitCopyRows(plan, slab.view([1, slab.size]), state.view([1, slab.size]), slab.size);
    });
    return slabs.filter((_, k) => !this.stateOf.has(this.outputs[k]?.name ?? ""));
  }

  private planFor(shapes: readonly (readonly number[])[]): Plan {
    return this.kept(JSON.stringify(shapes), (plan) => {
      const given = this.inputs.map(({ name, dtype }, k): [string, Value] => {
        return [name, new Live(plan.input(shapes[k] as readonly number[], kindOf(dtype)))];
      });
      return this.evaluate(plan, new Map(given)).map((value) => denseSlab(plan, value));
    });
  }

  private evaluate(plan: Plan, given: ReadonlyMap<string, Value>): Value[] {
    const values = new Map<string, Value>([...this.constants, ...given]);
    return new Evaluation(this.spec, this.folded, plan, values).run(this.spec.graph);
  }

  private kept(key: string, build: (plan: Plan) => readonly Slab[]): Plan {
    const engine: Engine = sharedEngine();
    const known = this.plans.get(key);
    if (known?.engine === engine) return known;
    const plan = new Plan(engine);
    plan.seal(build(plan));
    const [oldest] = this.plans.keys();
    if (known) this.drop(key);
    else if (this.plans.size >= KEPT) this.drop(oldest as string);
    this.plans.set(key, plan);
    return plan;
  }

  private drop(key: string): void {
    this.plans.get(key)?.free();
    this.plans.delete(key);
  }

  /** Inputs, outputs, operators and weights as text, printed unless `print` is false. */
  summary(options: { print?: ((text: string) => void) | false } = {}): string {
    this.alive("summary");
    checkOptions(options, this.name, "summary");
    const { print = (text: string) => console.log(text) } = options;
    const text = summaryText(this.spec, this.inputs);
    if (print) print(text.trimEnd());
    return text;
  }

  /** Gives the memory back. Afterwards every method throws; twice is allowed. */
  dispose(): void {
    for (const key of [...this.plans.keys()]) this.drop(key);
    for (const owner of this.folded.owners) sharedEngine().release(owner);
    this.disposed = true;
  }

  private alive(method: string): void {
    if (this.disposed) throw new StateError(`${this.name}.${method}`, "a model in use", "one that was disposed of");
  }
}
