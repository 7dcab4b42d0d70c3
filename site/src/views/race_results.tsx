/** What came of a race, as a chart and as a table. */

import { duration } from "../numbers";
import { Plot } from "../parts/plot";
import { CONTESTANT_NAMES, CONTESTANTS, type ContestantName } from "../race/contestant";
import type { Result } from "../race/race";
import { WORKLOADS } from "../race/workloads";

const COLOURS = { recurra: "var(--warm)", onnx: "var(--cool)", tfjs: "var(--soft)" };

/** Powers of ten of microseconds: `100 µs`, `10 ms`. */
function roundDuration(micros: number): string {
  if (micros < 1000) return `${micros} µs`;
  return micros < 1e6 ? `${micros / 1000} ms` : `${micros / 1e6} s`;
}

/** A dot a contestant and workload, on a logarithmic scale. */
export function RaceChart({ results, names }: { results: readonly Result[]; names: readonly string[] }) {
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
        height={86 + 34 * names.length}
        deps={[results]}
        draw={(plot, width) => ({
          marginLeft: 56,
          marginRight: 16,
          marginBottom: 46,
          insetLeft: 10,
          insetRight: 10,
          x: {
            type: "log",
            label: "per call",
            labelOffset: 42,
            grid: true,
            ticks: width < 500 ? 3 : 6,
            tickFormat: roundDuration,
          },
          y: { label: null, domain: names, tickSize: 0 },
          color: {
            legend: true,
            domain: CONTESTANT_NAMES.map((name) => CONTESTANTS[name].title),
            range: CONTESTANT_NAMES.map((name) => COLOURS[name]),
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

/** The same as numbers. */
export function RaceTable({ results }: { results: readonly Result[] }) {
  const rows = WORKLOADS.filter(({ name }) => results.some(({ workload }) => workload === name));
  return (
    <section class="sheet" aria-label="Results as a table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Results as a table, which scrolls sideways">
        <table data-testid="race-table">
          <thead>
            <tr>
              <th scope="col">Workload</th>
              {CONTESTANT_NAMES.map((name) => (
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
                {CONTESTANT_NAMES.map((who) => {
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
