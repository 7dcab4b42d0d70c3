/** The charts, by Vega-Lite, as SVG and as PNG. */

import { writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import { parse, View } from "vega";
import { compile } from "vega-lite";

const CONFIG = {
  background: "white",
  font: "DejaVu Sans, Verdana, sans-serif",
  axis: { labelFontSize: 12, titleFontSize: 12, gridColor: "#ddd" },
  legend: { labelFontSize: 12, titleFontSize: 12, labelLimit: 260 },
  title: { fontSize: 15, anchor: "start" },
};

/** Draws a chart into PATH.svg and PATH.png. */
export async function draw(path, spec) {
  const { spec: described } = compile({ ...spec, config: CONFIG });
  const svg = await new View(parse(described), { renderer: "none" }).toSVG();
  writeFileSync(`${path}.svg`, `${svg}\n`);
  const png = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: { defaultFontFamily: "DejaVu Sans" },
  }).render();
  writeFileSync(`${path}.png`, png.asPng());
}

/**
 * Seconds of each library over those of recurra.
 *
 * @param points `{ workload, library, ratio }`, workloads in order of appearance.
 */
export function speedChart(title, points) {
  const order = [...new Set(points.map(({ workload }) => workload))];
  const x = { field: "ratio", type: "quantitative", scale: { type: "log" }, title: "time, as a multiple of recurra's" };
  return {
    title,
    width: 640,
    height: 26 * order.length,
    data: { values: points },
    layer: [
      { mark: { type: "rule", color: "#222", strokeWidth: 2 }, encoding: { x: { datum: 1 } } },
      {
        mark: { type: "point", filled: true, size: 90, opacity: 0.9 },
        encoding: {
          x,
          y: { field: "workload", type: "nominal", sort: order, title: null },
          color: { field: "library", type: "nominal", title: null, scale: { scheme: "category10" } },
          shape: { field: "library", type: "nominal", title: null },
        },
      },
    ],
  };
}

/**
 * GFLOP/s over flops for each byte of weights, beneath what processor and caches allow.
 *
 * @param points `{ name, intensity, gflops }`
 * @param roofs `{ roof, intensity, gflops }`: the ends of the lines.
 */
export function rooflineChart(title, points, roofs) {
  const x = {
    field: "intensity",
    type: "quantitative",
    scale: { type: "log" },
    title: "floating-point operations for each byte of weights (half the batch)",
  };
  const domain = [10, 1.15 * Math.max(...roofs.map(({ gflops }) => gflops))];
  const y = { field: "gflops", type: "quantitative", scale: { type: "log", domain }, title: "GFLOP/s" };
  return {
    title,
    width: 640,
    height: 360,
    layer: [
      {
        data: { values: roofs },
        mark: { type: "line", strokeDash: [6, 4], clip: true },
        encoding: { x, y, color: { field: "roof", type: "nominal", title: null } },
      },
      { data: { values: points }, mark: { type: "point", filled: true, size: 70, color: "#333" }, encoding: { x, y } },
      {
        data: { values: spread(points) },
        mark: { type: "text", dx: 8, align: "left", fontSize: 11 },
        encoding: { x, y, text: { field: "name" } },
      },
    ],
  };
}

/** Least ratio of two names above each other: the height of a line on the axis of GFLOP/s. */
const LINE = 1.08;

/** Where the names stand: beside their points, and below the name of a point that is too near. */
function spread(points) {
  const lowest = new Map();
  const fromTop = [...points].sort((a, b) => b.gflops - a.gflops);
  return fromTop.map((point) => {
    const gflops = Math.min(point.gflops, (lowest.get(point.intensity) ?? Number.POSITIVE_INFINITY) / LINE);
    lowest.set(point.intensity, gflops);
    return { ...point, gflops };
  });
}
