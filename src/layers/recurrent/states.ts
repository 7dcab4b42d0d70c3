/** The states of a recurrent layer: where they come from and where they are kept between calls. */

import { ShapeError, StateError, showShape } from "../../errors";
import { emitFill } from "../../ops/copy";
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
    return given;
  }
  return sizes.map((size) => {
    const zeros = plan.slab([batch, size]);
    emitFill(plan, zeros, 0);
    return zeros;
  });
}

/** Refuses a list of states of another length or other shapes. */
export function checkStates(
  where: string,
  sizes: readonly number[],
  batch: number | null,
  given: readonly { readonly shape: readonly (number | null)[] }[],
): void {
  const wanted = sizes.map((size) => showShape([batch, size])).join(", ");
  const fits = (shape: readonly (number | null)[], size: number) =>
    shape.length === 2 && shape[1] === size && (batch === null || shape[0] === null || shape[0] === batch);
  if (given.length === sizes.length && given.every(({ shape }, k) => fits(shape, sizes[k] as number))) return;
  const got = given.map(({ shape }) => showShape(shape)).join(", ");
  throw new ShapeError(`${where}, initialState`, `${sizes.length} states ${wanted}`, got || "none");
}

/** What a stateful layer remembers from one call to the next. */
export class Memory {
  private kept: Float32Array[] | undefined;
  private batch = 0;

  constructor(private readonly where: string) {}

  /** Forgets, or takes these states, each [batch, size]. */
  reset(sizes: readonly number[], states?: readonly TensorLike[]): void {
    if (!states) {
      this.kept = undefined;
      return;
    }
    const tensors = states.map(toTensor);
    const batch = tensors[0]?.shape[0] ?? 0;
    checkStates(this.where, sizes, batch, tensors);
    this.batch = batch;
    this.kept = tensors.map((t) => Float32Array.from(t.data));
  }

  /** Copies of the states, or null when there are none yet. */
  read(sizes: readonly number[]): Tensor[] | null {
    return (
      this.kept?.map((values, k) => new Tensor([this.batch, sizes[k] as number], "float32", values.slice())) ?? null
    );
  }

  /**
   * Refuses another batch size than that of the states kept.
   * @throws {StateError}
   */
  check(batch: number): void {
    if (!this.kept || batch === this.batch) return;
    throw new StateError(
      this.where,
      `batch size ${this.batch}, the one of the states it carries (resetStates() drops them)`,
      `batch size ${batch}`,
    );
  }

  /** A run's first step: fills slabs [batch, size] with what is kept, or zeros. */
  load(plan: Plan, slabs: readonly Slab[]): void {
    plan.step(slabs, () => {
      const { f32 } = plan.engine.arena;
      slabs.forEach((slab, k) => {
        const kept = this.kept?.[k];
        const at = slab.ptr >> 2;
        if (kept) f32.set(kept, at);
        else f32.fill(0, at, at + slab.size);
      });
    });
  }

  /** Keeps what the slabs hold at the end of a run; a run that fails leaves the states as they were. */
  store(plan: Plan, slabs: readonly Slab[]): void {
    plan.afterwards(slabs, () => {
      const { f32 } = plan.engine.arena;
      this.batch = slabs[0]?.dim(0) ?? 0;
      this.kept ??= slabs.map((slab) => new Float32Array(slab.size));
      slabs.forEach((slab, k) => {
        const at = slab.ptr >> 2;
        const kept = this.kept as Float32Array[];
        if (kept[k]?.length !== slab.size) kept[k] = new Float32Array(slab.size);
        (kept[k] as Float32Array).set(f32.subarray(at, at + slab.size));
      });
    });
  }
}
