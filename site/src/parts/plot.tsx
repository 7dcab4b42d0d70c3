/** Charts by Observable Plot, which is loaded when the first one is drawn. */

import type * as PlotModule from "@observablehq/plot";
import { useEffect, useRef, useState } from "preact/hooks";
import { useTheme } from "../theme";

type Options = PlotModule.PlotOptions;

interface PlotProps {
  /** What a screen reader says for the chart. */
  readonly label: string;
  readonly height?: number;
  readonly draw: (plot: typeof PlotModule, width: number) => Options;
  /** Draw again when one of these changes. */
  readonly deps: readonly unknown[];
}

export function Plot({ label, height = 220, draw, deps }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const theme = useTheme();
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    let stale = width === 0;
    void import("@observablehq/plot").then((plot) => {
      if (stale || !frame.current) return;
      const chart = plot.plot({
        width,
        height,
        style: { background: "transparent", fontSize: "12px" },
        ...draw(plot, width),
      });
      // Names of groups, where no reader looks for names; the chart has one.
      for (const group of chart.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", label);
      frame.current.replaceChildren(chart);
    });
    return () => {
      stale = true;
    };
  }, [width, theme, label, height, ...deps]);
  return <div class="plot" ref={frame} style={{ minHeight: `${height}px` }} />;
}
