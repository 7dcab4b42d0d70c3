/** A layer applied to every timestep. */

import { ConfigError, ShapeError, show, showShape, UnsupportedError } from "../errors";
import { emitPlace, emitSlice } from "../ops/copy";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import type { DType } from "../tensor";
import { Bidirectional } from "./bidirectional";
import { Layer, type PlannedCall, type Result } from "./layer";
import { configOf, type LayerOptions, readOptions } from "./options";
import { Recurrent } from "./recurrent/recurrent";
import type { SymbolicShape } from "./symbolic";

/** Options of {@link timeDistributed}. */
export interface TimeDistributedOptions extends LayerOptions {
  /** What is applied to each timestep: it sees [batch, …], the input without its time axis. */
  layer: Layer<Result>;
}

const DEFAULTS = { layer: undefined as unknown as Layer<Result> };

/**
 * Applies a layer to every timestep, with the same weights.
 *
 * Input    [batch, timesteps, …], at least three axes
 * Output   [batch, timesteps, …]
 * Weights  those of the layer inside
 * Masks    handed on; a mask [batch, timesteps, steps] is given to the layer inside, timestep by timestep
 *
 * @throws {ConfigError} when `layer` is none, or gives several outputs.
 * @throws {ShapeError} from `apply`, when the input or its mask does not fit.
 * @see Keras 3, `TimeDistributed`.
 *
 * @example
 * layers.timeDistributed({ layer: layers.dense({ units: 2 }) }).apply(tensor(new Float32Array(24), [2, 4, 3])).shape;
 * // [2, 4, 2]
 */
export class TimeDistributed extends Layer {
  readonly className: string = "TimeDistributed";
  readonly layer: Layer<Result>;

  constructor(options: TimeDistributedOptions) {
    const { layer } = readOptions("timeDistributed", options, DEFAULTS);
    super(options, "TimeDistributed");
    if (!(layer instanceof Layer)) throw new ConfigError(`${this.name}.layer`, "a layer", show(layer));
    this.layer = layer;
  }

  override children() {
    return [["layer", this.layer] as const];
  }

  override get pointwise(): boolean {
    return true;
  }

  override outputDType(input: DType): DType {
    return this.layer.outputDTypes([input])[0] as DType;
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    this.layer.build(this.stepShape(shape));
  }

  private stepShape(shape: SymbolicShape | undefined): SymbolicShape {
    if (shape && shape.length >= 3) return [shape[0] as number | null, ...shape.slice(2)];
    throw new ShapeError(this.name, "at least three axes [batch, timesteps, …]", showShape(shape ?? []));
  }

  override outputShapes([shape]: readonly SymbolicShape[]): readonly SymbolicShape[] {
    const made = this.layer.outputShapes([this.stepShape(shape)]);
    const [step] = made;
    if (!step || made.length > 1) {
      throw new ConfigError(`${this.name}.layer`, "a layer with one output", `${made.length} outputs`);
    }
    return [[step[0] as number | null, shape?.[1] as number | null, ...step.slice(1)]];
  }

  override plan(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    const x = inputs[0] as Slab;
    const mask = this.checkedMask(x);
    const y = carriesStates(this.layer) ? this.stepByStep(plan, x, mask, call) : this.allAtOnce(plan, x, mask, call);
    y.mask = x.mask;
    return [y];
  }

  /** The part of the mask that is meant for the layer inside. */
  private checkedMask({ shape, mask }: Slab): Slab | undefined {
    if (mask === undefined) return undefined;
    if (mask.dim(0) !== shape[0] || mask.dim(1) !== shape[1]) {
      throw new ShapeError(`${this.name}, mask`, `[${shape[0]}, ${shape[1]}, …]`, showShape(mask.shape));
    }
    if (mask.shape.length > 2) return mask;
    if (this.layer instanceof Recurrent || this.layer instanceof Bidirectional) {
      const wanted = `${showShape(shape.slice(0, 3))}, because ${this.layer.name} takes a mask itself`;
      throw new ShapeError(`${this.name}, mask`, wanted, showShape(mask.shape));
    }
    return undefined;
  }

  /** Samples and timesteps are one long batch for a layer that keeps nothing from one to the next. */
  private allAtOnce(plan: Plan, x: Slab, mask: Slab | undefined, call: PlannedCall): Slab {
    const flat = (slab: Slab) => slab.view([slab.dim(0) * slab.dim(1), ...slab.shape.slice(2)]);
    const inner = flat(x);
    inner.mask = mask && flat(mask);
    const [made] = this.layer.plan(plan, [inner], call) as [Slab];
    return made.view([...x.shape.slice(0, 2), ...made.shape.slice(1)]);
  }

  private stepByStep(plan: Plan, x: Slab, mask: Slab | undefined, call: PlannedCall): Slab {
    const [batch, timesteps] = x.shape as [number, number];
    const at = (slab: Slab, t: number) => {
      const rest = slab.shape.slice(2);
      return emitSlice(plan, slab, [0, t, ...rest.map(() => 0)], [batch, 1, ...rest]).view([batch, ...rest]);
    };
    let y: Slab | undefined;
    for (let t = 0; t < timesteps; t++) {
      const step = at(x, t);
      step.mask = mask && at(mask, t);
      const [made] = this.layer.plan(plan, [step], call) as [Slab];
      const rest = made.shape.slice(1);
      y ??= plan.slab([batch, timesteps, ...rest], made.dtype);
      emitPlace(plan, made.view([batch, 1, ...rest]), y, [0, t, ...rest.map(() => 0)]);
    }
    return y as Slab;
  }

  override planStream(plan: Plan, inputs: readonly Slab[], call: PlannedCall): readonly Slab[] {
    if (!carriesStates(this.layer)) return super.planStream(plan, inputs, call);
    throw new UnsupportedError(`stream, ${this.name}`, "a layer that carries no states", this.layer.name);
  }

  protected ownConfig() {
    return configOf({ layer: this.layer });
  }
}

function carriesStates(layer: Layer<Result>): boolean {
  return (
    (layer as { stateful?: boolean }).stateful === true || layer.children().some(([, child]) => carriesStates(child))
  );
}

/** See {@link TimeDistributed}. */
export function timeDistributed(options: TimeDistributedOptions): TimeDistributed {
  return new TimeDistributed(options);
}
