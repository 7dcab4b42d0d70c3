/** Operations of Keras that files draw into graphs beside the layers: `y[:, -1]`, `ops.mean(y, axis=1)`, `2 * y`. */

import { type GraphValue, tensorsIn } from "../config/references";
import { UnsupportedError } from "../errors";
import type { Plan } from "../ops/plan";
import { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Layer, type PlannedCall, type Result } from "./layer";
import { Given, type Typed } from "./operation_given";
import { GraphNode, type SymbolicShape, type SymbolicTensor } from "./symbolic";

/** One kind of operation, as the tables hold it. */
export interface OperationKind {
  /** The arguments of a call in Keras' order; one that begins with `*` takes all that follow as a list. */
  readonly takes: readonly string[];
  /** Shapes and types of the results. */
  result(given: Given<Typed>): readonly Typed[];
  /** Appends the kernel calls. */
  plan(plan: Plan, given: Given<Slab>): readonly Slab[];
  /** True when each timestep of the result needs the same timestep of the operands and nothing else. */
  pointwise?(given: Given<Slab>): boolean;
}

/** Kinds by the names of their Keras classes. */
export type OperationTable = Readonly<Record<string, OperationKind>>;

/** How an operation is called: the tensors are numbered through, in the order of writing. */
export interface OperationCall {
  readonly args: readonly GraphValue[];
  readonly kwargs: Readonly<Record<string, GraphValue>>;
}

/** How an operation stands in a file. */
export interface OperationIdentity {
  readonly className: string;
  readonly module: string | null;
  readonly registeredName: string | null;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A layer without weights that does not count as one: it has no place in `model.layers` and hands on no mask. */
export class Operation extends Layer<Result> {
  readonly className: string;

  constructor(
    name: string,
    private readonly kind: OperationKind,
    private readonly identity: OperationIdentity,
  ) {
    super({ name }, identity.className);
    this.className = identity.className;
  }

  override get isOperation(): boolean {
    return true;
  }

  /** Draws one call into a graph. */
  draw(call: OperationCall, tensors: readonly SymbolicTensor[]): readonly SymbolicTensor[] {
    const args = { ...call };
    const results = this.kind.result(this.given(args, tensors));
    const shapes = results.map(({ shape }) => shape);
    const dtypes = results.map(({ dtype }) => dtype);
    this.build(tensors.map((t) => t.shape));
    return new GraphNode(this, tensors, { masks: [], initialState: [], args }, shapes, dtypes).outputs;
  }

  override build(_shape: SymbolicShape | readonly SymbolicShape[]): this {
    return this;
  }

  override get built(): boolean {
    return true;
  }

  override outputShapes(inputs: readonly SymbolicShape[], args: Readonly<Record<string, unknown>> = {}) {
    const typed = inputs.map((shape) => ({ shape, dtype: "float32" as DType }));
    return this.kind.result(this.given(args, typed)).map(({ shape }) => shape);
  }

  override plan(plan: Plan, inputs: readonly Slab[], { args }: PlannedCall): readonly Slab[] {
    return this.kind.plan(plan, this.givenSlabs(plan, inputs, args)).map((slab) => slab.view(slab.shape));
  }

  override planStream(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    if (!this.kind.pointwise?.(this.givenSlabs(plan, inputs, call.args))) return super.planStream(plan, inputs, call);
    const outputs = this.plan(plan, inputs, call);
    for (const slab of outputs) slab.timed = true;
    return outputs;
  }

  private givenSlabs(plan: Plan, inputs: readonly Slab[], args: Readonly<Record<string, unknown>>): Given<Slab> {
    return this.given(args, inputs, (shape, dtype, values, key) => {
      const { arena } = plan.engine;
      const fill = (ptr: number) => (dtype === "int32" ? arena.i32 : arena.f32).set(values, ptr >> 2);
      return new Slab(shape, dtype, plan.packed(this, `${key} ${values.join()}`, values.length, fill));
    });
  }

  private given<T extends Typed>(
    args: Readonly<Record<string, unknown>>,
    tensors: readonly T[],
    constant?: ConstructorParameters<typeof Given<T>>[3],
  ): Given<T> {
    const { takes } = this.kind;
    const call = args as unknown as OperationCall;
    const values = new Map<string, GraphValue>();
    for (const [key, value] of Object.entries(this.identity.config)) {
      values.set(key, { kind: "value", value: value as never });
    }
    takes.forEach((name, k) => {
      if (name.startsWith("*")) values.set(name.slice(1), { kind: "list", items: call.args.slice(k) });
      else if (call.args[k]) values.set(name, call.args[k] as GraphValue);
    });
    for (const [key, value] of Object.entries(call.kwargs)) values.set(key, value);
    const order = [...call.args, ...Object.values(call.kwargs)].flatMap(tensorsIn);
    return new Given(
      `operation ${this.className} (${this.name})`,
      values,
      (ref) => tensors[order.indexOf(ref)] as T,
      constant,
    );
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.identity.config, name: this.name };
  }

  protected ownConfig(): Record<string, unknown> {
    return {};
  }

  override toSpec(): Record<string, unknown> {
    const { className, module, registeredName } = this.identity;
    return { module, class_name: className, config: this.getConfig(), registered_name: registeredName };
  }
}

/** Refuses what would make one sample of a batch look at another: results must not depend on the batch. */
export function refuseBatchAxis(given: Given<Typed>, what: string): never {
  throw new UnsupportedError(given.where, "work within each sample", `${what} along the axis of samples`);
}
