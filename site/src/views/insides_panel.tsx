/** Why it says what it says: states and gates at every timestep, and the answer as it forms. */

import { useMemo, useState } from "preact/hooks";
import type { Model, Tensor } from "recurra";
import { type Inside, mindOver, tracesOf } from "../model/insides";
import { HeatMap, Scale } from "../parts/heat_map";

/** Outputs whose numbers fit beside their rows. */
const LABELLED = 20;

export function InsidesPanel({ model, inputs }: { model: Model; inputs: readonly Tensor[] }) {
  const traces = useMemo(() => tracesOf(model, inputs), [model, inputs]);
  const mind = useMemo(() => mindOver(model, inputs), [model, inputs]);
  const [chosen, choose] = useState(0);
  const trace = traces[Math.min(chosen, traces.length - 1)];
  if (!trace) return null;
  return (
    <section class="sheet stack" aria-labelledby="insides">
      <div class="row">
        <h2 id="insides">Inside, over time</h2>
        {traces.length > 1 && (
          <fieldset class="choices" aria-label="Layer">
            {traces.map(({ layer, backwards }, k) => (
              <button type="button" key={layer} aria-pressed={trace === traces[k]} onClick={() => choose(k)}>
                {layer}
                {backwards ? " ←" : ""}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {mind && (
        <HeatMap
          name="what it would say if the sequence ended here"
          kind={mind.values.every((value) => value >= 0 && value <= 1) ? "open" : "signed"}
          heat={{ rows: mind.width, columns: mind.timesteps, at: (row, t) => mind.values[t * mind.width + row] ?? 0 }}
          rowName={(row) => `output ${row}`}
          labels={mind.width <= LABELLED ? Array.from({ length: mind.width }, (_, row) => String(row)) : undefined}
        />
      )}
      <TraceMaps trace={trace} />
    </section>
  );
}

const TOLD: Readonly<Record<string, string>> = {
  h: "hidden state h, what it tells the next layer",
  c: "cell state c, what it remembers",
  input: "input gate, what it lets in",
  forget: "forget gate, what it keeps",
  output: "output gate, what it shows",
  candidate: "candidate, what it could take in",
  update: "update gate, what it keeps",
  reset: "reset gate, what it looks back at",
};

/** The heat maps of one layer. */
export function TraceMaps({ trace, columnName }: { trace: Inside; columnName?: (column: number) => string }) {
  const maps = [...Object.entries(trace.states), ...Object.entries(trace.gates)];
  return (
    <>
      <div class="maps">
        {maps.map(([name, values]) => {
          const kind = name in trace.gates && name !== "candidate" ? "open" : "signed";
          return (
            <HeatMap key={name} name={TOLD[name] ?? name} kind={kind} heat={heatOf(values)} columnName={columnName} />
          );
        })}
      </div>
      <p class="row small quiet">
        <Scale kind="signed" of="States and candidates" /> <Scale kind="open" of="Gates" />
        <span>
          A row is a unit, time runs to the right.{trace.backwards && " This half reads from right to left."} Pointer or
          arrow keys read single numbers.
        </span>
      </p>
    </>
  );
}

/** [1, timesteps, units] with time to the right. */
export function heatOf({ shape, data }: Tensor) {
  const [, columns = 0, rows = 0] = shape;
  return { rows, columns, at: (row: number, column: number) => data[column * rows + row] ?? 0 };
}
