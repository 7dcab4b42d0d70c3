/** Functions of one operand, element by element. */

import { ACTIVATION, type ActivationName } from "../wasm/activation_codes";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** y = f(x) as a new slab. What alpha, beta and gamma mean: assembly/simd/activation_codes.ts. */
export function emitFunction(plan: Plan, name: ActivationName, x: Slab, alpha = 0, beta = 0, gamma = 0): Slab {
  const y = plan.slab(x.shape);
  const { kernels } = plan.engine;
  const code = ACTIVATION[name];
  plan.step([x, y], () => kernels.activateSlab(x.ptr, y.ptr, x.size, code, alpha, beta, gamma));
  return y;
}
