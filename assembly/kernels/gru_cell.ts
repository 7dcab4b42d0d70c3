/** The element-wise half of a GRU timestep; equations in gru.ts. */
import { flush, madd } from "../simd/lanes";
import { activateBlocks } from "./gates";
import { Word } from "./pass";

/** r = σ(r)·h for `count` blocks of 8 of one row. */
export function reset(pass: usize, r: usize, h: usize, count: usize): void {
  activateBlocks(pass + Word.RECURRENT_ACTIVATION, r, count);
  for (const end = r + (count << 5); r < end; r += 16, h += 16) {
    v128.store(r, flush(f32x4.mul(v128.load(r), v128.load(h))));
  }
}

/**
 * The candidate's sums with reset after the product, for `count` blocks of 8: candidate += σ(r)·recurrent.
 *
 *   gates      z, then r, [count][8] each    in, out   the activation applied
 *   recurrent  [count][8]                    in        h·U + bᵣ
 *   candidate  [count][8]                    in, out   x·W + b
 */
export function resetAfter(pass: usize, gates: usize, recurrent: usize, candidate: usize, count: usize): void {
  activateBlocks(pass + Word.RECURRENT_ACTIVATION, gates, 2 * count);
  const r = gates + (count << 5);
  for (let at: usize = 0; at < count << 5; at += 16) {
    v128.store(candidate + at, madd(v128.load(r + at), v128.load(recurrent + at), v128.load(candidate + at)));
  }
}

/**
 * The new state of `count` blocks of 8: h = z·h + (1 - z)·f(candidate).
 *
 *   z          [count] blocks, zStep bytes apart  in            after its activation
 *   candidate  [count][8]                         in, spoiled   sums
 *   list       [count]                            in            offsets of the blocks from h, and from `toH`
 */
export function update(
  pass: usize, z: usize, zStep: usize, candidate: usize, list: usize, count: usize, h: usize, toH: usize,
): void {
  activateBlocks(pass + Word.ACTIVATION, candidate, count);
  const one = f32x4.splat(1);
  for (const end = list + (count << 2); list < end; list += 4, z += zStep, candidate += 32) {
    const from = h + load<usize>(list);
    const to = toH + load<usize>(list);
    for (let at: usize = 0; at < 32; at += 16) {
      const gate = v128.load(z + at);
      const proposed = f32x4.mul(f32x4.sub(one, gate), v128.load(candidate + at));
      v128.store(to + at, flush(madd(gate, v128.load(from + at), proposed)));
    }
  }
}
