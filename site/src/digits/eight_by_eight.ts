/** Strokes → 8 × 8 pixels of 0..16, as the digits were made: 32 × 32 in black and white, counted in blocks of 4 × 4. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

const FINE = 32;
/** Of the 32 × 32 picture: about what a pen left in the data set. */
const PEN = 3.4;

/** Strokes in any coordinates; the picture is moved and scaled to fill the height, as the data set's were. */
export function rasterised(strokes: readonly (readonly Point[])[]): number[] {
  const points = strokes.flat();
  const pixels = new Array<number>(64).fill(0);
  if (points.length < 2) return pixels;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const room = FINE - PEN;
  const scale = room / Math.max(width, height, 1);
  const canvas = new OffscreenCanvas(FINE, FINE);
  const context = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  const place = ({ x, y }: Point) =>
    [(FINE - width * scale) / 2 + (x - left) * scale, (FINE - height * scale) / 2 + (y - top) * scale] as const;
  for (const stroke of strokes) {
    context.beginPath();
    stroke.forEach((point, k) => {
      if (k === 0) context.moveTo(...place(point));
      context.lineTo(...place(point));
    });
    context.stroke();
  }
  const { data } = context.getImageData(0, 0, FINE, FINE);
  for (let y = 0; y < FINE; y++) {
    for (let x = 0; x < FINE; x++) {
      if ((data[4 * (y * FINE + x) + 3] as number) > 127) pixels[(y >> 2) * 8 + (x >> 2)]! += 1;
    }
  }
  return pixels;
}
