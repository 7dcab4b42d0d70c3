/**
 * Products of many pairs of matrices.
 *
 *   y[o][i] = a[o][i] · b[o][i], or a[o][i] · b[o][i]ᵀ      k ascending in one accumulator
 *
 *   a  [outer][inner] matrices [m][k]                 in
 *   b  [outer][inner] matrices [k][n], or [n][k]      in
 *   y  [outer][inner] matrices [m][n]                 out
 * Descriptor, i32 words (addresses in bytes, counts and steps in elements):
 *   0 a   1 b   2 y   3 outer   4 inner   5 m   6 k   7 n
 *   8 a: outer step   9 inner step   10 row step   11…13 the same of b   14…16 of y
 *   17 1: b is [n][k], 0: [k][n]   18 scratch of k · (n rounded up to 8) floats, 16-byte aligned
 *
 * Each b is packed into panels first, see pack.ts. Heads lying side by side in a row are `inner` with a step of their
 * width. A step of 0 uses a matrix again.
 */
import { Activation } from "../simd/activation_codes";
import { affine } from "./affine";
import { packPanels } from "./pack";

export function matmul(pass: usize): void {
  const m = load<i32>(pass, 20);
  const k = load<i32>(pass, 24);
  const n = load<i32>(pass, 28);
  const bRow = load<i32>(pass, 52);
  const panels = load<usize>(pass, 72);
  assert((pass & 3) == 0 && (panels & 15) == 0 && m >= 1 && k >= 0 && n >= 1);
  for (let o = 0; o < load<i32>(pass, 12); o++) {
    for (let i = 0; i < load<i32>(pass, 16); i++) {
      const a = matrix(load<usize>(pass), pass + 32, o, i);
      const b = matrix(load<usize>(pass, 4), pass + 44, o, i);
      const y = matrix(load<usize>(pass, 8), pass + 56, o, i);
      if (load<i32>(pass, 68)) packTransposed(b, <usize>bRow << 2, n, k, panels);
      else packPanels(b, bRow, k, n, panels, k << 3);
      affine(a, load<i32>(pass, 40), panels, 0, y, load<i32>(pass, 64), m, k, n, Activation.LINEAR, 0, 0);
    }
  }
}

/** The address of matrix [o][i]; `steps` points at its outer and inner step. */
// @ts-ignore: decorator
@inline
function matrix(base: usize, steps: usize, o: i32, i: i32): usize {
  return base + (<usize>(o * load<i32>(steps) + i * load<i32>(steps, 4)) << 2);
}

/**
 * Panels of eight columns from the rows of a transposed matrix: dst[block][j][l] = src[8·block + l][j].
 * Lanes that have no row repeat the last one; nothing made of them is stored.
 *
 *   src  [rows] of `count` floats, `step` bytes apart  in
 *   dst  [blocks][count][8]                            out
 */
function packTransposed(src: usize, step: usize, rows: i32, count: i32, dst: usize): void {
  const last = rows - 1;
  for (let row = 0; row < rows; row += 8, dst += <usize>count << 5) {
    for (let half = 0; half < 8; half += 4) {
      const r0 = src + <usize>min(row + half, last) * step;
      const r1 = src + <usize>min(row + half + 1, last) * step;
      const r2 = src + <usize>min(row + half + 2, last) * step;
      const r3 = src + <usize>min(row + half + 3, last) * step;
      let to = dst + (<usize>half << 2);
      const end = <usize>count << 2;
      let at: usize = 0;
      for (; at + 16 <= end; at += 16, to += 128) {
        const a = v128.load(r0 + at);
        const b = v128.load(r1 + at);
        const c = v128.load(r2 + at);
        const d = v128.load(r3 + at);
        const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
        const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
        const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
        const gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
        v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), 32);
        v128.store(to, v128.shuffle<i64>(ef, gh, 0, 2), 64);
        v128.store(to, v128.shuffle<i64>(ef, gh, 1, 3), 96);
      }
      for (; at < end; at += 4, to += 32) {
        store<f32>(to, load<f32>(r0 + at));
        store<f32>(to, load<f32>(r1 + at), 4);
        store<f32>(to, load<f32>(r2 + at), 8);
        store<f32>(to, load<f32>(r3 + at), 12);
      }
    }
  }
}
