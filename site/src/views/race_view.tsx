/** The race, its chart, its table, and the results to take along. */

import { useEffect, useRef, useState } from "preact/hooks";
import { runtime } from "recurra";
import { duration } from "../numbers";
import { Plot } from "../parts/plot";
import { CONTESTANTS, type ContestantName } from "../race/contestant";
import { type Result, race } from "../race/race";
import { SHORT, WORKLOADS } from "../race/workloads";

const NAMES = Object.keys(CONTESTANTS) as ContestantName[];
const COLOURS = { recurra: "var(--warm)", onnx: "var(--cool)", tfjs: "var(--soft)" };
const SHORT_RACE = { rounds: 3, seconds: 0.06 };
const LONG_RACE = { rounds: 5, seconds: 0.25 };

export function RaceView() {
  const [results, setResults] = useState<readonly Result[]>([]);
  const [step, setStep] = useState<{ what: string; share: number } | null>(null);
  const [problem, complain] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);
  const start = async (workloads: readonly string[], pace: typeof SHORT_RACE) => {
    const controller = new AbortController();
    stopping.current = controller;
    setResults([]);
    setCopied(false);
    complain(null);
    setStep({ what: "Workers start", share: 0 });
    try {
      await race({
        workloads,
        ...pace,
        signal: controller.signal,
        onStep: (what, share) => setStep({ what, share }),
        onResult: (result) => setResults((all) => [...all, result]),
      });
    } catch (error) {
      if (!controller.signal.aborted) complain(error instanceof Error ? error.message : String(error));
    }
    if (stopping.current === controller) setStep(null);
  };
  const raced = WORKLOADS.filter(({ name }) => results.some(({ workload }) => workload === name));
  const copy = async () => {
    await navigator.clipboard.writeText(asText(results));
    setCopied(true);
  };
  return (
    <div class="stack race">
      <div class="row">
        {step === null ? (
          <>
            <button type="button" class="main" onClick={() => void start(SHORT, SHORT_RACE)}>
              Start the short race
            </button>
            <button
              type="button"
              onClick={() =>
                void start(
                  WORKLOADS.map(({ name }) => name),
                  LONG_RACE,
                )
              }
            >
              All {WORKLOADS.length} workloads
            </button>
            {results.length > 0 && (
              <button type="button" onClick={() => void copy()}>
                {copied ? "Copied" : "Copy the results"}
              </button>
            )}
          </>
        ) : (
          <>
            <button type="button" onClick={() => stopping.current?.abort()}>
              Stop
            </button>
            <progress value={step.share} max={1} aria-label="Progress of the race" />
          </>
        )}
        <span class="quiet small" role="status">
          {step?.what ?? (copied ? "The results are in the clipboard." : "")}
        </span>
      </div>
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
      {raced.length > 0 && <Chart results={results} names={raced.map(({ name }) => name)} />}
      {raced.length > 0 && <Table results={results} />}
      {step === null && results.length > 0 && (
        <p data-testid="race-done" class="unseen">
          The race is over.
        </p>
      )}
      <section class="sheet stack tight small" aria-labelledby="rules">
        <h2 id="rules">The rules</h2>
        <p>
          Each contestant has a worker of its own and runs alone, on one thread, in rounds whose order rotates; the
          median of the rounds counts. Time goes from a typed array to a typed array. Every answer is first compared
          with a float64 computation of the equations; what differs by 1e-4 or more is out.
        </p>
        <p class="quiet">
          onnxruntime-web (14 MB of WebAssembly) and TensorFlow.js are downloaded when a race starts. TensorFlow.js
          knows no reset_after, so its GRU computes the other form. A busy machine makes all of them slow.
        </p>
      </section>
    </div>
  );
}

/** Powers of ten of microseconds: `100 µs`, `10 ms`. */
function roundDuration(micros: number): string {
  if (micros < 1000) return `${micros} µs`;
  return micros < 1e6 ? `${micros / 1000} ms` : `${micros / 1e6} s`;
}

function Chart({ results, names }: { results: readonly Result[]; names: readonly string[] }) {
  const points = results.flatMap(({ workload, contestant, seconds }) =>
    seconds === null ? [] : [{ workload, who: CONTESTANTS[contestant].title, seconds: seconds * 1e6 }],
  );
  const spans = names.map((name) => {
    const times = points.filter(({ workload }) => workload === name).map(({ seconds }) => seconds);
    return { workload: name, from: Math.min(...times), to: Math.max(...times) };
  });
  return (
    <section class="sheet" aria-labelledby="chart">
      <h2 id="chart">Time for one call, further left is faster</h2>
      <Plot
        label="Time for one call by workload and contestant, on a logarithmic scale; the table has the numbers"
        height={70 + 34 * names.length}
        deps={[results]}
        draw={(plot, width) => ({
          marginLeft: 56,
          marginRight: 16,
          x: {
            type: "log",
            label: "per call",
            grid: true,
            ticks: width < 500 ? 3 : 6,
            tickFormat: roundDuration,
          },
          y: { label: null, domain: names, tickSize: 0 },
          color: {
            legend: true,
            domain: NAMES.map((name) => CONTESTANTS[name].title),
            range: NAMES.map((name) => COLOURS[name]),
          },
          marks: [
            plot.link(spans, {
              x1: "from",
              x2: "to",
              y1: "workload",
              y2: "workload",
              stroke: "var(--rule)",
              strokeWidth: 3,
            }),
            plot.dot(points, {
              x: "seconds",
              y: "workload",
              fill: "who",
              r: 6.5,
              stroke: "var(--sheet)",
              strokeWidth: 1.5,
            }),
          ],
        })}
      />
    </section>
  );
}

/** How often faster recurra is than another contestant. */
function ratioOf(results: readonly Result[], workload: string, contestant: ContestantName): number | null {
  const of = (who: ContestantName) => results.find((r) => r.workload === workload && r.contestant === who)?.seconds;
  const [own, other] = [of("recurra"), of(contestant)];
  return own && other && contestant !== "recurra" ? other / own : null;
}

function Table({ results }: { results: readonly Result[] }) {
  const rows = WORKLOADS.filter(({ name }) => results.some(({ workload }) => workload === name));
  return (
    <section class="sheet" aria-label="Results as a table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Results as a table, which scrolls sideways">
        <table data-testid="race-table">
          <thead>
            <tr>
              <th scope="col">Workload</th>
              {NAMES.map((name) => (
                <th scope="col" class="number" key={name}>
                  {CONTESTANTS[name].title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, about }) => (
              <tr key={name}>
                <th scope="row">
                  <b>{name}</b> <span class="quiet">{about}</span>
                </th>
                {NAMES.map((who) => {
                  const found = results.find(({ workload, contestant }) => workload === name && contestant === who);
                  const ratio = ratioOf(results, name, who);
                  return (
                    <td class="number" key={who} title={found?.note}>
                      {found ? (found.seconds === null ? found.note : duration(found.seconds)) : "…"}
                      {found?.note === "reset_after=false" && "¹"}
                      {ratio !== null && <span class="ratio">{ratio.toFixed(1)}×</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="quiet small">
        × how many times as long as recurra.{" "}
        {results.some(({ note }) => note === "reset_after=false") && "¹ reset_after=false."}
      </p>
    </section>
  );
}

/** A table for a bug report or a chat. */
function asText(results: readonly Result[]): string {
  const rows = WORKLOADS.flatMap(({ name }) => {
    const cells = NAMES.map((who) => {
      const found = results.find(({ workload, contestant }) => workload === name && contestant === who);
      return found?.seconds ? duration(found.seconds) : (found?.note ?? null);
    });
    return cells.some((cell) => cell !== null) ? [`| ${name} | ${cells.map((cell) => cell ?? "–").join(" | ")} |`] : [];
  });
  const head = `| | ${NAMES.map((name) => CONTESTANTS[name].title).join(" | ")} |`;
  const where = `${navigator.userAgent}, ${runtime().build} build, ${new Date().toISOString().slice(0, 10)}`;
  return [head, `|---|${NAMES.map(() => "---:|").join("")}`, ...rows, "", where].join("\n");
}
