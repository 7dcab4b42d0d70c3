/**
 * Kernels that slide a window over images [batch][height][width][channels]; a sequence is an image of height 1.
 *
 *   slideWindow  y[b][i][j][c] = max, mean, or bias[c] + Σ kernel[p][q][c] · x, of x[b][row][col][c] over p, q
 *   patches      y[r][p][q][c] = x[b][row][col][c], 0 outside the image;  r = (b·outHeight + i)·outWidth + j
 *                row = i·strideDown + p·dilationDown − above,  col = j·strideAcross + q·dilationAcross − left
 *
 * Descriptor, i32 words (addresses in bytes, counts in elements):
 *   0 x   1 y   2 batch   3 height   4 width   5 channels   6 outHeight   7 outWidth   8 windowHeight   9 windowWidth
 *   10 strideDown   11 strideAcross   12 dilationDown   13 dilationAcross   14 above   15 left
 *   slideWindow  16 0 max, 1 mean, 2 weighted   17 kernel [windowHeight][windowWidth][channels]   18 bias or 0
 *   patches      16 floats from one pixel of x to the next, ≥ channels   17 first row   18 number of rows
 *
 * Cells outside the image do not exist: no maximum meets them, no mean counts them, a kernel sees 0 there. Each window
 * lies at least partly inside. Order: p, then q, ascending in one accumulator per element. max is NaN where any is.
 */
import { loadPartial, madd } from "../simd/lanes";
import { storePartial } from "../simd/partial";
import { copyRow, fill } from "./copy";

/** What slideWindow makes of the cells. */
const MAX = 0;
const MEAN = 1;
const WEIGHTED = 2;

export function slideWindow(pass: usize): void {
  assert((pass & 3) == 0 && word(pass, 8) >= 1 && word(pass, 9) >= 1 && <u32>word(pass, 16) <= <u32>WEIGHTED);
  const pixel = <usize>word(pass, 5) << 2;
  const image = <usize>(word(pass, 3) * word(pass, 4)) * pixel;
  let x = <usize>word(pass, 0);
  let y = <usize>word(pass, 1);
  for (let b = word(pass, 2); b > 0; b--, x += image) {
    for (let i = 0; i < word(pass, 6); i++) {
      const top = i * word(pass, 10) - word(pass, 14);
      for (let j = 0; j < word(pass, 7); j++, y += pixel) {
        const left = j * word(pass, 11) - word(pass, 15);
        for (let c = 0; c < word(pass, 5); c += 4) cells(pass, x, y, c, top, left);
      }
    }
  }
}

/** Channels c to c + 3 of one output pixel; `top` and `left` place the window, maybe outside. */
function cells(pass: usize, x: usize, y: usize, c: i32, top: i32, left: i32): void {
  const kind = word(pass, 16);
  const channels = word(pass, 5);
  const count = channels - c;
  const cols = word(pass, 9);
  const bias = <usize>word(pass, 18);
  let weights = <usize>word(pass, 17) + (<usize>c << 2);
  let sum = f32x4.splat(kind == MAX ? -Infinity : 0);
  if (kind == WEIGHTED && bias) sum = some(bias + (<usize>c << 2), count);
  let inside = 0;
  for (let p = word(pass, 8), row = top; p > 0; p--, row += word(pass, 12)) {
    for (let q = cols, col = left; q > 0; q--, col += word(pass, 13), weights += <usize>channels << 2) {
      if (<u32>row >= <u32>word(pass, 3) || <u32>col >= <u32>word(pass, 4)) continue;
      const v = some(x + (<usize>((row * word(pass, 4) + col) * channels + c) << 2), count);
      if (kind == WEIGHTED) sum = madd(v, some(weights, count), sum);
      else sum = kind == MAX ? f32x4.max(sum, v) : f32x4.add(sum, v);
      inside++;
    }
  }
  if (kind == MEAN) sum = f32x4.div(sum, f32x4.splat(<f32>inside));
  storePartial(y + (<usize>c << 2), sum, count);
}

export function patches(pass: usize): void {
  assert((pass & 3) == 0 && word(pass, 8) >= 1 && word(pass, 9) >= 1 && word(pass, 16) >= word(pass, 5));
  const channels = word(pass, 5);
  const cols = word(pass, 9);
  const width = word(pass, 4);
  const pixel = word(pass, 16);
  const spread = word(pass, 13);
  let y = <usize>word(pass, 1);
  for (let r = word(pass, 17), end = r + word(pass, 18); r < end; r++) {
    const line = r / word(pass, 7);
    const left = (r % word(pass, 7)) * word(pass, 11) - word(pass, 15);
    const x = <usize>word(pass, 0) + (<usize>(line / word(pass, 6) * word(pass, 3) * width * pixel) << 2);
    const whole = spread == 1 && pixel == channels && left >= 0 && left + cols <= width;
    let row = (line % word(pass, 6)) * word(pass, 10) - word(pass, 14);
    for (let p = word(pass, 8); p > 0; p--, row += word(pass, 12), y += <usize>(cols * channels) << 2) {
      const from = x + (<usize>((row * width + left) * pixel) << 2);
      if (<u32>row >= <u32>word(pass, 3)) fill(y, cols * channels, 0);
      else if (whole) copyRow(y, from, cols * channels);
      else pixels(y, from, cols, left, spread, width, pixel, channels);
    }
  }
}

/** One line of a patch, pixel by pixel. */
function pixels(
  y: usize, x: usize, cols: i32, col: i32, spread: i32, width: i32, pixel: i32, channels: i32,
): void {
  for (; cols > 0; cols--, col += spread, x += <usize>(spread * pixel) << 2, y += <usize>channels << 2) {
    if (<u32>col < <u32>width) copyRow(y, x, channels);
    else fill(y, channels, 0);
  }
}

/** Word `index` of a descriptor. */
// @ts-ignore: decorator
@inline
function word(pass: usize, index: i32): i32 {
  return load<i32>(pass + (<usize>index << 2));
}

/** Up to four floats, of `count` that are there. */
// @ts-ignore: decorator
@inline
function some(from: usize, count: i32): v128 {
  return count > 3 ? v128.load(from) : loadPartial(from, count);
}
