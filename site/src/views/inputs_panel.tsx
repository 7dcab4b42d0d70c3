/** Numbers for a model: made, typed, or from a file. */

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Tensor } from "recurra";
import { type Slot, slotsOf } from "../model/describe";
import { asText, type Filling, filled, fromFile, parsed } from "../model/fill";
import type { AnyModel } from "../model/open";
import { shapeText } from "../numbers";
import { HeatMap } from "../parts/heat_map";

const FILLINGS: readonly Filling[] = ["waves", "random", "zeros"];
type Choice = Filling | "sample";
/** What is longer is not written out. */
const EDITABLE = 1200;

interface InputsProps {
  readonly model: AnyModel;
  readonly sample: Tensor | undefined;
  readonly onRun: (inputs: readonly Tensor[]) => void;
}

export function InputsPanel({ model, sample, onRun }: InputsProps) {
  const slots = useMemo(() => slotsOf(model), [model]);
  const open = slots.some(({ shape }) => shape.slice(1).some((d) => typeof d !== "number"));
  const [timesteps, setTimesteps] = useState(32);
  const [filling, setFilling] = useState<Choice>(sample ? "sample" : "random");
  const [seed, setSeed] = useState(1);
  const made = () =>
    filling === "sample" && sample
      ? [sample]
      : slots.map((slot, k) => filled(slot, timesteps, filling as Filling, seed + k));
  const choices: readonly Choice[] = sample ? ["sample", ...FILLINGS] : FILLINGS;
  const [inputs, give] = useState<readonly Tensor[]>(made);
  useEffect(() => {
    const next = made();
    give(next);
    onRun(next);
  }, [model, timesteps, filling, seed]);
  const replace = (k: number, t: Tensor) => {
    const next = inputs.map((old, j) => (j === k ? t : old));
    give(next);
    onRun(next);
  };
  return (
    <section class="sheet stack" aria-labelledby="inputs">
      <div class="row">
        <h2 id="inputs">Input</h2>
        <fieldset class="choices" aria-label="Fill with">
          {choices.map((name) => (
            <button type="button" key={name} aria-pressed={name === filling} onClick={() => setFilling(name)}>
              {name}
            </button>
          ))}
        </fieldset>
        {filling === "random" && (
          <button type="button" onClick={() => setSeed(seed + 10)}>
            Draw again
          </button>
        )}
        {open && filling !== "sample" && (
          <label class="row">
            timesteps
            <input
              type="number"
              min="1"
              max="2000"
              value={timesteps}
              onChange={({ currentTarget }) =>
                setTimesteps(Math.max(1, Math.min(2000, currentTarget.valueAsNumber || 1)))
              }
            />
          </label>
        )}
      </div>
      {slots.map((slot, k) => (
        <OneInput key={slot.name} slot={slot} value={inputs[k] as Tensor} onChange={(t) => replace(k, t)} />
      ))}
    </section>
  );
}

interface OneInputProps {
  readonly slot: Slot;
  readonly value: Tensor;
  readonly onChange: (value: Tensor) => void;
}

function OneInput({ slot, value, onChange }: OneInputProps) {
  const [problem, complain] = useState<string | null>(null);
  const text = useMemo(() => (value.data.length <= EDITABLE ? asText(value) : null), [value]);
  const take = (making: () => Tensor | Promise<Tensor>) =>
    Promise.resolve()
      .then(making)
      .then(onChange)
      .then(() => complain(null))
      .catch((error) => complain(error instanceof Error ? error.message : String(error)));
  const width = value.shape.length > 2 ? (value.shape.at(-1) as number) : 1;
  const columns = value.data.length / (value.shape[0] || 1) / width;
  const at = (row: number, column: number) => value.data[column * width + row] ?? 0;
  const field = `input-${slot.name}`;
  return (
    <div class="stack tight">
      <div class="row">
        <b class="mono small">{slot.name}</b>
        <span class="mono small quiet">{shapeText(value.shape)}</span>
        <label class="button file">
          From a file <span class="quiet small">.npy .json .csv</span>
          <input
            type="file"
            class="unseen"
            accept=".npy,.json,.csv,.txt"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file) void take(() => fromFile(file, slot));
            }}
          />
        </label>
      </div>
      <HeatMap
        name="what goes in"
        kind="signed"
        heat={{ rows: width, columns, at }}
        height={Math.min(140, Math.max(26, 8 * width))}
        rowName={(row) => `feature ${row}`}
      />
      {text !== null && (
        <details>
          <summary>Edit by hand</summary>
          <label class="field" for={field}>
            Nested arrays, or rows of numbers; one timestep a line
          </label>
          <textarea
            id={field}
            rows={6}
            spellcheck={false}
            value={text}
            onChange={({ currentTarget }) => void take(() => parsed(currentTarget.value, slot))}
          />
        </details>
      )}
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
