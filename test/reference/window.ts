/** Float64 twins of the kernels that slide a window over images, written from the definitions of Keras. */

/** The geometry of a window, in the words of assembly/README.md. */
export interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly windowHeight: number;
  readonly windowWidth: number;
  readonly strideDown: number;
  readonly strideAcross: number;
  readonly dilationDown: number;
  readonly dilationAcross: number;
  readonly above: number;
  readonly left: number;
}

/** What Keras pads and gets along one axis: [size of the output, padding in front]. */
export function kerasAxis(
  size: number,
  window: number,
  stride: number,
  dilation: number,
  padding: "valid" | "same" | "causal",
): [number, number] {
  const reach = (window - 1) * dilation + 1;
  if (padding === "valid") return [Math.ceil((size - reach + 1) / stride), 0];
  const out = Math.ceil(size / stride);
  if (padding === "causal") return [out, reach - 1];
  return [out, Math.floor(Math.max((out - 1) * stride + reach - size, 0) / 2)];
}

/** Calls `visit` for every cell of every window; `at` is the index of the cell in x, or undefined outside the image. */
function forEachCell(g: Geometry, visit: (y: number, tap: number, at: number | undefined) => void): void {
  let y = 0;
  for (let b = 0; b < g.batch; b++)
    for (let i = 0; i < g.outHeight; i++)
      for (let j = 0; j < g.outWidth; j++, y++)
        for (let p = 0; p < g.windowHeight; p++)
          for (let q = 0; q < g.windowWidth; q++) {
            const row = i * g.strideDown + p * g.dilationDown - g.above;
            const col = j * g.strideAcross + q * g.dilationAcross - g.left;
            const inside = row >= 0 && row < g.height && col >= 0 && col < g.width;
            visit(y, p * g.windowWidth + q, inside ? (b * g.height + row) * g.width + col : undefined);
          }
}

const pixels = (g: Geometry) => g.batch * g.outHeight * g.outWidth;

/** Max or average pooling; padding takes no part. */
export function poolReference(g: Geometry, x: ArrayLike<number>, kind: "max" | "mean"): number[] {
  const cells: number[][] = Array.from({ length: pixels(g) * g.channels }, () => []);
  forEachCell(g, (y, _tap, at) => {
    if (at === undefined) return;
    for (let c = 0; c < g.channels; c++) cells[y * g.channels + c]?.push(x[at * g.channels + c] as number);
  });
  return cells.map((v) => (kind === "max" ? Math.max(...v) : v.reduce((sum, n) => sum + n, 0) / v.length));
}

/** Depthwise convolution with one filter per channel, kernel [windowHeight][windowWidth][channels]. */
export function depthwiseReference(
  g: Geometry,
  x: ArrayLike<number>,
  kernel: ArrayLike<number>,
  bias?: ArrayLike<number>,
): number[] {
  const sums = Array.from({ length: pixels(g) * g.channels }, (_, k) => bias?.[k % g.channels] ?? 0);
  forEachCell(g, (y, tap, at) => {
    if (at === undefined) return;
    for (let c = 0; c < g.channels; c++) {
      sums[y * g.channels + c]! += (x[at * g.channels + c] as number) * (kernel[tap * g.channels + c] as number);
    }
  });
  return sums;
}

/** Rows [windowHeight][windowWidth][channels]; the channels of a pixel are the first of `pixel` in x. */
export function patchesReference(g: Geometry, x: ArrayLike<number>, pixel: number): number[] {
  const taps = g.windowHeight * g.windowWidth;
  const rows = new Array<number>(pixels(g) * taps * g.channels).fill(0);
  forEachCell(g, (y, tap, at) => {
    if (at === undefined) return;
    for (let c = 0; c < g.channels; c++) rows[(y * taps + tap) * g.channels + c] = x[at * pixel + c] as number;
  });
  return rows;
}
