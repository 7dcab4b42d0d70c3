/** What a model said: bars for one answer, lines over time, a heat map where there are many. */

import type { Tensor } from "recurra";
import { tensorToNpy } from "recurra";
import { duration, shapeText } from "../numbers";
import { HeatMap, Scale } from "../parts/heat_map";
import { Plot } from "../parts/plot";

/** More lines than this nobody can tell apart. */
const LINES = 6;
const SHOWN = 400;

export function OutputsPanel({ outputs, seconds }: { outputs: readonly Tensor[]; seconds: number }) {
  return (
    <section class="sheet stack" aria-labelledby="outputs">
      <div class="row">
        <h2 id="outputs">Output</h2>
        <span class="quiet small">
          in <span class="mono">{duration(seconds)}</span>, first call and planning included
        </span>
      </div>
      {outputs.map((output, k) => (
        <OneOutput key={k} output={output} index={k} />
      ))}
    </section>
  );
}

function OneOutput({ output, index }: { output: Tensor; index: number }) {
  const { shape, data } = output;
  const width = (shape.length > 1 ? shape.at(-1) : data.length) ?? 1;
  const steps = shape.length > 2 ? data.length / (shape[0] || 1) / width : 1;
  const listed = Array.from(data.subarray(0, SHOWN), (value) => Number(value.toPrecision(7)));
  const save = () => {
    const address = URL.createObjectURL(new Blob([tensorToNpy(output) as BlobPart]));
    const link = Object.assign(document.createElement("a"), { href: address, download: `output_${index}.npy` });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <div class="stack tight">
      <span class="mono small quiet">{shapeText(shape)}</span>
      {steps === 1 ? <Bars data={data} width={width} /> : <OverTime data={data} width={width} steps={steps} />}
      <details>
        <summary>Numbers{data.length > SHOWN ? `, the first ${SHOWN} of ${data.length}` : ""}</summary>
        <pre class="numbers" data-testid={`output-${index}`}>
          {JSON.stringify(listed)}
        </pre>
        <button type="button" onClick={save}>
          Save as .npy
        </button>
      </details>
    </div>
  );
}

function Bars({ data, width }: { data: ArrayLike<number>; width: number }) {
  const values = Array.from({ length: width }, (_, k) => ({ place: k, value: data[k] as number }));
  if (width === 1) return <p class="mono big-number">{(data[0] ?? 0).toPrecision(6)}</p>;
  return (
    <Plot
      label={`Bars of ${width} outputs`}
      height={200}
      deps={[data]}
      draw={(plot) => ({
        x: { label: "output", tickSize: 0, ...(width > 40 && { ticks: [] }) },
        y: { label: null, grid: true, ticks: 4, nice: true },
        marks: [
          plot.barY(values, { x: "place", y: "value", fill: "var(--warm)", rx1: 2, rx2: 2 }),
          plot.ruleY([0], { stroke: "var(--soft)" }),
          plot.tip(values, plot.pointerX({ x: "place", y: "value" })),
        ],
      })}
    />
  );
}

function OverTime({ data, width, steps }: { data: ArrayLike<number>; width: number; steps: number }) {
  if (width > LINES) {
    const at = (row: number, column: number) => data[column * width + row] ?? 0;
    return (
      <>
        <HeatMap
          name="outputs over time"
          kind="signed"
          heat={{ rows: width, columns: steps, at }}
          rowName={(row) => `output ${row}`}
        />
        <Scale kind="signed" />
      </>
    );
  }
  const points = Array.from({ length: steps * width }, (_, k) => ({
    t: Math.floor(k / width),
    value: data[k] as number,
    output: `output ${k % width}`,
  }));
  return (
    <Plot
      label={`Lines of ${width} outputs over ${steps} timesteps`}
      deps={[data]}
      draw={(plot) => ({
        color: { legend: width > 1, range: ["var(--warm)", "var(--cool)", "#c79a2b", "#7a5aa8", "#5b8c3a", "#8a8378"] },
        x: { label: "timestep" },
        y: { label: null, grid: true, ticks: 5 },
        marks: [
          plot.ruleY([0], { stroke: "var(--rule)" }),
          plot.lineY(points, { x: "t", y: "value", stroke: "output", strokeWidth: 1.8 }),
          plot.tip(points, plot.pointer({ x: "t", y: "value", stroke: "output" })),
        ],
      })}
    />
  );
}
