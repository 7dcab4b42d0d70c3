/** What the report says, taken from the files of results. */

/** Contestants of a workload that were timed in a run (`node`, `chromium`, `python`), by name. */
export function timed({ results }, run) {
  return results.filter((result) => !result.skipped && (!run || result.run === run));
}

const fastest = (results) => results.reduce((best, one) => (best && best.median <= one.median ? best : one), undefined);

/** Contestants of a name like this run where V8 joins vectors. */
const isJoined = ({ name }) => /, (wide|joined)$/.test(name);

/** recurra beside the fastest of the others, in a run or among the native ones; `joined`: where V8 joins vectors. */
export function besides(workload, run, { joined = false } = {}) {
  const wanted = joined ? "recurra, wide" : "recurra";
  const own = timed(workload, run === "native" ? "node" : run).find(({ name }) => name === wanted);
  const others = timed(workload, run === "native" ? undefined : run).filter((one) => {
    return !one.name.startsWith("recurra") && (run === "native" ? one.native : !one.native && isJoined(one) === joined);
  });
  const rival = fastest(others);
  return own && rival && { own, rival, ratio: rival.median / own.median };
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function time(seconds) {
  const digits = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0));
  if (seconds < 1e-3) return `${digits(seconds * 1e6)} µs`;
  return seconds < 1 ? `${digits(seconds * 1e3)} ms` : `${digits(seconds)} s`;
}

/** Lines of a Markdown table. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** The text between `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
export function between(text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`report: expected ${open} … ${close}, found none`);
  return `${text.slice(0, from + open.length)}\n${content}\n${text.slice(to)}`;
}
