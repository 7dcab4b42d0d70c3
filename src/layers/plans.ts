/** The plans of a layer that is called with numbers, kept for the shapes seen last. */

import { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Tensor } from "../tensor";
import type { Engine } from "../wasm/engine";
import type { EagerCall } from "./call";
import type { Layer, Result } from "./layer";

/** What a plan gives: the outputs, or the mask that the layer hands on. */
export type Wanted = "outputs" | "mask";

/** How many are kept. */
const KEPT = 8;

/** What calls that share a plan have in common. */
interface Signature {
  readonly wanted: Wanted;
  /** Inputs, states and masks; undefined where an input has no mask. */
  readonly tensors: readonly (Pick<Tensor, "dtype" | "shape"> | undefined)[];
  readonly states: number;
  readonly args: string;
}

interface Known extends Signature {
  readonly engine: Engine;
  readonly plan: Plan;
}

export class Plans {
  /** The one made last comes last. */
  private readonly known: Known[] = [];

  constructor(private readonly layer: Layer<Result>) {}

  /** The plan for calls like this one; the layer is built and the shapes are checked when it is made. */
  planFor(engine: Engine, call: EagerCall, wanted: Wanted): Plan {
    const at = this.find(call, wanted);
    if (at >= 0 && this.known[at]?.engine === engine) return (this.known[at] as Known).plan;
    const plan = this.make(engine, call, wanted);
    if (at >= 0) this.drop(at);
    if (this.known.length >= KEPT) this.drop(0);
    this.known.push({ engine, plan, ...signatureOf(call, wanted) });
    return plan;
  }

  /** The plan for these inputs and nothing else, if it is there: the short way of calls that come again and again. */
  forInputs(engine: Engine, inputs: readonly Tensor[]): Plan | undefined {
    const count = inputs.length;
    const find = ({ wanted, tensors, states, args }: Known) => {
      if (wanted !== "outputs" || tensors.length !== 2 * count || states > 0 || args !== "") return false;
      for (let k = 0; k < count; k++) if (tensors[count + k] || !alike(tensors[k], inputs[k])) return false;
      return true;
    };
    const known = this.known.find(find);
    return known?.engine === engine ? known.plan : undefined;
  }

  private find({ inputs, states, masks, args }: EagerCall, wanted: Wanted): number {
    const [first, second] = [inputs.length, inputs.length + states.length];
    return this.known.findIndex((known) => {
      if (known.wanted !== wanted || known.states !== states.length || known.tensors.length !== first + second) {
        return false;
      }
      const fits = (t: Tensor | undefined, at: number) => alike(known.tensors[at], t);
      return (
        inputs.every((t, k) => fits(t, k)) &&
        states.every((t, k) => fits(t, first + k)) &&
        masks.every((t, k) => fits(t, second + k)) &&
        known.args === textOf(args)
      );
    });
  }

  private drop(at: number): void {
    for (const { plan } of this.known.splice(at, 1)) plan.free();
  }

  /** Runs a call. A batch of nothing gives nothing. */
  run(engine: Engine, call: EagerCall): Tensor[] {
    if (!call.inputs.some((t) => t.shape[0] === 0)) return this.planFor(engine, call, "outputs").execute(call.data);
    return this.shapes(call).map((shape) => new Tensor(shape as number[], "float32", new Float32Array(0)));
  }

  clear(): void {
    while (this.known.length > 0) this.drop(0);
  }

  private shapes(call: EagerCall) {
    const shapes = call.inputs.map((t) => t.shape);
    this.layer.build(shapes);
    return this.layer.outputShapes(shapes, call.args);
  }

  private make(engine: Engine, call: EagerCall, wanted: Wanted): Plan {
    this.shapes(call);
    this.layer.checkInitialState(
      call.inputs.map((t) => t.shape),
      call.states,
    );
    const plan = new Plan(engine, wanted === "outputs");
    const toSlab = (t: Tensor) => plan.input(t.shape, t.dtype);
    const inputs = call.inputs.map(toSlab);
    const initialState = call.states.map(toSlab);
    call.masks.forEach((mask, k) => {
      if (mask) (inputs[k] as Slab).mask = toSlab(mask);
    });
    const outputs = this.layer.plan(plan, inputs, { initialState, args: call.args });
    if (wanted === "outputs") return plan.seal(outputs);
    const handedOn = outputs[0]?.mask;
    return plan.seal(handedOn ? [handedOn] : []);
  }
}

function signatureOf({ inputs, states, masks, args }: EagerCall, wanted: Wanted): Signature {
  const tensors = [...inputs, ...states, ...masks].map((t) => t && { dtype: t.dtype, shape: [...t.shape] });
  return { wanted, tensors, states: states.length, args: textOf(args) };
}

function textOf(args: Readonly<Record<string, unknown>>): string {
  for (const _ in args) return JSON.stringify(args);
  return "";
}

function alike(a: Signature["tensors"][number], b: Signature["tensors"][number]): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false;
  for (let axis = 0; axis < a.shape.length; axis++) if (a.shape[axis] !== b.shape[axis]) return false;
  return true;
}
