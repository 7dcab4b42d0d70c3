/** Draw a digit and watch an LSTM read it row by row. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Model, type Tensor, tensor } from "recurra";
import heldOut from "../../../examples/digits/held_out.json";
import { DrawingPad } from "../digits/drawing_pad";
import { type Point, rasterised } from "../digits/eight_by_eight";
import { PixelGrid } from "../digits/pixel_grid";
import { mindOver, tracesOf } from "../model/insides";
import { openAddress } from "../model/open";
import { imageOf } from "../model/samples";
import { ADDRESSES } from "../model/shipped";
import { HeatMap } from "../parts/heat_map";
import { TraceMaps } from "./insides_panel";

const DIGITS = Array.from({ length: 10 }, (_, k) => k);

export function DigitsView() {
  const [net, setNet] = useState<Model | null>(null);
  const [strokes, setStrokes] = useState<readonly (readonly Point[])[]>([]);
  const [sample, setSample] = useState(4);
  const [pixels, setPixels] = useState<readonly number[]>(() => imageOf(4));
  const [reading, setReading] = useState(0);
  useEffect(() => {
    void openAddress("digits", ADDRESSES.digits).then(({ model }) => setNet(model as Model));
  }, []);
  // The reading goes on by itself, a row at a time; with reduced motion it is done at once.
  useEffect(() => {
    if (reading >= 8) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return setReading(8);
    const timer = setTimeout(() => setReading(reading + 1), 150);
    return () => clearTimeout(timer);
  }, [reading, pixels]);
  const show = (next: readonly number[]) => {
    setPixels(next);
    setReading(0);
  };
  const draw = (next: readonly (readonly Point[])[]) => {
    setStrokes(next);
    setPixels(rasterised(next));
    setReading(8);
  };
  const clear = () => {
    setStrokes([]);
    show(new Array<number>(64).fill(0));
  };
  const another = () => {
    const next = (sample + 1) % heldOut.labels.length;
    setSample(next);
    setStrokes([]);
    show(imageOf(next));
  };
  const empty = pixels.every((value) => value === 0);
  return (
    <div class="digits">
      <section class="sheet stack tight" aria-label="Draw">
        <DrawingPad strokes={strokes} onStrokes={draw} />
        <div class="row">
          <button type="button" onClick={clear}>
            Clear
          </button>
          <button type="button" onClick={another}>
            Show one it never saw
          </button>
          <button type="button" onClick={() => setReading(0)} disabled={empty}>
            Read again
          </button>
        </div>
        <p class="quiet small">
          Draw with a pointer. What you draw is shrunk to the 8 × 8 pixels beside it; they can be set one by one with
          arrow keys and space.
        </p>
      </section>
      {net && (
        <Reading
          net={net}
          pixels={pixels}
          reading={reading}
          onPixel={(place, value) => {
            setStrokes([]);
            show(pixels.map((old, k) => (k === place ? value : old)));
          }}
        />
      )}
      {net && !empty && <Insides net={net} pixels={pixels} reading={reading} />}
    </div>
  );
}

interface ReadingProps {
  readonly net: Model;
  readonly pixels: readonly number[];
  readonly reading: number;
  readonly onPixel: (place: number, value: number) => void;
}

const inputOf = (pixels: readonly number[]): Tensor => tensor(Float32Array.from(pixels), [1, 8, 8]);

function Reading({ net, pixels, reading, onPixel }: ReadingProps) {
  const mind = useMemo(() => mindOver(net, [inputOf(pixels)]), [net, pixels]);
  const rows = Math.min(reading, 7);
  const at = (digit: number, row: number) => mind?.values[row * 10 + digit] ?? 0;
  const empty = pixels.every((value) => value === 0);
  const now = DIGITS.map((digit) => (empty ? 0 : at(digit, rows)));
  const best = now.indexOf(Math.max(...now));
  const done = reading >= 7 && !empty;
  return (
    <section class="sheet reading" aria-label="What it reads">
      <PixelGrid pixels={pixels} reading={reading} onPixel={onPixel} />
      <div class="verdict">
        <p class="answer" data-testid="verdict" data-done={done}>
          {empty ? "?" : best}
        </p>
        <p class="quiet small" aria-live="polite">
          {empty
            ? "Nothing to read yet."
            : done
              ? `It reads a ${best}, ${Math.round(100 * (now[best] as number))} % sure.`
              : `After row ${rows + 1} of 8`}
        </p>
      </div>
      <ol class="bars" aria-label="Probabilities">
        {DIGITS.map((digit) => (
          <li key={digit} data-best={digit === best && !empty}>
            <span>{digit}</span>
            <i style={{ width: `${100 * (now[digit] as number)}%` }} />
            <span class="mono">{((now[digit] as number) * 100).toFixed(0)} %</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Insides({ net, pixels, reading }: Omit<ReadingProps, "onPixel">) {
  const [trace] = useMemo(() => tracesOf(net, [inputOf(pixels)]), [net, pixels]);
  const mind = useMemo(() => mindOver(net, [inputOf(pixels)]), [net, pixels]);
  if (!trace || !mind) return null;
  const seen = (row: number, column: number) => (column <= reading ? (mind.values[column * 10 + row] ?? 0) : 0);
  const rowName = (column: number) => `after row ${column + 1}`;
  return (
    <section class="sheet stack whole" aria-labelledby="mind">
      <h2 id="mind">How it makes up its mind</h2>
      <HeatMap
        name="digit by digit, after each row"
        kind="open"
        heat={{ rows: 10, columns: 8, at: seen }}
        rowName={(digit) => `digit ${digit}`}
        labels={DIGITS.map(String)}
        columnName={rowName}
        height={150}
      />
      <TraceMaps trace={trace} columnName={rowName} />
    </section>
  );
}
