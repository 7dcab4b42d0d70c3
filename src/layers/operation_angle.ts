/** Sines and cosines: no kernel has them, since no layer asks for them. */

import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";

/** π/2 in two parts: the first has 33 bits, so that its product with a small whole number is exact. */
const HALF_PI = 1.5707963267341256;
const HALF_PI_REST = 6.077100506506192e-11;

/**
 * sin x or cos x, element by element, as a new slab.
 *
 * x = k·π/2 + r with |r| ≤ π/4 in float64, then a Taylor polynomial; only sums and products, so that every engine gives
 * the same bits. Rounded to float32 from an error below 1e-9 for |x| < 2²⁰; beyond, the engine's own function is used.
 */
export function emitAngle(plan: Plan, x: Slab, which: "sin" | "cos"): Slab {
  const y = plan.slab(x.shape);
  const turn = which === "sin" ? 0 : 1;
  plan.step([x, y], () => {
    const { f32 } = plan.engine.arena;
    const from = x.ptr >> 2;
    const to = y.ptr >> 2;
    for (let k = 0; k < x.size; k++) f32[to + k] = quarterTurns(f32[from + k] as number, turn);
  });
  return y;
}

/** sin(x + turn·π/2) */
function quarterTurns(x: number, turn: number): number {
  if (!(Math.abs(x) < 2 ** 20)) return turn === 0 ? Math.sin(x) : Math.cos(x);
  const k = Math.round(x / HALF_PI);
  const r = x - k * HALF_PI - k * HALF_PI_REST;
  const quarter = (k + turn) & 3;
  const value = quarter & 1 ? cosine(r) : sine(r);
  return quarter & 2 ? -value : value;
}

function sine(r: number): number {
  const s = r * r;
  return r * (1 - (s / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - (s / 72) * (1 - s / 110)))));
}

function cosine(r: number): number {
  const s = r * r;
  return 1 - (s / 2) * (1 - (s / 12) * (1 - (s / 30) * (1 - (s / 56) * (1 - (s / 90) * (1 - s / 132)))));
}
