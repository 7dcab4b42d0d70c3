/** The states of a recurrent layer: where they come from and where they are kept between calls. */

import { ShapeError, StateError, showShape } from "../../errors";
import { emitFill, emitFloat } from "../../ops/copy";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import { Tensor, type TensorLike, toTensor } from "../../tensor";

/** Initial states as slabs [batch, size]: those given, checked, or zeros. */
export function plannedStates(
  plan: Plan,
  where: string,
  sizes: readonly number[],
  batch: number,
  given: readonly Slab[],
): readonly Slab[] {
  if (given.length > 0) {
    checkStates(where, sizes, batch, given);
    return given.map((slab) => emitFloat(plan, slab));
  }
  return sizes.map((size) => {
    const zeros = plan.slab([batch, size]);
    emitFill(plan, zeros, 0);
    return zeros;
  });
}

/** Refuses a list of states of another length or other shapes; none is always allowed. */
export function checkStates(
  where: string,
  sizes: readonly number[],
  batch: number | null,
  given: readonly { readonly shape: readonly (number | null)[] }[],
): void {
  const fits = (shape: readonly (number | null)[], size: number) =>
    shape.length === 2 && shape[1] === size && (batch === null || shape[0] === null || shape[0] === batch);
  if (given.length === 0) return;
  if (given.length === sizes.length && given.every(({ shape }, k) => fits(shape, sizes[k] as number))) return;
  const wanted = sizes.map((size) => showShape([batch, size])).join(", ");
  const got = given.map(({ shape }) => showShape(shape)).join(", ");
  throw new ShapeError(`${where}, initialState`, `${sizes.length} states ${wanted}`, got);
}

/** What a stateful layer remembers from one call to the next. */
export class Memory {
  private kept: Float32Array[] | undefined;
  private batch = 0;
  /** The states in which the last walk of a plan ended: a layer called twice in a graph goes on from there. */
  private readonly ends = new WeakMap<Plan, readonly Slab[]>();

  constructor(
    private readonly where: string,
    private readonly sizes: readonly number[],
  ) {}

  /** Forgets, or takes these states, each [batch, size]. */
  reset(states?: readonly TensorLike[]): void {
    if (!states) {
      this.kept = undefined;
      return;
    }
    const tensors = states.map(toTensor);
    const batch = tensors[0]?.shape[0] ?? 0;
    checkStates(this.where, this.sizes, batch, tensors);
    this.batch = batch;
    this.kept = tensors.map((t) => Float32Array.from(t.data));
  }

  /** Copies of the states, or null when there are none yet. */
  read(): Tensor[] | null {
    const { kept, sizes, batch } = this;
    return kept?.map((values, k) => new Tensor([batch, sizes[k] as number], "float32", values.slice())) ?? null;
  }

  /** The states with which a walk begins, each [batch, size]: what is kept, or zeros. */
  load(plan: Plan, batch: number): readonly Slab[] {
    const ended = this.ends.get(plan);
    if (ended) return ended;
    const slabs = this.sizes.map((size) => plan.slab([batch, size]));
    plan.step(slabs, () => {
      const { f32 } = plan.engine.arena;
      for (let k = 0; k < slabs.length; k++) {
        const { ptr, size } = slabs[k] as Slab;
        const kept = this.kept?.[k];
        if (kept) f32.set(kept, ptr >> 2);
        else f32.fill(0, ptr >> 2, (ptr >> 2) + size);
      }
    });
    return slabs;
  }

  /** Has a run refuse another batch size than that of the states kept. */
  guard(plan: Plan, batch: number): void {
    plan.step([], () => {
      if (!this.kept || batch === this.batch) return;
      const wanted = `batch size ${this.batch}, that of the states it carries (resetStates() drops them)`;
      throw new StateError(this.where, wanted, `batch size ${batch}`);
    });
  }

  /** Keeps what the slabs hold at the end of a run; a run that fails leaves the states as they were. */
  store(plan: Plan, slabs: readonly Slab[]): void {
    this.ends.set(plan, slabs);
    plan.afterwards(slabs, () => {
      const { f32 } = plan.engine.arena;
      const batch = slabs[0]?.dim(0) ?? 0;
      if (!this.kept || this.batch !== batch) this.kept = slabs.map((slab) => new Float32Array(slab.size));
      this.batch = batch;
      for (let k = 0; k < slabs.length; k++) {
        const { ptr, size } = slabs[k] as Slab;
        this.kept[k]?.set(f32.subarray(ptr >> 2, (ptr >> 2) + size));
      }
    });
  }
}
