/** A cell that a user wrote. */

import { ConfigError, ShapeError, showShape } from "../../errors";
import type { Plan } from "../../ops/plan";
import { readSlab } from "../../ops/read_slab";
import type { Slab } from "../../ops/slab";
import { isRecord } from "../../options";
import { type Tensor, type TensorLike, toTensor } from "../../tensor";
import { configOf, positiveInteger } from "../options";
import type { SymbolicShape } from "../symbolic";
import { classNameOf, type WeightScope, weightScope } from "../user_weights";
import { Cell, type Step } from "./cell";

/** What `call` of a user's cell gives. */
export interface UserStep {
  output: TensorLike;
  states: TensorLike | readonly TensorLike[];
}

/** A recurrent cell of your own, written with `ops`. */
export interface UserCellDefinition {
  /** The name of its class in files. Default: the name of its JavaScript class. */
  readonly className?: string;
  readonly name?: string;
  /** Width of the state, or of each state. */
  readonly stateSize: number | readonly number[];
  /** Width of the output. Default: that of the first state. */
  readonly outputSize?: number;
  /** Makes the weights; called once, with [batch, inputDim], or more axes where the input has them. */
  build?(inputShape: SymbolicShape, scope: WeightScope): void;
  /** One timestep: inputs [batch, inputDim] and states [batch, size] in, output and new states out. */
  call(inputs: Tensor, states: readonly Tensor[]): UserStep;
  /** What a file must hold to make it again. */
  getConfig?(): Record<string, unknown>;
}

export function isUserCell(cell: unknown): cell is UserCellDefinition {
  return isRecord(cell) && typeof cell.call === "function" && cell.stateSize !== undefined;
}

/** A user's cell as a cell like all others. Its step runs the user's code with tensors while a plan runs. */
export class UserCell extends Cell {
  readonly className: string;
  readonly stateSizes: readonly number[];
  readonly outputSize: number;

  /** @throws {ConfigError} when a width is not a positive integer. */
  constructor(readonly definition: UserCellDefinition) {
    const className = definition.className ?? classNameOf(definition, "Cell");
    super(definition.name === undefined ? {} : { name: definition.name }, className);
    this.className = className;
    const { stateSize, outputSize } = definition;
    const sizes = Array.isArray(stateSize) ? (stateSize as readonly number[]) : [stateSize];
    if (sizes.length === 0) throw new ConfigError(`${this.name}.stateSize`, "at least one state", "none");
    this.stateSizes = sizes.map((size) => positiveInteger(`${this.name}.stateSize`, size));
    this.outputSize = positiveInteger(`${this.name}.outputSize`, outputSize ?? sizes[0]);
  }

  override get takesAnyRank(): boolean {
    return true;
  }

  /** A copy of the user's object: `build` gives it weights of its own. */
  twin(): UserCell {
    const { definition } = this;
    return new UserCell(Object.assign(Object.create(Object.getPrototypeOf(definition)), definition));
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    const scope = weightScope(this.name, (...weight) => this.addWeight(...weight));
    this.definition.build?.(shape as SymbolicShape, scope);
  }

  override planStep(plan: Plan, x: Slab, states: readonly Slab[]): Step {
    const batch = x.dim(0);
    const output = plan.slab([batch, this.outputSize]);
    const next = this.stateSizes.map((size) => plan.slab([batch, size]));
    const { engine } = plan;
    plan.step([x, ...states, output, ...next], () => {
      const made = this.definition.call(
        readSlab(engine, x),
        states.map((state) => readSlab(engine, state)),
      );
      const list = isList(made.states) ? made.states : [made.states];
      if (list.length !== next.length) {
        throw new ShapeError(`${this.name}.call`, `${next.length} states`, String(list.length));
      }
      this.put(plan, "output", made.output, output);
      next.forEach((slab, k) => {
        this.put(plan, `states[${k}]`, list[k] as TensorLike, slab);
      });
    });
    return { output, states: next };
  }

  private put(plan: Plan, what: string, value: TensorLike, slab: Slab): void {
    const { shape, data } = toTensor(value);
    if (shape.length !== 2 || shape[0] !== slab.dim(0) || shape[1] !== slab.dim(1)) {
      throw new ShapeError(`${this.name}.call, ${what}`, showShape(slab.shape), showShape(shape));
    }
    plan.write(slab, data);
  }

  protected ownConfig() {
    return configOf(this.definition.getConfig?.() ?? {});
  }
}

function isList(states: UserStep["states"]): states is readonly TensorLike[] {
  return Array.isArray(states);
}
