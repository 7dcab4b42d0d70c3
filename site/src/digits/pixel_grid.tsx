/** The 8 × 8 pixels that the network reads; each can be set with the keyboard. */

import { useRef } from "preact/hooks";

interface PixelGridProps {
  readonly pixels: readonly number[];
  /** The row that is being read; 8 when all are. */
  readonly reading: number;
  readonly onPixel: (place: number, value: number) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -8, ArrowDown: 8, ArrowLeft: -1, ArrowRight: 1 };

export function PixelGrid({ pixels, reading, onPixel }: PixelGridProps) {
  const grid = useRef<HTMLFieldSetElement>(null);
  const move = (event: KeyboardEvent, place: number) => {
    const to = place + (STEPS[event.key] ?? 0);
    if (to === place || to < 0 || to > 63) return;
    event.preventDefault();
    grid.current?.querySelectorAll<HTMLElement>("button")[to]?.focus();
  };
  const rows = Array.from({ length: 8 }, (_, row) => pixels.slice(8 * row, 8 * row + 8));
  return (
    <fieldset ref={grid} class="pixels" aria-label="The 8 by 8 pixels that it reads, row by row">
      {rows.map((row, y) => (
        <div key={y} class={y === reading ? "reading" : y < reading ? "read" : "unread"}>
          {row.map((value, x) => {
            const place = 8 * y + x;
            return (
              <button
                key={x}
                type="button"
                tabIndex={place === 0 ? 0 : -1}
                aria-label={`row ${y + 1}, column ${x + 1}: ${value} of 16`}
                style={{ "--level": String(value / 16) }}
                onKeyDown={(event) => move(event, place)}
                onClick={() => onPixel(place, value > 8 ? 0 : 16)}
              />
            );
          })}
        </div>
      ))}
    </fieldset>
  );
}
