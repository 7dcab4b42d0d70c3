/**
 * An element-wise function over a slab.
 *
 *   y[i] = activation(x[i])
 *
 *   x, y  [count]   in, out   may be the same
 *   code, alpha, beta, gamma: see simd/activation_codes.ts
 */
import { Activation } from "../simd/activation_codes";
import { activate } from "../simd/activate";
import { sigmoid, tanh } from "../simd/activations";
import { loadPartial } from "../simd/lanes";
import { storePartial } from "../simd/partial";

export function activateSlab(x: usize, y: usize, count: i32, code: i32, alpha: f32, beta: f32, gamma: f32): void {
  assert(count >= 0);
  const end = x + (<usize>(count & ~3) << 2);
  const rest = count & 3;
  if (code == Activation.RELU) {
    for (; x < end; x += 16, y += 16) v128.store(y, f32x4.pmax(v128.load(x), f32x4.splat(0)));
  } else if (code == Activation.TANH) {
    for (; x < end; x += 16, y += 16) v128.store(y, tanh(v128.load(x)));
  } else if (code == Activation.SIGMOID) {
    for (; x < end; x += 16, y += 16) v128.store(y, sigmoid(v128.load(x)));
  } else {
    for (; x < end; x += 16, y += 16) v128.store(y, activate(code, v128.load(x), alpha, beta, gamma));
  }
  if (rest > 0) storePartial(y, activate(code, loadPartial(x, rest), alpha, beta, gamma), rest);
}
