/** Convolutions as products: every window is a row. */

import { emitFill, emitPlace } from "./copy";
import { type Product, packProduct } from "./dense";
import type { Plan } from "./plan";
import type { Slab } from "./slab";
import { type WindowAxis, type WindowWalk, windowWords } from "./window";

/** Filters [window height, window width, channels / groups, filters] in C order; `columns` of the product are all. */
export interface Convolution extends Product {
  /** Each group of filters sees a group of channels. */
  readonly groups: number;
}

/** Floats of patches that are made at a time, so that a convolution needs little memory besides its result. */
const PATCHES = 65536;

/**
 * Convolves x [batch, height, width, channels].
 * @returns a new slab [batch, out height, out width, filters].
 */
export function emitConvolution(plan: Plan, convolution: Convolution, x: Slab, walk: WindowWalk): Slab {
  const [down, across] = walk;
  const y = plan.slab([x.dim(0), down.outSize, across.outSize, convolution.columns]);
  const oneRow = down.window === 1 && down.stride === 1 && down.before === 0;
  if (oneRow && across.dilation === 1 && convolution.groups === 1) emitAlongRows(plan, convolution, x, across, y);
  else for (let group = 0; group < convolution.groups; group++) emitPatches(plan, convolution, group, x, walk, y);
  return y;
}

/** A window in one row, without gaps, is a stretch of the row itself. */
function emitAlongRows(plan: Plan, convolution: Convolution, x: Slab, across: WindowAxis, y: Slab): void {
  const { window, stride, outSize } = across;
  const channels = x.dim(-1);
  const lines = x.dim(0) * x.dim(1);
  const padded = emitPadded(plan, x.view([lines, across.size, channels]), across);
  const [from, step, width] = [padded.dim(1) * channels, stride * channels, window * channels];
  const even = from === outSize * step;
  const [calls, rows] = even ? [1, lines * outSize] : [lines, outSize];
  const { columns } = convolution;
  const packed = packProduct(plan, convolution, width);
  const { code, alpha, beta } = convolution.activation ?? { code: 0, alpha: 0, beta: 0 };
  const { kernels } = plan.engine;
  plan.step([padded, y], () => {
    const w = packed.weights.ptr;
    const bias = packed.bias?.ptr ?? 0;
    for (let call = 0; call < calls; call++) {
      const a = padded.ptr + 4 * call * from;
      const b = y.ptr + 4 * call * rows * columns;
      kernels.affine(a, step, w, bias, b, columns, rows, width, columns, code, alpha, beta);
    }
  });
}

/** Lines with zeros around them, as far as windows reach; x itself when none does. */
function emitPadded(plan: Plan, x: Slab, { size, outSize, window, stride, before }: WindowAxis): Slab {
  const end = (outSize - 1) * stride + window - before;
  if (before === 0 && end <= size) return x;
  const padded = plan.slab([x.dim(0), before + Math.max(size, end), x.dim(2)]);
  emitFill(plan, padded, 0);
  emitPlace(plan, x, padded, [0, before, 0]);
  return padded;
}

/** Words of the descriptor that say which windows to copy. */
const [FIRST, COUNT] = [17, 18];

/** Copies windows into rows, some at a time, and multiplies them. */
function emitPatches(plan: Plan, convolution: Convolution, group: number, x: Slab, walk: WindowWalk, y: Slab): void {
  const { groups, columns: filters } = convolution;
  const channels = x.dim(-1) / groups;
  const columns = filters / groups;
  const width = walk[0].window * walk[1].window * channels;
  const rows = y.rows;
  const atOnce = Math.min(rows, Math.max(1, Math.floor(PATCHES / width)));
  const part = { ...convolution, key: `${convolution.key} ${group}`, columns };
  const packed = packProduct(plan, { ...part, among: { from: group * columns, width: filters } }, width);
  const patches = plan.slab([atOnce, width]);
  const fixed = windowWords(x.dim(0), channels, walk);
  const pass = plan.descriptor(() => [x.ptr + 4 * group * channels, patches.ptr, ...fixed, x.dim(-1), 0, 0]);
  const { code, alpha, beta } = convolution.activation ?? { code: 0, alpha: 0, beta: 0 };
  const { kernels, arena } = plan.engine;
  plan.step([x, patches, y], () => {
    const w = packed.weights.ptr;
    const bias = packed.bias?.ptr ?? 0;
    const words = pass.ptr >> 2;
    for (let first = 0; first < rows; first += atOnce) {
      const count = Math.min(atOnce, rows - first);
      arena.i32[words + FIRST] = first;
      arena.i32[words + COUNT] = count;
      kernels.patches(pass.ptr);
      const to = y.ptr + 4 * (first * filters + group * columns);
      kernels.affine(patches.ptr, width, w, bias, to, filters, count, width, columns, code, alpha, beta);
    }
  });
}
