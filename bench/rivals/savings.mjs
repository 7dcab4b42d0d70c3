/** The table of what whole models save. */
import { table, time } from "./figures.mjs";

/** What is told: the way, what it is compared with, and what the row is called. */
const PADDED = [1, 4, 32, 64].flatMap((batch) =>
  ["LSTM", "GRU"].map((kind) => [`${kind} B${batch}, half padding`, `${kind} B${batch}, no padding`]),
);
const SHARES = [...["E2E1", "E2E64"].map((name) => [`${name}, with its table`, `${name}, without a table`]), ...PADDED];
const TIMES = [1, 64].flatMap((count) => {
  const name = `predict, ${count} ${count === 1 ? "number" : "numbers"}`;
  return [`${name}, into \`out\``, `${name}, new`];
});

/** @param suites What `npm run bench savings` found, one for each engine and build. */
export function savings(suites) {
  const median = ({ rows }, name) => rows.find((row) => row.name === name).median;
  const shares = SHARES.map(([way, other]) => [
    `${way}: time beside ${other.split(", ")[1]}`,
    ...suites.map((suite) => (median(suite, way) / median(suite, other)).toFixed(2)),
  ]);
  const times = TIMES.map((name) => [name, ...suites.map((suite) => time(median(suite, name)))]);
  const head = suites.map(({ engine, build }) => `${engine}, ${build} build`);
  const [{ cpu, date }] = suites;
  const commits = [...new Set(suites.map(({ commit }) => commit))].join(", ");
  return `${table(["", ...head], [...shares, ...times])}\n\n${cpu}; at ${commits}; ${date}.`;
}
