/** What the charts show, taken from the files of results. */

import { timed } from "./figures.mjs";

/** Of each workload and library the time as a multiple of recurra's; `rivals`: pairs of workload and results. */
export function speedPoints(rivals) {
  return rivals.flatMap(([workload, one]) => {
    const own = timed(one, "chromium").find(({ name }) => name === "recurra");
    const base = own ?? timed(one, "node").find(({ name }) => name === "recurra");
    return timed(one)
      .filter(({ name, run, native }) => !name.startsWith("recurra") && (native || run === "chromium"))
      .map(({ name, median }) => ({ workload, library: name, ratio: median / base.median }));
  });
}

/** Layers beneath their roofs: what the suites of layers and of kernels found; undefined without both. */
export function rooflinePoints(workloads, layers, kernels) {
  if (!layers || !kernels) return undefined;
  const points = layers.rows.flatMap(({ name, gflops }) =>
    workloads[name] ? [{ name, gflops, intensity: workloads[name].batch / 2 }] : [],
  );
  const lines = kernels.rows
    .filter(({ what }) => what === "reading")
    .flatMap(({ name, gbps }) =>
      [0.4, layers.roofline / gbps].map((x) => ({
        roof: `reading ${name}`,
        intensity: x,
        gflops: x * gbps,
      })),
    );
  const flat = [0.4, 40].map((x) => ({ roof: "multiply-adds in registers", intensity: x, gflops: layers.roofline }));
  return { points, roofs: [...flat, ...lines] };
}
