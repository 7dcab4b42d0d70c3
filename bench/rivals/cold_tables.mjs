/** The tables of bench/results/cold.json. */

import { table, time, timed } from "./figures.mjs";

/** Of every contestant: its start, its memory and its download. */
export function coldStart(cold, sizes, rivals) {
  const memory = (name) => {
    const one = rivals.find(([workload]) => workload === "L1")?.[1];
    const bytes = one && timed(one).find((result) => result.name === name && result.run !== "chromium")?.peakMemory;
    return bytes ? `${(bytes / 1e6).toFixed(0)} MB` : "–";
  };
  const engines = Object.keys(cold);
  const names = [...new Set(engines.flatMap((engine) => cold[engine].results.map(({ name }) => name)))];
  const rows = names.map((name) => [
    name,
    ...engines.map((engine) => {
      const found = cold[engine].results.find((result) => result.name === name);
      return found ? `${found.moreThanEmpty.toFixed(1)} ms` : "–";
    }),
    memory(name),
    sizes[name] ? `${(sizes[name] / 1000).toFixed(0)} kB` : "–",
  ]);
  const head = [
    "",
    ...engines.map((engine) => `cold start, Node ${engine.slice(1)}`),
    "peak memory, L1",
    "download, gzipped",
  ];
  return table(head, rows);
}

const PARTS = {
  find: "find and read the files",
  parse: "parse them",
  evaluate: "evaluate them",
  make: "make and build the layer, its weights given",
  kernels: "compile and instantiate the kernels",
  first: "plan, pack the weights, a hundred timesteps",
};

/** Where the time of a start goes. */
export function coldParts(cold) {
  const engines = Object.entries(cold).filter(([, { parts }]) => parts);
  if (engines.length === 0) return "Not measured.";
  const columns = engines.flatMap(([, { parts }]) => [parts.library, parts.bundle, parts.hand]);
  const ms = (value) => (value === undefined ? "–" : `${value.toFixed(1)} ms`);
  const rows = Object.entries(PARTS).map(([part, what]) => [what, ...columns.map((one) => ms(one[part]))]);
  const sum = (one) => Object.keys(PARTS).reduce((all, part) => all + (one[part] ?? 0), 0);
  rows.push(["together", ...columns.map((one) => ms(sum(one)))]);
  const head = engines.flatMap(([engine]) => [
    `Node ${engine.slice(1)}: the library`,
    "bundled",
    "the kernels by hand",
  ]);
  const bytes = engines.map(([, { parts }]) => `${(parts.bundle.bytes / 1000).toFixed(0)} kB`);
  return `${table(["", ...head], rows)}\n\nThe bundle: esbuild for Node, minified, ${[...new Set(bytes)].join(", ")}.`;
}

/** What a warm-up is good for. */
export function warmups(cold) {
  const rows = Object.entries(cold).flatMap(([engine, { warmups = [] }]) =>
    warmups.map(({ workload, first, next, later }) => [
      workload,
      `Node ${engine.slice(1)}`,
      ...[first, next, later].map(time),
    ]),
  );
  return table(["", "", "first call", "after `warmup`", "two seconds later"], rows);
}
