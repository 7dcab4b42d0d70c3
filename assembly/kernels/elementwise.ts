/**
 * Element-wise operations of up to three operands, each walked with steps of its own.
 *
 *   y[i] = op(a[i], b[i], c[i])      i over 6 axes, last axis fastest
 *
 * A step of 0 broadcasts, a negative one flips, a permuted set transposes, a y inside a larger slab pads or joins.
 * Descriptor, i32 words (addresses in bytes, counts and steps in elements):
 *   0 op   1 y   2 a   3 b   4 c   5…10 counts   11…16 steps of y   17…22 of a   23…28 of b   29…34 of c
 * Axes are given outermost first; those not needed have count 1 in front. Operands not needed have address and steps 0.
 * y may be a, b or c where all their steps agree. Rows of the last axis with steps 1 (y) and 0 or 1 (operands) run on
 * whole vectors, so the caller merges neighbouring axes where it can.
 */
import { combine } from "../simd/combine";
import { Elementwise } from "../simd/op_codes";
import { copySteps } from "./copy";

const AXES = 6;

export function elementwise(pass: usize): void {
  assert((pass & 3) == 0 && <u32>load<i32>(pass) <= <u32>Elementwise.SELECT);
  walk(pass, 0, load<usize>(pass, 4), load<usize>(pass, 8), load<usize>(pass, 12), load<usize>(pass, 16));
}

/** Axis by axis, down to the rows. */
function walk(pass: usize, axis: i32, y: usize, a: usize, b: usize, c: usize): void {
  const at = pass + (<usize>axis << 2);
  if (axis == AXES - 1) return row(pass, at, y, a, b, c);
  const yStep = load<usize>(at, 44) << 2;
  const aStep = load<usize>(at, 68) << 2;
  const bStep = load<usize>(at, 92) << 2;
  const cStep = load<usize>(at, 116) << 2;
  for (let left = load<i32>(at, 20); left > 0; left--, y += yStep, a += aStep, b += bStep, c += cStep) {
    walk(pass, axis + 1, y, a, b, c);
  }
}

/** `at` is the descriptor moved on so that the words of the last axis stand where those of the first are. */
function row(pass: usize, at: usize, y: usize, a: usize, b: usize, c: usize): void {
  const op = load<i32>(pass);
  const yStep = load<i32>(at, 44);
  const aStep = load<i32>(at, 68);
  const bStep = load<i32>(at, 92);
  const cStep = load<i32>(at, 116);
  let left = load<i32>(at, 20);
  if (op == Elementwise.COPY) return copySteps(y, yStep, a, aStep, left);
  let va = v128.load32_splat(a);
  let vb = v128.load32_splat(b);
  let vc = v128.load32_splat(c);
  if (yStep == 1 && (aStep | bStep | cStep) >>> 1 == 0) {
    for (; left > 3; left -= 4, y += 16, a += <usize>aStep << 4, b += <usize>bStep << 4, c += <usize>cStep << 4) {
      if (aStep) va = v128.load(a);
      if (bStep) vb = v128.load(b);
      if (cStep) vc = v128.load(c);
      if (op == Elementwise.ADD) v128.store(y, f32x4.add(va, vb));
      else if (op == Elementwise.MULTIPLY) v128.store(y, f32x4.mul(va, vb));
      else v128.store(y, combine(op, va, vb, vc));
    }
  }
  for (; left > 0; left--) {
    va = v128.load32_splat(a);
    vb = v128.load32_splat(b);
    vc = v128.load32_splat(c);
    v128.store32_lane(y, combine(op, va, vb, vc), 0);
    y += <usize>yStep << 2;
    a += <usize>aStep << 2;
    b += <usize>bStep << 2;
    c += <usize>cStep << 2;
  }
}
