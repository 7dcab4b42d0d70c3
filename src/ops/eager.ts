/** Single operations on tensors: each a small plan, kept for the next call with the same shapes. */

import { type Tensor, type TensorLike, toTensor } from "../tensor";
import { type Engine, sharedEngine } from "../wasm/engine";
import { Plan } from "./plan";
import type { Slab } from "./slab";

/** How many plans an engine keeps. */
const KEPT = 256;

const plans = new WeakMap<Engine, Map<string, Plan>>();

/**
 * Runs an operation on numbers.
 *
 * @param key Tells the operation and everything but the tensors that `emit` depends on.
 * @param emit Appends the steps; called when there is no plan for these shapes yet. It checks the shapes.
 */
export function eager(
  key: string,
  inputs: readonly TensorLike[],
  emit: (plan: Plan, slabs: readonly Slab[]) => readonly Slab[],
): readonly Tensor[] {
  const tensors = inputs.map(toTensor);
  const data = tensors.map((t) => t.data);
  return planFor(`${key} ${tensors.map(describe).join(" ")}`, tensors, emit).execute(data);
}

/** The same for an operation with one result. */
export function eagerOne(
  key: string,
  inputs: readonly TensorLike[],
  emit: (plan: Plan, slabs: readonly Slab[]) => Slab,
): Tensor {
  return eager(key, inputs, (plan, slabs) => [emit(plan, slabs)])[0] as Tensor;
}

function describe({ dtype, shape }: Tensor): string {
  return `${dtype}[${shape.join()}]`;
}

function planFor(
  key: string,
  tensors: readonly Tensor[],
  emit: (plan: Plan, slabs: readonly Slab[]) => readonly Slab[],
): Plan {
  const engine = sharedEngine();
  const known = plans.get(engine) ?? new Map<string, Plan>();
  plans.set(engine, known);
  const found = known.get(key);
  if (found) return found;
  const plan = new Plan(engine);
  const slabs = tensors.map((t) => plan.input(t.shape, t.dtype));
  plan.seal(emit(plan, slabs));
  if (known.size >= KEPT) {
    const [oldest, old] = known.entries().next().value as [string, Plan];
    known.delete(oldest);
    old.free();
  }
  known.set(key, plan);
  return plan;
}
