/** The element-wise half of a GRU timestep; equations in gru.ts. */
import { sigmoid, tanh } from "../simd/activations";
import { flush, madd } from "../simd/lanes";
import { activateBy, isSigmoid, isTanh, Word } from "./pass";

/** to = σ(r)·h for `count` blocks of 8; `to` may be `r` when its blocks follow one another. */
export function reset(pass: usize, r: usize, rStep: usize, h: usize, to: usize, count: i32): void {
  const fast = isSigmoid(pass, Word.RECURRENT_ACTIVATION);
  for (; count > 0; count--, r += rStep, h += 32, to += 32) {
    for (let half: usize = 0; half < 32; half += 16) {
      const v = v128.load(r + half);
      const gate = fast ? sigmoid(v) : activateBy(pass, Word.RECURRENT_ACTIVATION, v);
      v128.store(to + half, flush(f32x4.mul(gate, v128.load(h + half))));
    }
  }
}

/**
 * The new state of `count` blocks of 8.
 *
 *   z, r       sums of the gates, step bytes apart                     in
 *   recurrent  h·U + bᵣ, step bytes apart, or 0 with reset before       in
 *   candidate  the other sums of the candidate, candidateStep apart    in
 *   list       [count] offsets of the blocks from h                    in
 */
export function update(
  pass: usize, z: usize, r: usize, recurrent: usize, step: usize, candidate: usize, candidateStep: usize,
  list: usize, count: i32, h: usize,
): void {
  const fast = isTanh(pass, Word.ACTIVATION) && isSigmoid(pass, Word.RECURRENT_ACTIVATION);
  for (const end = list + (<usize>count << 2); list < end; list += 4) {
    const to = h + load<usize>(list);
    if (fast) {
      if (recurrent) updateBlock(true, true, pass, z, r, recurrent, candidate, to);
      else updateBlock(true, false, pass, z, r, recurrent, candidate, to);
    } else {
      updateBlock(false, recurrent != 0, pass, z, r, recurrent, candidate, to);
    }
    z += step;
    r += step;
    if (recurrent) recurrent += step;
    candidate += candidateStep;
  }
}

/** `fast` is a constant: the defaults of Keras, without a choice per vector. */
// @ts-ignore: decorator
@inline
function updateBlock(
  fast: bool, after: bool, pass: usize, z: usize, r: usize, recurrent: usize, candidate: usize, h: usize,
): void {
  updateFour(fast, after, pass, z, r, recurrent, candidate, h);
  updateFour(fast, after, pass, z + 16, r + 16, recurrent + 16, candidate + 16, h + 16);
}

// @ts-ignore: decorator
@inline
function updateFour(
  fast: bool, after: bool, pass: usize, z: usize, r: usize, recurrent: usize, candidate: usize, h: usize,
): void {
  let sum = v128.load(candidate);
  if (after) sum = madd(gate(fast, pass, v128.load(r)), v128.load(recurrent), sum);
  const update = gate(fast, pass, v128.load(z));
  const proposed = fast ? tanh(sum) : activateBy(pass, Word.ACTIVATION, sum);
  const kept = f32x4.mul(f32x4.sub(f32x4.splat(1), update), proposed);
  v128.store(h, flush(madd(update, v128.load(h), kept)));
}

// @ts-ignore: decorator
@inline
function gate(fast: bool, pass: usize, v: v128): v128 {
  return fast ? sigmoid(v) : activateBy(pass, Word.RECURRENT_ACTIVATION, v);
}
