/** Where a digit is drawn, with a finger or a mouse. */

import { useEffect, useRef } from "preact/hooks";
import { colour, useTheme } from "../theme";
import type { Point } from "./eight_by_eight";

const SIDE = 320;

interface DrawingPadProps {
  readonly strokes: readonly (readonly Point[])[];
  readonly onStrokes: (strokes: readonly (readonly Point[])[]) => void;
}

export function DrawingPad({ strokes, onStrokes }: DrawingPadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);
  const theme = useTheme();
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, SIDE, SIDE);
    Object.assign(context, { lineWidth: 22, lineCap: "round", lineJoin: "round", strokeStyle: colour("--ink") });
    for (const stroke of strokes) {
      context.beginPath();
      stroke.forEach(({ x, y }, k) => {
        if (k === 0) context.moveTo(x, y);
        context.lineTo(x, y);
      });
      context.stroke();
    }
  }, [strokes, theme]);
  const at = (event: PointerEvent): Point => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * SIDE, y: ((event.clientY - box.top) / box.height) * SIDE };
  };
  return (
    <canvas
      ref={canvas}
      class="pad"
      width={SIDE}
      height={SIDE}
      role="img"
      aria-label="Draw a digit here. Without a pointer, set the pixels beside it with arrow keys and space."
      onPointerDown={(event) => {
        drawing.current = true;
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
        onStrokes([...strokes, [at(event)]]);
      }}
      onPointerMove={(event) => {
        if (!drawing.current) return;
        const last = strokes.at(-1) ?? [];
        onStrokes([...strokes.slice(0, -1), [...last, at(event)]]);
      }}
      onPointerUp={() => {
        drawing.current = false;
      }}
      onPointerCancel={() => {
        drawing.current = false;
      }}
    />
  );
}
