/** A layer that a user wrote. */

import { ShapeError, showShape } from "../errors";
import type { Plan } from "../ops/plan";
import { readSlab } from "../ops/read_slab";
import type { Slab } from "../ops/slab";
import { isRecord } from "../options";
import { type Tensor, type TensorLike, toTensor } from "../tensor";
import { Layer, type Result } from "./layer";
import { configOf } from "./options";
import type { SymbolicShape } from "./symbolic";
import { classNameOf, type WeightScope, weightScope } from "./user_weights";

/** What `call` of a user's layer is given besides its inputs. */
export interface UserCall {
  /** [batch, timesteps], true where the timestep counts; a list for a list of inputs; null where there is none. */
  readonly mask: Tensor | null | readonly (Tensor | null)[];
}

/** A layer of your own, written with `ops`. Several inputs come, and their shapes, as a list. */
export interface UserLayerDefinition {
  /** The name of its class in files. Default: the name of its JavaScript class, which minifiers shorten. */
  readonly className?: string;
  readonly name?: string;
  /** Hand the mask of the first input on. Default false, as in Keras. */
  readonly supportsMasking?: boolean;
  /** Each timestep of the output needs the same timestep of the input and nothing else: streams may run it. */
  readonly pointwise?: boolean;
  /** Makes the weights; called once. */
  build?(inputShape: SymbolicShape | readonly SymbolicShape[], scope: WeightScope): void;
  call(inputs: Tensor | readonly Tensor[], call: UserCall): TensorLike;
  /** The shape of the output. Default: that of the first input. */
  computeOutputShape?(inputShape: SymbolicShape | readonly SymbolicShape[]): SymbolicShape;
  /** What a file must hold to make it again. */
  getConfig?(): Record<string, unknown>;
}

export function isUserLayer(value: unknown): value is UserLayerDefinition {
  return isRecord(value) && typeof value.call === "function";
}

/**
 * A user's layer as a layer like all others. Its step runs the user's code with tensors while a plan runs.
 *
 * @throws {ShapeError} from `apply`, when `call` gives another shape than `computeOutputShape` told.
 */
export class UserLayer extends Layer {
  readonly className: string;

  constructor(readonly definition: UserLayerDefinition) {
    const className = definition.className ?? classNameOf(definition, "UserLayer");
    super(definition.name === undefined ? {} : { name: definition.name }, className);
    this.className = className;
  }

  override get pointwise(): boolean {
    return this.definition.pointwise === true;
  }

  protected override createWeights(inputs: readonly SymbolicShape[]): void {
    const scope = weightScope(this.name, (...weight) => this.addWeight(...weight));
    this.definition.build?.(oneOrAll(inputs), scope);
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [this.definition.computeOutputShape?.(oneOrAll(inputs)) ?? (inputs[0] as SymbolicShape)];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const { engine } = plan;
    const [shape] = this.outputShapes(inputs.map((slab) => slab.shape)) as [number[]];
    const y = plan.slab(shape);
    const masks = inputs.map((slab) => slab.mask);
    plan.step([...inputs, ...masks, y], () => {
      const tensors = inputs.map((slab) => readSlab(engine, slab));
      const mask = oneOrAll(masks.map((slab) => (slab ? readSlab(engine, slab) : null)));
      const made = toTensor(this.definition.call(oneOrAll(tensors), { mask }));
      if (made.shape.length !== shape.length || made.shape.some((d, axis) => d !== shape[axis])) {
        const wanted = `${showShape(shape)}, as computeOutputShape tells`;
        throw new ShapeError(`${this.name}.call`, wanted, showShape(made.shape));
      }
      plan.write(y, made.data);
    });
    if (this.definition.supportsMasking) y.mask = masks[0];
    return [y];
  }

  protected ownConfig() {
    return configOf(this.definition.getConfig?.() ?? {});
  }
}

function oneOrAll<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? (list[0] as T) : list;
}

/** A layer, also when it is a user's own; undefined for anything else. */
export function asLayer(value: unknown): Layer<Result> | undefined {
  if (value instanceof Layer) return value;
  return isUserLayer(value) ? new UserLayer(value) : undefined;
}

/**
 * A layer of your own, for models and calls.
 *
 * @example
 * const double = layers.custom({ call: (x) => ops.mul(x, 2) });
 * double.apply([[1, 2]]).toArray(); // [[2, 4]]
 */
export function custom(definition: UserLayerDefinition): UserLayer {
  return new UserLayer(definition);
}
