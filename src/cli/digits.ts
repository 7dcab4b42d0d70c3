/** Small grey images as text. */

/** 8 × 8 pixels, 0 to 16, row by row. */
export interface Image {
  readonly pixels: readonly number[];
}

const ROWS = 8;
const COLUMNS = 8;
/** From white to black. */
const SHADES = [" ", "░", "▒", "▓", "█"];
const GAP = "   ";

/** One image a string, one character a pixel: 0 … 9, a … g for 16. */
export function parseImages(lines: readonly string[]): Image[] {
  return lines.map((line) => ({ pixels: [...line].map((pixel) => Number.parseInt(pixel, 17)) }));
}

/** Images side by side, each with a caption below. Two characters a pixel, since characters are twice as high. */
export function drawImages(images: readonly Image[], caption: (k: number) => string): string {
  const width = 2 * COLUMNS;
  const rows = Array.from({ length: ROWS }, (_, row) =>
    images
      .map(({ pixels }) =>
        pixels
          .slice(row * COLUMNS, (row + 1) * COLUMNS)
          .map(shade)
          .join(""),
      )
      .join(GAP),
  );
  const captions = images.map((_, k) => caption(k).padEnd(width)).join(GAP);
  return [...rows, captions, ""].join("\n");
}

function shade(pixel: number): string {
  const step = Math.min(SHADES.length - 1, Math.round((pixel * (SHADES.length - 1)) / 16));
  return (SHADES[step] as string).repeat(2);
}
