/**
 * Writes tables and charts from bench/results into README.md and docs/performance.md, between their markers: whoever
 * wants other figures measures again. Usage: npm run bench:report
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { draw, rooflineChart, speedChart } from "./charts.mjs";
import { coldParts, coldStart, warmups } from "./cold_tables.mjs";
import { besides, between, geometricMean, table, time, timed } from "./figures.mjs";
import { rooflinePoints, speedPoints } from "./points.mjs";
import { savings } from "./savings.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const results = (name) => {
  const file = join(root, `bench/results/${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
};
const known = JSON.parse(readFileSync(join(root, "bench/workloads.json"), "utf8"));
const inOrder = (all) =>
  Object.keys(known).flatMap((name) => (all?.workloads[name] ? [[name, all.workloads[name]]] : []));
const rivals = inOrder(results("rivals"));
const oldest = inOrder(results("rivals-node20"));
const suites = { current: results("node-24"), oldest: results("node-20") };
const cold = results("cold") ?? {};
const RUNS = { node: "Node", chromium: "Chromium", native: "native" };
const percent = (share) => (share === undefined ? "" : `${(100 * share).toFixed(0)} %`);

/** One line of conditions: figures mean nothing without them. */
function conditions(described) {
  const all = described.map(([, one]) => one);
  const distinct = (pick) => [...new Set(all.flatMap(pick))].filter(Boolean).sort().join(", ");
  const engines = distinct(({ results: r }) =>
    timed({ results: r }).map(({ run, version }) => run !== "python" && version),
  );
  const [cpu, commit, date] = ["cpu", "commit", "date"].map((key) => distinct((one) => one[key]));
  return `${cpu}, one pinned core, one thread; ${engines.replaceAll(/(^|, )v/g, "$1Node ")}; at ${commit}; ${date}.`;
}

function summary() {
  const cells = (found) =>
    found ? [`${found.rival.name}, ${time(found.rival.median)}`, `**${found.ratio.toFixed(2)}×**`] : ["", ""];
  const rows = rivals.map(([name, workload]) => {
    const [page, native] = [besides(workload, "chromium"), besides(workload, "native")];
    const wide = besides(workload, "native", { joined: true });
    return [
      name,
      page ? time(page.own.median) : "",
      ...cells(page),
      native ? time(native.own.median) : "",
      ...cells(native),
      ...(wide ? [time(wide.own.median), `**${wide.ratio.toFixed(2)}×**`] : ["", ""]),
    ];
  });
  const mean = (...where) =>
    `**${geometricMean(rivals.map(([, one]) => besides(one, ...where)?.ratio).filter(Boolean)).toFixed(2)}×**`;
  const native = mean("native");
  rows.push(["geometric mean", "", "", mean("chromium"), "", "", native, "", mean("native", { joined: true })]);
  const head = [
    "",
    "recurra in Chromium",
    "fastest other in Chromium",
    "",
    "recurra in Node",
    "fastest native library",
    "",
    "recurra's wide build",
    "",
  ];
  return `${table(head, rows)}\n\nA ratio above 1 means that recurra is faster. ${conditions(rivals)}`;
}

/** Every contestant on every workload, in one kind of run. */
function everything(described, run) {
  const of = ([, one]) => timed(one).filter((r) => (run === "native" ? r.native : r.run === run && !r.native));
  const names = [...new Set(described.flatMap((one) => of(one).map(({ name }) => name)))];
  const rows = described.map((one) => {
    const cell = (name) => {
      const found = of(one).find((result) => result.name === name);
      return found ? `${time(found.median)} ±${percent(found.spread / 2).replace(" ", "\u00a0")}` : "–";
    };
    return [one[0], ...names.map(cell)];
  });
  return table(["", ...names], rows);
}

function missing() {
  const all = rivals.flatMap(([name, one]) => one.results.filter((r) => r.skipped).map((r) => [name, r]));
  if (all.length === 0) return "Nothing was left out.";
  const told = all.map(([workload, { name, run, skipped }]) => `${name} (${run}) at ${workload}: ${skipped}`);
  return `Left out: ${told.join("; ")}.`;
}

function rooflines() {
  return Object.values(suites)
    .filter(Boolean)
    .flatMap((one) => Object.values(one))
    .filter(({ suite }) => suite !== "throughput" && suite !== "savings")
    .map((suite) => {
      const rows = suite.rows.map((row) => [
        row.name,
        row.what,
        time(row.median),
        row.gflops === undefined ? "" : row.gflops.toFixed(1),
        percent(row.ofRoofline),
        row.gbps === undefined
          ? ""
          : `${row.gbps.toFixed(1)} GB/s ${row.ofBandwidth ? `(${percent(row.ofBandwidth)} of bandwidth)` : ""}`,
      ]);
      const roof = `roofline ${suite.roofline.toFixed(1)} GFLOP/s`;
      const head = `**${suite.suite}, ${suite.build} build**, ${suite.engine}: ${roof} (at ${suite.commit})`;
      return `${head}\n\n${table(["", "", "median", "GFLOP/s", "of roofline", "memory"], rows)}`;
    })
    .join("\n\n");
}

/** Layers in each engine, as shares of the roofline that the same engine reached in the same minute. */
function engines() {
  const told = results("engines");
  if (!told) return "Not measured.";
  const all = Object.entries(told.engines);
  const names = Object.keys(all[0][1].layers);
  const rows = all.map(([name, { version, build, roofline, layers }]) => [
    `${name} ${/[\d.]+/.exec(version)[0]}`,
    build,
    `${roofline.toFixed(1)} GFLOP/s`,
    ...names.map((layer) => percent(layers[layer].share)),
  ]);
  return `${table(["", "build", "roofline", ...names], rows)}\n\n${told.processor}; ${told.date}.`;
}

/** The wide build beside the relaxed one, and beside the others with V8's flag. */
function wide() {
  const times = (ratio) => `${ratio.toFixed(2)}×`;
  const rows = rivals.flatMap(([name, one]) => {
    const [plain, joined] = [besides(one, "node"), besides(one, "node", { joined: true })];
    if (!plain || !joined) return [];
    const gain = times(plain.own.median / joined.own.median);
    const { name: rival, median } = joined.rival;
    const other = `${rival.replace(/,.*/, "")}, ${time(median)}`;
    return [[name, time(plain.own.median), time(joined.own.median), gain, other, times(joined.ratio)]];
  });
  return table(["", "relaxed build", "wide build", "gain", "fastest other with the flag", ""], rows);
}

function onOldest() {
  const rows = oldest.flatMap(([name, one]) => {
    const found = besides(one, "node");
    return found
      ? [
          [
            name,
            time(found.own.median),
            `${found.rival.name}, ${time(found.rival.median)}`,
            `${found.ratio.toFixed(2)}×`,
          ],
        ]
      : [];
  });
  return `${table(["", "recurra", "fastest other", ""], rows)}\n\n${conditions(oldest)}`;
}

/** From the navigation to the number in a fresh page. */
function firstPrediction() {
  const told = results("first");
  if (!told) return "Not measured.";
  const { line, workload, rounds, cpu, engine, commit, date } = told;
  const ms = (value) => `${value.toFixed(0)} ms`;
  const rows = told.results.map((one) => [one.name, ms(one.local), ms(one.line)]);
  const slower = `over ${line.megabits} Mbit/s, ${line.latency} ms there and back`;
  const conditions = `${workload}, medians of ${rounds} fresh profiles; ${cpu}; ${engine}; at ${commit}; ${date}.`;
  return `${table(["", "server on the same machine", slower], rows)}\n\n${conditions}`;
}

function write(file, parts) {
  const path = join(root, file);
  let text = readFileSync(path, "utf8");
  for (const [name, content] of Object.entries(parts)) text = between(text, name, content);
  writeFileSync(path, text);
  console.log(`${file}: ${Object.keys(parts).join(", ")}`);
}

mkdirSync(join(root, "docs/charts"), { recursive: true });
await draw(join(root, "docs/charts/speed"), speedChart("Time for one call, one thread", speedPoints(rivals)));
const roofline = rooflinePoints(known, suites.current?.["layers, relaxed"], suites.current?.["kernels, relaxed"]);
if (roofline)
  await draw(
    join(root, "docs/charts/roofline"),
    rooflineChart("Layers beneath their roofs (relaxed build, Node 24)", roofline.points, roofline.roofs),
  );
const saved = [suites.current?.["savings, relaxed"], suites.oldest?.["savings, baseline"]].filter(Boolean);
write("README.md", { "bench:summary": summary(), "bench:first": firstPrediction(), "bench:savings": savings(saved) });
write("docs/performance.md", {
  "bench:chromium": `${RUNS.chromium}\n\n${everything(rivals, "chromium")}`,
  "bench:node": `${RUNS.node}\n\n${everything(rivals, "node")}`,
  "bench:native": `Native, one thread\n\n${everything(rivals, "native")}\n\n${missing()} ${conditions(rivals)}`,
  "bench:oldest": onOldest(),
  "bench:rooflines": rooflines(),
  "bench:engines": engines(),
  "bench:wide": wide(),
  "bench:cold": coldStart(cold, results("sizes") ?? {}, rivals),
  "bench:parts": coldParts(cold),
  "bench:first": firstPrediction(),
  "bench:warm": warmups(cold),
});
