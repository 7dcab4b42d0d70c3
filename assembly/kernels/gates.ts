/** Activations of gates, in place. One short loop per function: with several in one body V8 runs out of registers. */
import { Activation } from "../simd/activation_codes";
import { sigmoid, tanh } from "../simd/activations";
import { activate } from "../simd/activate";

/** Applies the activation that the three words at `activation` tell to `blocks` blocks of 8 floats. */
export function activateBlocks(activation: usize, at: usize, blocks: usize): void {
  const code = load<i32>(activation);
  const end = at + (blocks << 5);
  if (code == Activation.SIGMOID) {
    for (; at < end; at += 32) {
      const low = sigmoid(v128.load(at));
      const high = sigmoid(v128.load(at, 16));
      v128.store(at, low);
      v128.store(at, high, 16);
    }
  } else if (code == Activation.TANH) {
    for (; at < end; at += 32) {
      const low = tanh(v128.load(at));
      const high = tanh(v128.load(at, 16));
      v128.store(at, low);
      v128.store(at, high, 16);
    }
  } else {
    const alpha = load<f32>(activation, 4);
    const beta = load<f32>(activation, 8);
    for (; at < end; at += 16) v128.store(at, activate(code, v128.load(at), alpha, beta, 0));
  }
}
