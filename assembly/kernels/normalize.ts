/**
 * Normalization over rows and scaling by column.
 *
 *   layerNorm   y = (x − μ) / √(σ² + ε) · gamma + beta     μ, σ² of each row
 *   uncentred   y = x / √(σ² + ε) · gamma                  `rms_scaling` of Keras: σ² is still the variance
 *   scaleShift  y = x · scale + shift
 *
 *   x, y          [rows][cols]  in, out   may be the same
 *   gamma, beta   [cols]        in        0 for none
 *   scale, shift  [cols]        in
 *
 * Sums run as those of `reduce` over neighbours: m = mean x, rounded; rest = mean (x − m), so that μ = m + rest;
 * σ² = mean (x − m)² − rest². Error before gamma and beta below 5e-7 · max(1, |y|) while |μ| ≤ 100·σ.
 * Source: Ba, Kiros & Hinton 2016; Keras 3, keras/src/ops/nn.py, `_layer_normalization`.
 */
import { activate } from "../simd/activate";
import { Activation } from "../simd/activation_codes";
import { madd } from "../simd/lanes";
import { Reduction } from "../simd/op_codes";
import { loadFilled, storePartial } from "../simd/partial";
import { joinLanes, joinNeighbours } from "./reduce";

export function layerNorm(
  x: usize, y: usize, rows: i32, cols: i32, gamma: usize, beta: usize, epsilon: f32, uncentred: i32,
): void {
  assert(rows >= 0 && cols >= 1);
  const size = <usize>cols << 2;
  const count = f32x4.splat(<f32>cols);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (; rows > 0; rows--, x += size, y += size) {
    // Through calls that are not inlined: V8 moves arithmetic to where it is used and would divide for every vector.
    const sum = joinLanes(Reduction.SUM, joinNeighbours(Reduction.SUM, x, cols));
    const mean = activate(Activation.LINEAR, f32x4.div(sum, count), 0, 0);
    let lost = zero;
    let squares = zero;
    for (let i = 0; i < cols; i += 4) {
      const v = f32x4.sub(loadFilled(x + (<usize>i << 2), cols - i, mean), mean);
      lost = f32x4.add(lost, v);
      squares = madd(v, v, squares);
    }
    const rest = activate(Activation.LINEAR, f32x4.div(joinLanes(Reduction.SUM, lost), count), 0, 0);
    const variance = f32x4.sub(f32x4.div(joinLanes(Reduction.SUM, squares), count), f32x4.mul(rest, rest));
    const spread = f32x4.add(f32x4.pmax(variance, zero), f32x4.splat(epsilon));
    const factor = activate(Activation.RSQRT, spread, 0, 0);
    for (let i = 0; i < cols; i += 4) {
      const at = <usize>i << 2;
      const left = cols - i;
      let v = loadFilled(x + at, left, zero);
      if (!uncentred) v = f32x4.sub(f32x4.sub(v, mean), rest);
      v = f32x4.mul(v, factor);
      const scaled = gamma ? f32x4.mul(v, loadFilled(gamma + at, left, one)) : v;
      storePartial(y + at, beta ? f32x4.add(scaled, loadFilled(beta + at, left, zero)) : scaled, left);
    }
  }
}

export function scaleShift(x: usize, y: usize, rows: i32, cols: i32, scale: usize, shift: usize): void {
  assert(rows >= 0 && cols >= 0);
  const size = <usize>cols << 2;
  for (; rows > 0; rows--, x += size, y += size) {
    for (let at: usize = 0, left = cols; left > 0; at += 16, left -= 4) {
      const zero = f32x4.splat(0);
      const v = loadFilled(x + at, left, zero);
      storePartial(y + at, madd(v, loadFilled(scale + at, left, zero), loadFilled(shift + at, left, zero)), left);
    }
  }
}
