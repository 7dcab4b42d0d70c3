/** Numbers over time as a picture: one column a timestep, one row a unit. */

import { useEffect, useRef, useState } from "preact/hooks";
import { rgb, useTheme } from "../theme";

export interface Heat {
  readonly rows: number;
  readonly columns: number;
  readonly at: (row: number, column: number) => number;
}

interface HeatMapProps {
  readonly name: string;
  readonly heat: Heat;
  /** `signed`: cool below 0, warm above; `open`: 0 closed to 1 open. */
  readonly kind: "signed" | "open";
  readonly rowName?: (row: number) => string;
  readonly columnName?: (column: number) => string;
  /** Written beside the rows, where there are few. */
  readonly labels?: readonly string[];
  /** Height of the picture in pixels; by default what the rows need. */
  readonly height?: number;
}

type Rgb = readonly [number, number, number];
const between = (a: Rgb, b: Rgb, share: number) => a.map((value, k) => value + ((b[k] as number) - value) * share);

function paint(canvas: HTMLCanvasElement, { rows, columns, at }: Heat, kind: HeatMapProps["kind"], bound: number) {
  const context = canvas.getContext("2d");
  if (!context || rows === 0 || columns === 0) return;
  [canvas.width, canvas.height] = [columns, rows];
  const image = context.createImageData(columns, rows);
  const colours = { zero: rgb("--sunken"), warm: rgb("--warm"), cool: rgb("--cool"), ink: rgb("--ink") };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = at(row, column) / bound;
      const end = kind === "open" ? colours.ink : value < 0 ? colours.cool : colours.warm;
      const share = Math.min(1, Math.abs(value)) ** 0.85;
      image.data.set([...between(colours.zero, end, share), 255], 4 * (row * columns + column));
    }
  }
  context.putImageData(image, 0, 0);
}

function largest({ rows, columns, at }: Heat): number {
  let bound = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) bound = Math.max(bound, Math.abs(at(row, column)));
  }
  return bound;
}

/** Pointed at by pointer or arrow keys, it tells the number. */
export function HeatMap({ name, heat, kind, rowName, columnName, labels, height }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [place, point] = useState<readonly [row: number, column: number] | null>(null);
  const theme = useTheme();
  const bound = kind === "open" ? 1 : Math.max(1e-9, Math.min(largest(heat), 1e6));
  const scale = kind === "signed" && bound > 0.5 && bound <= 1 ? 1 : bound;
  useEffect(() => {
    if (canvas.current) paint(canvas.current, heat, kind, scale);
  }, [heat, kind, theme, scale]);
  const { rows, columns } = heat;
  const tall = height ?? Math.round(Math.min(280, Math.max(48, rows * Math.min(14, Math.max(3, 240 / rows)))));
  const clamp = (row: number, column: number) => {
    point([Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))]);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    clamp(Math.floor(y * rows), Math.floor(x * columns));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    clamp((place?.[0] ?? 0) + (move[0] as number), (place?.[1] ?? 0) + (move[1] as number));
  };
  const told = (row: number, column: number) => {
    const names = [rowName?.(row) ?? `unit ${row}`, columnName?.(column) ?? `t ${column}`];
    return `${names.join(", ")}: ${heat.at(row, column).toFixed(3)}`;
  };
  const label = place ? told(...place) : `${rows}\u00a0×\u00a0${columns}`;
  return (
    <figure class="heat">
      <figcaption class="caption">
        <b>{name}</b>
        <output aria-live="polite">{label}</output>
      </figcaption>
      <div class="picture">
        {labels && (
          <span class="labels" aria-hidden="true">
            {labels.map((label) => (
              <span key={label}>{label}</span>
            ))}
          </span>
        )}
        <canvas
          ref={canvas}
          style={{ height: `${tall}px` }}
          role="img"
          tabIndex={0}
          aria-label={`${name}: heat map of ${rows} rows over ${columns} timesteps. Arrow keys read single numbers.`}
          onPointerMove={onPointerMove}
          onPointerLeave={() => point(null)}
          onKeyDown={onKeyDown}
        />
      </div>
    </figure>
  );
}

/** What the colours mean, behind the name of what they colour. */
export function Scale({ kind, of }: { kind: HeatMapProps["kind"]; of?: string }) {
  const colours = kind === "open" ? "var(--sunken), var(--ink)" : "var(--cool), var(--sunken), var(--warm)";
  return (
    <span class="scale">
      {of && <span class="small">{of}</span>}
      {kind === "open" ? "0" : "−"}
      <i style={{ background: `linear-gradient(90deg, ${colours})` }} />
      {kind === "open" ? "1" : "+"}
    </span>
  );
}
