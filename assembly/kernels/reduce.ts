/**
 * Reductions along one axis.
 *
 *   y[o][i] = x[o][0][i] ∘ x[o][1][i] ∘ … ∘ x[o][length − 1][i]
 *
 *   x  [outer][length][inner]  in
 *   y  [outer][inner]          out
 *   op: see simd/op_codes.ts. ∘ is +, ·, max or min; `mean` divides the sum by length; `any` and `all` take a number
 *   that is not 0 for true and give 1 or 0.
 *
 * Order: inner > 1 runs through the axis in one accumulator per element. inner = 1 keeps four, accumulator l taking
 * elements l, l + 4, …, and ends with (0 ∘ 2) ∘ (1 ∘ 3).
 * Error of a sum: below length · 6e-8 · Σ|x|. An empty axis gives 0, 1, −∞, ∞, NaN (mean), 0 (any), 1 (all).
 */
import { isTrue, truth } from "../simd/combine";
import { loadPartial } from "../simd/lanes";
import { Reduction } from "../simd/op_codes";
import { loadFilled, storePartial } from "../simd/partial";

export function reduce(op: i32, x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  assert(outer >= 0 && length >= 0 && inner >= 0 && <u32>op <= <u32>Reduction.ALL);
  const row = <usize>inner << 2;
  for (; outer > 0; outer--, x += <usize>length * row, y += row) {
    if (inner == 1) {
      const v = joinLanes(op, joinNeighbours(op, x, length));
      v128.store32_lane(y, finish(op, v, length), 0);
    } else {
      for (let i = 0; i < inner; i += 4) {
        const at = <usize>i << 2;
        storePartial(y + at, finish(op, joinColumns(op, x + at, length, row, inner - i), length), inner - i);
      }
    }
  }
}

/** What an empty axis gives, in all lanes. */
export function neutral(op: i32): v128 {
  switch (op) {
    case Reduction.MAXIMUM: return f32x4.splat(-Infinity);
    case Reduction.MINIMUM: return f32x4.splat(Infinity);
    case Reduction.PRODUCT:
    case Reduction.ALL: return f32x4.splat(1);
    default: return f32x4.splat(0);
  }
}

/** a ∘ b */
// @ts-ignore: decorator
@inline
function join(op: i32, a: v128, b: v128): v128 {
  return op <= Reduction.MEAN ? f32x4.add(a, b) : joinOther(op, a, b);
}

function joinOther(op: i32, a: v128, b: v128): v128 {
  switch (op) {
    case Reduction.MAXIMUM: return f32x4.max(a, b);
    case Reduction.MINIMUM: return f32x4.min(a, b);
    case Reduction.PRODUCT: return f32x4.mul(a, b);
    case Reduction.ANY: return v128.or(a, truth(isTrue(b)));
    default: return v128.and(a, truth(isTrue(b)));
  }
}

/** Four accumulators over `count` neighbouring elements. */
export function joinNeighbours(op: i32, x: usize, count: i32): v128 {
  const start = neutral(op);
  let sum = start;
  for (; count > 3; count -= 4, x += 16) sum = join(op, sum, v128.load(x));
  return count > 0 ? join(op, sum, loadFilled(x, count, start)) : sum;
}

/** The four lanes of `v` as one, in all lanes. */
export function joinLanes(op: i32, v: v128): v128 {
  const pairs = join(op, v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return join(op, pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
}

/** Up to four columns, their elements `step` bytes apart. */
function joinColumns(op: i32, x: usize, length: i32, step: usize, width: i32): v128 {
  let sum = neutral(op);
  if (width > 3) {
    for (; length > 0; length--, x += step) sum = join(op, sum, v128.load(x));
  } else {
    for (; length > 0; length--, x += step) sum = join(op, sum, loadPartial(x, width));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function finish(op: i32, v: v128, length: i32): v128 {
  return op == Reduction.MEAN ? f32x4.div(v, f32x4.splat(<f32>length)) : v;
}
