/** A model one timestep at a time: synchronous, and without garbage. */

import { ArgumentError, ShapeError, StateError, show, showShape } from "../errors";
import type { Layer, PlannedCall, Result } from "../layers/layer";
import type { SymbolicShape, SymbolicTensor } from "../layers/symbolic";
import { Plan } from "../ops/plan";
import type { Instance } from "../ops/residents";
import type { Slab } from "../ops/slab";
import type { Engine } from "../wasm/engine";
import { checkFrame, checkOut, statesOf } from "./frame";

/** Options of `createStream`. */
export interface StreamOptions {
  /** Independent sequences that step together. Default 1. */
  batch?: number;
}

/** A call without states and arguments. */
export const NOTHING: PlannedCall = { initialState: [], args: {} };

/**
 * The plan of one timestep.
 *
 * @param steps Appends the steps of the model.
 */
export function planStream(
  where: string,
  engine: Engine,
  inputs: readonly SymbolicTensor[],
  batch: number,
  steps: (plan: Plan, slabs: readonly Slab[]) => readonly Slab[],
): Plan {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new ArgumentError(`${where}.createStream, batch`, "a positive integer", show(batch));
  }
  const plan = new Plan(engine);
  const slabs = inputs.map((t) => {
    const timed = isTimed(t);
    const slab = plan.input(frameShape(where, t.shape, batch, timed), isIds(t) ? "int32" : t.dtype);
    slab.timed = timed;
    return slab;
  });
  return plan.seal(steps(plan, slabs));
}

/** Plans one layer: those that see a timestep as a stream, those behind the last recurrent layer as ever. */
export function planStreamed(
  plan: Plan,
  layer: Layer<Result>,
  inputs: readonly Slab[],
  call: PlannedCall,
): readonly Slab[] {
  return inputs.some((slab) => slab.timed) ? layer.planStream(plan, inputs, call) : layer.plan(plan, inputs, call);
}

/** Ids have no features: [batch, timesteps] is a sequence when an embedding looks it up. */
function isIds(t: SymbolicTensor): boolean {
  return t.dtype === "int32" || t.consumers.some((layer) => layer.className === "Embedding");
}

function isTimed(t: SymbolicTensor): boolean {
  return t.shape.length >= 3 || (t.shape.length === 2 && isIds(t));
}

function frameShape(where: string, shape: SymbolicShape, batch: number, timed: boolean): number[] {
  const frame = shape.map((d, axis) => (axis === 0 ? batch : axis === 1 && timed ? 1 : d));
  if (frame.every((d) => d !== null)) return frame as number[];
  throw new ShapeError(`${where}.createStream`, "known axes behind the timesteps", showShape(shape));
}

/**
 * The state of one sequence (or of `batch` that step together) and the buffers to step it.
 *
 * `step` allocates nothing and takes no promise. On the baseline build its outputs are those of `predict` over the
 * whole sequence, bit for bit.
 */
export class Stream {
  /** One a model input; what `step` reads. Int32Array for ids. Owned by the stream, never detached. */
  readonly inputs: readonly (Float32Array | Int32Array)[];
  /** One a model output; what `step` writes. */
  readonly outputs: readonly (Float32Array | Int32Array)[];
  private instance: Instance | undefined;
  private readonly where: string;

  constructor(
    private readonly plan: Plan,
    model: string,
  ) {
    this.where = `${model}, stream`;
    const buffer = (slab: Slab) => (slab.dtype === "int32" ? new Int32Array(slab.size) : new Float32Array(slab.size));
    this.inputs = plan.inputs.map(buffer);
    this.outputs = plan.outputs.map(buffer);
    this.instance = plan.instance(this);
  }

  /** The first input: [batch, features] of one timestep. */
  get input(): Float32Array | Int32Array {
    return this.inputs[0] as Float32Array | Int32Array;
  }

  /** The first output. */
  get output(): Float32Array | Int32Array {
    return this.outputs[0] as Float32Array | Int32Array;
  }

  /**
   * Takes one timestep.
   *
   * @param frame Copied to `input` first, when given.
   * @param out Filled with the first output, when given.
   * @returns the first output: `output`, or `out`.
   * @throws {ArgumentError} when `frame` or `out` has another length, or an id is none; the state stays as it was.
   */
  step<T extends Float32Array | Int32Array>(frame?: ArrayLike<number>, out?: T): Float32Array | Int32Array {
    const instance = this.alive("step");
    const { plan } = this;
    if (out !== undefined) checkOut(this.where, "out", plan.outputs[0] as Slab, out);
    if (frame !== undefined) {
      checkFrame(this.where, "frame", plan.inputs[0] as Slab, frame);
      this.input.set(frame);
    }
    plan.enter(instance);
    try {
      plan.residents.putAside(instance);
      for (let k = 0; k < this.inputs.length; k++) plan.write(plan.inputs[k] as Slab, this.inputs[k] as Float32Array);
      plan.run();
      for (let k = 0; k < this.outputs.length; k++) plan.read(plan.outputs[k] as Slab, this.outputs[k] as Float32Array);
    } catch (e) {
      plan.residents.putBack(instance);
      throw e;
    } finally {
      plan.leave();
    }
    if (out === undefined) return this.output;
    out.set(this.output);
    return out;
  }

  /** Begins a new sequence. */
  reset(): void {
    const instance = this.alive("reset");
    this.plan.residents.clearStates(instance);
  }

  /**
   * The state as plain numbers: for `setState` of any stream of this model with the same batch. They do not tell which
   * model they are of, so that one of another model is refused by its size alone.
   */
  getState(): Float32Array {
    return this.plan.residents.copyStates(this.alive("getState"));
  }

  /**
   * Goes on from a snapshot, or from its bytes.
   * @throws {ArgumentError} when it is none, or of another size.
   */
  setState(snapshot: Float32Array | Uint8Array): void {
    const instance = this.alive("setState");
    const { residents } = this.plan;
    residents.pasteStates(instance, statesOf(this.where, snapshot, residents.stateSize));
  }

  /** Gives the memory back. Afterwards every method throws; twice is allowed. */
  dispose(): void {
    this.instance?.block?.free();
    this.instance = undefined;
  }

  private alive(method: string): Instance {
    if (this.instance) return this.instance;
    throw new StateError(`${this.where}.${method}`, "a stream in use", "one that was disposed of");
  }
}
