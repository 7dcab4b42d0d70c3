/** Any model: what it is made of, what it says to what, and why. */

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Tensor } from "recurra";
import { pictureOf, rowsOf } from "../model/describe";
import { isLayered, type Opened, openFiles } from "../model/open";
import { SHIPPED } from "../model/shipped";
import { count, duration } from "../numbers";
import { DropZone } from "../parts/drop_zone";
import { GraphPicture } from "../parts/graph_picture";
import { InputsPanel } from "./inputs_panel";
import { InsidesPanel } from "./insides_panel";
import { OutputsPanel } from "./outputs_panel";

type Status = { at: "busy"; what: string } | { at: "open"; opened: Opened } | { at: "failed"; message: string };

export function ModelView() {
  const [status, turn] = useState<Status>({ at: "busy", what: "digits_lstm.keras" });
  const open = async (what: string, opening: () => Promise<Opened>) => {
    turn({ at: "busy", what });
    try {
      turn({ at: "open", opened: await opening() });
    } catch (error) {
      turn({ at: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  };
  useEffect(() => {
    void open("digits_lstm.keras", (SHIPPED[0] as (typeof SHIPPED)[number]).open);
  }, []);
  return (
    <>
      <section class="openers" aria-label="Open a model">
        <DropZone label="Choose a file" onFiles={(files) => void open(files[0]?.name ?? "", () => openFiles(files))}>
          <b>Drop a model here</b>
          <p class="quiet small">
            .keras · .h5 · model.json with its shards · .onnx · .safetensors · RTNeural, GuitarML, NAM
          </p>
        </DropZone>
        <fieldset class="shipped" aria-label="Models that come with the page">
          {SHIPPED.map(({ name, about, open: opening }) => (
            <button type="button" key={name} onClick={() => void open(name, opening)}>
              <b>{name}</b>
              <span class="quiet small">{about}</span>
            </button>
          ))}
        </fieldset>
      </section>
      <div aria-live="polite" class="unseen">
        {status.at === "open" ? `${status.opened.title} is open` : status.at === "busy" ? `Opening ${status.what}` : ""}
      </div>
      {status.at === "failed" && (
        <p class="notice" role="alert">
          {status.message}
        </p>
      )}
      {status.at === "open" && <Report key={status.opened.title} opened={status.opened} />}
    </>
  );
}

interface Answer {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly seconds: number;
}

function Report({ opened }: { opened: Opened }) {
  const { model, title, seconds, report } = opened;
  const rows = useMemo(() => rowsOf(model), [model]);
  const picture = useMemo(() => pictureOf(model), [model]);
  const [answer, say] = useState<Answer | null>(null);
  const [problem, complain] = useState<string | null>(null);
  const run = (inputs: readonly Tensor[]) => {
    try {
      const start = performance.now();
      const outputs = [model.predict([...inputs])].flat() as readonly Tensor[];
      say({ inputs, outputs, seconds: (performance.now() - start) / 1000 });
      complain(null);
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error));
    }
  };
  const total = rows.reduce((sum, { params }) => sum + params, 0);
  return (
    <div class="stack">
      <dl class="facts headline">
        <Fact name="file">{title}</Fact>
        <Fact name="parameters">
          <span data-testid="params">{count(total)}</span>
        </Fact>
        <Fact name="opened in">{duration(seconds)}</Fact>
        <Fact name="format">{report[0] ?? ""}</Fact>
      </dl>
      {report.slice(1).map((line) => (
        <p key={line} class="quiet small">
          {line}
        </p>
      ))}
      <div class="columns wide-left">
        <div class="stack">
          <section class="sheet" aria-labelledby="layers">
            <h2 id="layers">Layers</h2>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <section class="scroll" tabIndex={0} aria-label="Layers as a table, which scrolls sideways">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Layer</th>
                    <th scope="col">Output</th>
                    <th scope="col" class="number">
                      Parameters
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row, k) => (
                    <tr key={k}>
                      <td>
                        {row.name} <span class="quiet small">{row.kind}</span>
                      </td>
                      <td class="mono small">{row.shape}</td>
                      <td class="number">{count(row.params)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </section>
          <InputsPanel model={model} sample={opened.sample} onRun={run} />
        </div>
        <section class="sheet" aria-labelledby="graph">
          <h2 id="graph">Graph</h2>
          <GraphPicture picture={picture} />
        </section>
      </div>
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
      {answer && <OutputsPanel outputs={answer.outputs} seconds={answer.seconds} />}
      {answer && isLayered(model) && <InsidesPanel model={model} inputs={answer.inputs} />}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
