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

export class Plans {
  private readonly known = new Map<string, Plan>();

  constructor(private readonly layer: Layer<Result>) {}

  /** The plan for calls like this one; the layer is built and the shapes are checked when it is made. */
  planFor(engine: Engine, call: EagerCall, wanted: Wanted): Plan {
    const known = this.find(engine, call, wanted);
    if (known) return known;
    const key = `${wanted} ${call.key}`;
    const plan = this.make(engine, call, wanted);
    this.drop(key);
    if (this.known.size >= KEPT) this.drop(this.known.keys().next().value as string);
    this.known.set(key, plan);
    return plan;
  }

  /** The plan for calls like this one, if it is there. */
  find(engine: Engine, call: EagerCall, wanted: Wanted): Plan | undefined {
    const known = this.known.get(`${wanted} ${call.key}`);
    return known?.engine === engine ? known : undefined;
  }

  private drop(key: string): void {
    this.known.get(key)?.free();
    this.known.delete(key);
  }

  /** Runs a call. A batch of nothing gives nothing. */
  run(engine: Engine, call: EagerCall): Tensor[] {
    if (!call.inputs.some((t) => t.shape[0] === 0)) return this.planFor(engine, call, "outputs").execute(call.data);
    return this.shapes(call).map((shape) => new Tensor(shape as number[], "float32", new Float32Array(0)));
  }

  clear(): void {
    for (const key of [...this.known.keys()]) this.drop(key);
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
