/** A model as boxes and arrows, laid out by dagre. */

import { useEffect, useState } from "preact/hooks";
import type { GraphNode, Picture } from "../model/describe";

/** More than this is no picture any more. */
const MOST = 160;

interface Box extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Arrow {
  readonly path: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

async function arranged({ nodes, edges }: Picture): Promise<Layout> {
  const dagre = await import("@dagrejs/dagre");
  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 36, ranksep: 46, marginx: 4, marginy: 4 });
  const size = ({ title, kind }: GraphNode) => ({
    width: Math.max(118, 8.4 * Math.max(title.length, kind.length) + 28),
    height: 52,
  });
  for (const node of nodes) graph.setNode(node.id, size(node));
  edges.forEach(({ from, to, label }, k) => {
    graph.setEdge(
      from,
      to,
      { width: label ? 7 * label.length + 12 : 0, height: label ? 16 : 0, labelpos: "c" },
      `e${k}`,
    );
  });
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxes = nodes.map((node) => ({ ...node, ...(graph.node(node.id) as Omit<Box, keyof GraphNode>) }));
  const arrows = edges.map(({ from, to, label }, k) => {
    const {
      points,
      x = 0,
      y = 0,
    } = graph.edge({ v: from, w: to, name: `e${k}` }) as { points: { x: number; y: number }[]; x?: number; y?: number };
    return { path: smooth(points), label, x, y };
  });
  return { width, height, boxes, arrows };
}

/** A line through points, with rounded corners. */
function smooth(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points as [{ x: number; y: number }, ...{ x: number; y: number }[]];
  const middle = rest.slice(0, -1).map((p, k) => {
    const next = rest[k + 1] as { x: number; y: number };
    return `Q${p.x},${p.y} ${(p.x + next.x) / 2},${(p.y + next.y) / 2}`;
  });
  const last = rest.at(-1) as { x: number; y: number };
  return `M${first.x},${first.y} ${middle.join(" ")} L${last.x},${last.y}`;
}

export function GraphPicture({ picture }: { picture: Picture }) {
  const [layout, set] = useState<Layout | null>(null);
  const many = picture.nodes.length > MOST;
  useEffect(() => {
    let stale = many;
    if (!many) void arranged(picture).then((made) => !stale && set(made));
    return () => {
      stale = true;
    };
  }, [picture, many]);
  if (many) return <p class="quiet">{picture.nodes.length} nodes are too many for a picture; the table lists them.</p>;
  if (!layout) return <p class="quiet">Drawing…</p>;
  const { width, height, boxes, arrows } = layout;
  const spoken = picture.edges.map(({ from, to }) => {
    const title = (id: string) => picture.nodes.find((node) => node.id === id)?.title;
    return `${title(from)} to ${title(to)}`;
  });
  return (
    <div class="graph">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Picture of the graph">
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`Graph: ${spoken.join("; ")}`}
        >
          <defs>
            <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0,0.5 L7.5,4 L0,7.5 Z" class="tip" />
            </marker>
          </defs>
          {arrows.map(({ path, label, x, y }) => (
            <g key={path}>
              <path d={path} class="arrow" marker-end="url(#tip)" />
              {label && (
                <text x={x} y={y + 4} class="flow" text-anchor="middle">
                  {label}
                </text>
              )}
            </g>
          ))}
          {boxes.map(({ id, x, y, width: w, height: h, title, kind, role }) => (
            <g key={id} class={`box ${role} ${/RNN|LSTM|GRU|Bidirectional/.test(kind) ? "recurrent" : ""}`}>
              <rect x={x - w / 2} y={y - h / 2} width={w} height={h} rx={role === "layer" ? 8 : 26} />
              <text x={x} y={y - 3} text-anchor="middle" class="title">
                {title}
              </text>
              <text x={x} y={y + 15} text-anchor="middle" class="kind">
                {kind}
              </text>
            </g>
          ))}
        </svg>
      </section>
    </div>
  );
}
