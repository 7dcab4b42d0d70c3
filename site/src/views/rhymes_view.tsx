/** A GRU writes nursery rhymes letter by letter; each letter wears the colour of one of its units. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Model } from "recurra";
import vocabulary from "../../models/rhymes/vocabulary.json";
import { openAddress } from "../model/open";
import { ADDRESSES } from "../model/shipped";
import { duration } from "../numbers";
import { HeatMap, Scale } from "../parts/heat_map";
import { Writer, type Written } from "../rhymes/writer";

const LENGTH = 700;
/** Letters in the heat map. */
const WINDOW = 90;
const name = (letter: string) => ({ "\n": "⏎", " ": "␣" })[letter] ?? letter;

export function RhymesView() {
  const [writer, setWriter] = useState<Writer | null>(null);
  const [prompt, setPrompt] = useState("Twinkle");
  const [temperature, setTemperature] = useState(0.7);
  const [unit, setUnit] = useState(7);
  const [text, setText] = useState<readonly Written[]>([]);
  const [expected, setExpected] = useState<readonly { letter: string; share: number }[]>([]);
  const [writing, setWriting] = useState(false);
  const [step, setStep] = useState(0);
  const seed = useRef(0);
  const heat = useRef(temperature);
  heat.current = temperature;
  useEffect(() => {
    void openAddress("rhymes", ADDRESSES.rhymes).then(({ model }) => {
      setWriter(new Writer(model as Model, vocabulary.characters));
    });
  }, []);
  const begin = () => {
    if (!writer) return;
    writer.begin(++seed.current);
    const start = [...`\n\n${prompt}`].map((letter) => writer.read(letter, true));
    setText(start.slice(2));
    setExpected(writer.expected(heat.current).slice(0, 8));
    setWriting(true);
  };
  useEffect(() => {
    if (!writing || !writer) return;
    if (text.length >= LENGTH) return setWriting(false);
    const timer = setTimeout(() => {
      const letter = writer.next(heat.current);
      const start = performance.now();
      const read = writer.read(letter, false);
      setStep((performance.now() - start) / 1000);
      setText([...text, read]);
      setExpected(writer.expected(heat.current).slice(0, 8));
    }, 24);
    return () => clearTimeout(timer);
  }, [writing, text, writer]);
  const last = text.slice(-WINDOW);
  return (
    <div class="rhymes">
      <section class="sheet stack tight" aria-label="What to write">
        <div class="row controls">
          <label class="field">
            Begin with
            <input
              type="text"
              value={prompt}
              maxLength={60}
              onInput={({ currentTarget }) => setPrompt(currentTarget.value)}
            />
          </label>
          <label class="field">
            Temperature {temperature.toFixed(2)}
            <input
              type="range"
              min="0.1"
              max="1.5"
              step="0.05"
              value={temperature}
              onInput={({ currentTarget }) => setTemperature(currentTarget.valueAsNumber)}
            />
          </label>
          {writing ? (
            <button type="button" onClick={() => setWriting(false)}>
              Stop
            </button>
          ) : (
            <button type="button" class="main" data-testid="write" disabled={!writer} onClick={begin}>
              Write
            </button>
          )}
        </div>
        <p class="page" data-testid="written">
          {text.length === 0 && <span class="quiet">It waits for a beginning.</span>}
          {text.map(({ letter, state, given }, k) => {
            const value = state[unit] ?? 0;
            const colour = value < 0 ? "--cool" : "--warm";
            const share = Math.round(Math.abs(value) * 55);
            return (
              <span
                key={k}
                class={given ? "given" : ""}
                style={{ background: `color-mix(in srgb, var(${colour}) ${share}%, transparent)` }}
              >
                {letter}
              </span>
            );
          })}
          {writing && <i class="caret" aria-hidden="true" />}
        </p>
        <p class="unseen" aria-live="polite">
          {!writing && text.length > 0 ? text.map(({ letter }) => letter).join("") : ""}
        </p>
      </section>
      <section class="sheet stack tight" aria-labelledby="expects">
        <h2 id="expects">What it expects next</h2>
        <ol class="bars">
          {expected.map(({ letter, share }, k) => (
            <li key={letter} data-best={k === 0}>
              <span class="mono">{name(letter)}</span>
              <i style={{ width: `${100 * share}%` }} />
              <span class="mono">{(100 * share).toFixed(0)} %</span>
            </li>
          ))}
        </ol>
        {step > 0 && (
          <p class="quiet small">
            One letter takes <span class="mono">{duration(step)}</span>; the pauses between are for your eyes.
          </p>
        )}
      </section>
      <section class="sheet stack tight whole" aria-labelledby="memory">
        <div class="row">
          <h2 id="memory">What it holds in mind</h2>
          <label class="row">
            colour the text by unit <b class="mono">{unit}</b>
            <input
              type="range"
              min="0"
              max={(writer?.units ?? 1) - 1}
              value={unit}
              onInput={({ currentTarget }) => setUnit(currentTarget.valueAsNumber)}
            />
          </label>
          <Scale kind="signed" />
        </div>
        {last.length > 0 && (
          <HeatMap
            name={`hidden state of ${writer?.units} units, the last ${last.length} letters`}
            kind="signed"
            heat={{
              rows: writer?.units ?? 0,
              columns: last.length,
              at: (row, column) => last[column]?.state[row] ?? 0,
            }}
            columnName={(column) => `“${name(last[column]?.letter ?? "")}”`}
            height={280}
          />
        )}
        <p class="quiet small">
          The model learned 5,547 letters of traditional rhymes, printed before 1900 and in the public domain. At a low
          temperature it recites; at a high one it makes things up.
        </p>
      </section>
    </div>
  );
}
